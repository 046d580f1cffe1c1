"""What kind of thing a charge pays for. What is not known is `other`, never compute."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from analysis.services import service_key


class Category(StrEnum):
    """The kinds of cost that reports tell apart."""

    COMPUTE = "compute"
    STORAGE = "storage"
    NETWORK = "network"
    DATABASE = "database"
    CACHE = "cache"
    MONITORING = "monitoring"
    OTHER = "other"


#: Usage types that say more than their service does: NAT gateways and volumes are billed under EC2.
_BY_USAGE: tuple[tuple[re.Pattern[str], Category], ...] = (
    (
        re.compile(
            r"NatGateway|DataTransfer|-AWS-(?:In|Out)-Bytes|ElasticIP|PublicIPv4|VpcEndpoint|VpcPeering"
            r"|LoadBalancerUsage|LCUUsage|TransitGateway|In-Bytes$|Out-Bytes$"
            r"|(?i:NAT gateway|data transfer|public IPv4)"
        ),
        Category.NETWORK,
    ),
    (re.compile(r"(?:^|-)EBS:|Managed Disks"), Category.STORAGE),
    (
        re.compile(r"(?:BoxUsage|SpotUsage|DedicatedUsage|HostUsage|UnusedBox|UnusedDed|CPUCredits)(?::|$)"),
        Category.COMPUTE,
    ),
    (re.compile(r"(?:^|-)CW:"), Category.MONITORING),
)

#: What EC2 alone means by these words: the second half are sentences of exports that have no usage types.
_BY_USAGE_OF_EC2: tuple[tuple[re.Pattern[str], Category], ...] = (
    (re.compile(r"HeavyUsage|EBSOptimized|(?i:instance[- ]hour|dedicated host)"), Category.COMPUTE),
    (re.compile(r"(?i:provisioned (?:storage|IOPS|MiBps)|MiBps-mo|IOPS-mo|snapshot)"), Category.STORAGE),
)

_BY_SERVICE: dict[str, Category] = {
    **dict.fromkeys(("lambda", "ecs", "eks", "rosa", "aks", "virtual-machines", "virtual-machine-scale-sets",
                     "compute-engine", "lightsail", "app-runner", "batch"), Category.COMPUTE),
    **dict.fromkeys(("s3", "efs", "fsx", "ecr", "backup", "storage-accounts", "block-storage", "object-storage",
                     "cloud-storage", "glacier", "storage-gateway"), Category.STORAGE),
    **dict.fromkeys(("vpc", "elb", "cloudfront", "route53", "datatransfer", "directconnect", "transitgateway",
                     "apigateway", "network", "bandwidth", "virtual-network", "load-balancer", "network-firewall",
                     "global-accelerator"), Category.NETWORK),
    **dict.fromkeys(("rds", "dynamodb", "redshift", "opensearch", "azure-db-for-mysql", "cloud-sql", "database",
                     "documentdb-with-mongodb-compatibility", "neptune", "timestream", "keyspaces-for-apache-cassandra",
                     ), Category.DATABASE),
    **dict.fromkeys(("elasticache", "memorydb"), Category.CACHE),
    **dict.fromkeys(("cloudwatch", "cloudtrail", "x-ray", "managed-service-for-prometheus", "managed-grafana"),
                    Category.MONITORING),
}  # fmt: skip

#: Services whose own name does not say what a line is: only the usage type does.
_MIXED = frozenset({"ec2"})


@cache
def category(service_name: str | None, usage_type: str | None = None) -> Category:
    """The kind of a charge.

    Args:
        service_name: as the bill spells it, or a canonical key.
        usage_type: as the bill spells it; without one, EC2's compute line is compute and its mixed lines are other.
    """
    key = service_key(service_name)
    if key in ("tax", "support", "unknown"):
        return Category.OTHER
    if usage_type:
        for pattern, kind in (*_BY_USAGE, *(_BY_USAGE_OF_EC2 if key in _MIXED else ())):
            if pattern.search(usage_type):
                return kind
    if key in _MIXED:
        is_compute_line = (service_name or "").endswith(("- Compute", "- Instances"))
        return Category.COMPUTE if is_compute_line else Category.OTHER
    return _BY_SERVICE.get(key, Category.OTHER)
