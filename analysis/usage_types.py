"""What an AWS usage type says in words: `EUW1-NatGateway-Bytes` is "eu-west-1 NAT gateway traffic"."""

from __future__ import annotations

import re

#: Prefix of a usage type and its region (AWS: "Region billing codes"); us-east-1 mostly has none.
REGIONS: dict[str, str] = {
    "USE1": "us-east-1", "USE2": "us-east-2", "USW1": "us-west-1", "USW2": "us-west-2", "CAN1": "ca-central-1",
    "EU": "eu-west-1", "EUW1": "eu-west-1", "EUW2": "eu-west-2", "EUW3": "eu-west-3", "EUC1": "eu-central-1",
    "EUC2": "eu-central-2", "EUN1": "eu-north-1", "EUS1": "eu-south-1", "EUS2": "eu-south-2",
    "APN1": "ap-northeast-1", "APN2": "ap-northeast-2", "APN3": "ap-northeast-3", "APS1": "ap-southeast-1",
    "APS2": "ap-southeast-2", "APS3": "ap-south-1", "APS4": "ap-southeast-3", "APS5": "ap-south-2",
    "APS6": "ap-southeast-4", "APE1": "ap-east-1", "SAE1": "sa-east-1", "MES1": "me-south-1", "MEC1": "me-central-1",
    "AFS1": "af-south-1", "CPT": "af-south-1", "ILC1": "il-central-1",
}  # fmt: skip

WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^NatGateway-Hours$", "NAT gateway hours"),
        (r"^NatGateway-Bytes$", "NAT gateway traffic"),
        (r"^(?:BoxUsage|HeavyUsage|UnusedBox):(?P<x>.+)$", "{x} instances"),
        (r"^BoxUsage$", "m1.small instances"),
        (r"^SpotUsage:(?P<x>.+)$", "{x} spot instances"),
        (r"^EBS:VolumeUsage\.(?P<x>.+)$", "{x} volumes"),
        (r"^EBS:VolumeUsage$", "magnetic volumes"),
        (r"^EBS:VolumeP-IOPS\.(?P<x>.+)$", "{x} IOPS"),
        (r"^EBS:VolumeP-Throughput\.(?P<x>.+)$", "{x} throughput"),
        (r"^EBS:SnapshotUsage", "EBS snapshots"),
        (r"^ElasticIP:|^PublicIPv4:Idle", "idle public addresses"),
        (r"^PublicIPv4:", "public addresses"),
        (r"^DataTransfer-Regional-Bytes$", "traffic between zones"),
        (r"^DataTransfer-Out-Bytes$", "traffic to the internet"),
        (r"AWS-(?:Out|In)-Bytes$", "traffic between regions"),
        (r"^(?:InstanceUsage|Multi-AZUsage):(?P<x>.+)$", "{x} databases"),
        (r"^NodeUsage:(?P<x>.+)$", "{x} cache nodes"),
        (r"^LoadBalancerUsage$", "load balancer hours"),
        (r"^LCUUsage$", "load balancer capacity units"),
        (r"^Lambda-GB-Second(?P<x>.*)$", "Lambda run time"),
        (r"^DataProcessing-Bytes$", "log ingestion"),
        (r"^TimedStorage-ByteHrs$", "storage"),
        (r"^TimedStorage-SIA-ByteHrs$", "storage in Standard-IA"),
        (r"^Requests-Tier(?P<x>\d)$", "requests of tier {x}"),
    )
)

#: Some exports name a charge by a sentence that starts with its price.
PRICED = re.compile(r"^\$[\d.,]+ (?:per )?")

#: Kinds of usage that are always in a region: without a prefix they are in us-east-1.
_REGIONAL = re.compile(
    r"^(?:NatGateway|BoxUsage|SpotUsage|EBS:|ElasticIP|PublicIPv4|DataTransfer-|InstanceUsage|NodeUsage)"
)


def usage_region(usage_type: str) -> str | None:
    """The region in a usage type; None where it names none."""
    prefix, dash, _ = usage_type.partition("-")
    if dash and prefix in REGIONS:
        return REGIONS[prefix]
    return "us-east-1" if _REGIONAL.match(usage_type) else None


def usage_words(usage_type: str) -> str:
    """A usage type in words, with its region in front where it has one; as it stands where it is not known."""
    prefix, dash, rest = usage_type.partition("-")
    kind = rest if dash and prefix in REGIONS else usage_type
    region = usage_region(usage_type)
    for pattern, words in WORDS:
        match = pattern.search(kind)
        if match:
            text = words.format(**match.groupdict())
            return f"{region} {text}" if region else text
    if region and kind != usage_type:
        return f"{region} {kind}"
    return PRICED.sub("", usage_type)
