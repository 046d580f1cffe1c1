"""One canonical key per cloud service, for every source's spelling and for what people type.

Cost Explorer splits EC2 into `Amazon Elastic Compute Cloud - Compute` and `EC2 - Other`, a FOCUS export has one
`Amazon Elastic Compute Cloud`; all three are `ec2` here. A service without an entry keeps a slug of its own name, so
that nothing is ever folded into a service it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

#: Characters of a key that a sentence shows; an export may call a service anything.
MAX_KEY = 40

#: key: (label, names on bills, other words people type)
SERVICES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ec2": (
        "EC2",
        (
            "Amazon Elastic Compute Cloud - Compute",
            "EC2 - Other",
            "Amazon Elastic Compute Cloud",
            "AmazonEC2",
            "EC2 - Instances",
        ),
        ("instances", "ec2-other", "elastic-compute-cloud"),
    ),
    "s3": ("S3", ("Amazon Simple Storage Service", "AmazonS3"), ("buckets", "simple-storage-service")),
    "rds": ("RDS", ("Amazon Relational Database Service", "AmazonRDS"), ("aurora", "postgres", "mysql", "databases")),
    "elasticache": (
        "ElastiCache",
        ("Amazon ElastiCache", "AmazonElastiCache"),
        ("redis", "valkey", "memcached", "cache"),
    ),
    "dynamodb": ("DynamoDB", ("Amazon DynamoDB", "AmazonDynamoDB"), ("dynamo", "ddb")),
    "lambda": ("Lambda", ("AWS Lambda", "AWSLambda"), ("functions",)),
    "cloudwatch": ("CloudWatch", ("AmazonCloudWatch", "Amazon CloudWatch"), ("logs", "metrics", "cw")),
    "vpc": ("VPC", ("Amazon Virtual Private Cloud", "AmazonVPC"), ("endpoints", "virtual-private-cloud")),
    "elb": (
        "Load Balancing",
        ("Amazon Elastic Load Balancing", "Elastic Load Balancing", "AWSELB"),
        ("alb", "nlb", "load-balancer", "load-balancers"),
    ),
    "cloudfront": ("CloudFront", ("Amazon CloudFront", "AmazonCloudFront"), ("cdn",)),
    "route53": ("Route 53", ("Amazon Route 53", "AmazonRoute53"), ("dns", "route-53")),
    "ecs": ("ECS", ("Amazon Elastic Container Service", "AmazonECS"), ("fargate", "containers")),
    "eks": (
        "EKS",
        ("Amazon Elastic Container Service for Kubernetes", "Amazon Elastic Kubernetes Service", "AmazonEKS"),
        ("kubernetes", "k8s"),
    ),
    "ecr": (
        "ECR",
        ("Amazon EC2 Container Registry (ECR)", "Amazon Elastic Container Registry", "AmazonECR"),
        ("registry",),
    ),
    "efs": ("EFS", ("Amazon Elastic File System", "AmazonEFS"), ("nfs",)),
    "fsx": ("FSx", ("Amazon FSx", "AmazonFSx"), ()),
    "redshift": ("Redshift", ("Amazon Redshift", "AmazonRedshift"), ("warehouse",)),
    "opensearch": (
        "OpenSearch",
        ("Amazon OpenSearch Service", "Amazon Elasticsearch Service", "AmazonES"),
        ("elasticsearch", "es"),
    ),
    "kinesis": ("Kinesis", ("Amazon Kinesis", "AmazonKinesis"), ("streams",)),
    "firehose": ("Firehose", ("Amazon Kinesis Firehose", "Amazon Data Firehose", "AmazonKinesisFirehose"), ()),
    "sqs": ("SQS", ("Amazon Simple Queue Service", "AWSQueueService"), ("queues",)),
    "sns": ("SNS", ("Amazon Simple Notification Service", "AmazonSNS"), ("topics",)),
    "kms": ("KMS", ("AWS Key Management Service", "awskms"), ("keys",)),
    "secretsmanager": ("Secrets Manager", ("AWS Secrets Manager", "AWSSecretsManager"), ("secrets",)),
    "cloudtrail": ("CloudTrail", ("AWS CloudTrail", "AWSCloudTrail"), ("trail",)),
    "config": ("Config", ("AWS Config", "AWSConfig"), ()),
    "guardduty": ("GuardDuty", ("Amazon GuardDuty", "AmazonGuardDuty"), ()),
    "securityhub": ("Security Hub", ("AWS Security Hub", "AWSSecurityHub"), ("security-hub",)),
    "waf": ("WAF", ("AWS WAF", "awswaf"), ("firewall",)),
    "glue": ("Glue", ("AWS Glue", "AWSGlue"), ("etl",)),
    "athena": ("Athena", ("Amazon Athena", "AmazonAthena"), ()),
    "sagemaker": ("SageMaker", ("Amazon SageMaker", "AmazonSageMaker"), ("notebooks",)),
    "bedrock": ("Bedrock", ("Amazon Bedrock", "AmazonBedrock"), ("llm",)),
    "stepfunctions": ("Step Functions", ("AWS Step Functions", "AmazonStates"), ("sfn", "step-functions")),
    "apigateway": ("API Gateway", ("Amazon API Gateway", "AmazonApiGateway"), ("api-gateway",)),
    "systemsmanager": ("Systems Manager", ("AWS Systems Manager", "AWSSystemsManager"), ("ssm",)),
    "costexplorer": ("Cost Explorer", ("AWS Cost Explorer", "AWSCostExplorer"), ("ce", "cost-explorer")),
    "backup": ("Backup", ("AWS Backup", "AWSBackup"), ()),
    "datatransfer": ("Data Transfer", ("AWS Data Transfer", "AWSDataTransfer"), ()),
    "directconnect": ("Direct Connect", ("AWS Direct Connect", "AWSDirectConnect"), ("dx", "direct-connect")),
    "transitgateway": ("Transit Gateway", ("AWS Transit Gateway",), ("tgw", "transit-gateway")),
    "rosa": ("OpenShift (ROSA)", ("Red Hat OpenShift Service on AWS",), ("openshift",)),
    "savingsplans": (
        "Savings Plans",
        ("Savings Plans for AWS Compute usage", "AWS Savings Plans"),
        ("savings-plans", "sp"),
    ),
    "support": (
        "Support",
        (
            "AWS Support (Business)",
            "AWS Support (Developer)",
            "AWS Support (Enterprise)",
            "AWS Premium Support",
            "AWS Support",
        ),
        (),
    ),
    "tax": ("Tax", ("Tax",), ("vat",)),
    "aks": ("Azure Kubernetes", ("Azure Kubernetes Service",), ()),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of services that no bill has a line for; told by its usage types."""

    label: str
    services: tuple[str, ...]
    pattern: str
    words: tuple[str, ...] = ()


PARTS: dict[str, Part] = {
    "ebs": Part("EBS", ("ec2",), r"(?:^|-)EBS:|EBS", ("volumes", "disks")),
    "snapshots": Part("EBS snapshots", ("ec2",), r"EBS:Snapshot|[Ss]napshot", ("snapshot",)),
    "nat": Part(
        "NAT gateways", ("ec2", "vpc"), r"NatGateway|NAT ?[Gg]ateway", ("nat-gateway", "natgateway", "nat-gateways")
    ),
    "ipv4": Part("public IPv4 addresses", ("ec2", "vpc"), r"ElasticIP|PublicIPv4|IPv4", ("eip", "elastic-ip", "ip")),
    "transfer": Part(
        "data transfer", (), r"DataTransfer|-AWS-(?:In|Out)-Bytes|[Dd]ata [Tt]ransfer", ("data-transfer", "egress")
    ),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """The service a person meant.

    `services` are canonical keys (empty: all); `pattern` is a regular expression over usage types where the answer
    is only a part of them. `note` says what the word includes, where that is not obvious.
    """

    key: str
    label: str
    services: tuple[str, ...]
    pattern: str | None = None
    note: str | None = None


class UnknownServiceError(ValueError):
    """No cost is stored of what a person typed.

    `known_as` is the label of a service that exists and has no cost, None where no service is called that; `remedy` is
    a sentence for a person, of canonical keys only.
    """

    def __init__(self, known_as: str | None, remedy: str) -> None:
        super().__init__(f"{known_as or 'an unknown service'}: {remedy}")
        self.known_as = known_as
        self.remedy = remedy


@cache
def service_key(service_name: str | None) -> str:
    """The canonical key of a service as a bill spells it; "unknown" without a name."""
    if not isinstance(service_name, str) or not service_name.strip():
        return "unknown"
    return _keys_by_name().get(_slug(service_name)) or _slug(_without_vendor(service_name)) or "unknown"


def named_service(word: str) -> str:
    """The canonical key that a person means by a word, whether costs of it are stored or not."""
    return _keys_by_word().get(_slug(word)) or service_key(word)


def service_label(service_name: str) -> str:
    """How messages call a service, given a bill's name or a canonical key."""
    entry = SERVICES.get(service_name) or SERVICES.get(service_key(service_name))
    return entry[0] if entry else _without_vendor(service_name).strip()


def resolve(word: str, known: Iterable[str]) -> Selection:
    """The service that `word` means among those that have costs.

    Args:
        word: what a person typed, any case: a key, an alias, a name on the bill or a part such as `nat`.
        known: service names as the stored bills spell them.
    Raises:
        UnknownServiceError: nothing stored is called that; the remedy names what is near.
    """
    names = sorted(set(known))
    stored = {service_key(name): name for name in names}
    typed = _slug(word)
    key = typed if typed in stored else _keys_by_word().get(typed) or service_key(word)
    if key in stored:
        return Selection(key, service_label(stored[key]), (key,), note=_note(key, names))
    part_key = typed if typed in PARTS else next((k for k, part in PARTS.items() if typed in part.words), None)
    if part_key:
        part = PARTS[part_key]
        return Selection(part_key, part.label, part.services, part.pattern, _part_note(part))
    raise _unknown(typed, key, stored)


def _note(key: str, names: list[str]) -> str | None:
    """EC2 is two lines of a Cost Explorer bill; the answer says that it has both."""
    if key != "ec2":
        return None
    if "EC2 - Other" in names:
        return "EC2 here is compute plus “EC2 - Other” (EBS, snapshots, NAT gateways, traffic between zones)."
    return "EC2 here is compute plus EBS, NAT gateways and the other usage that the bill puts under EC2."


def _part_note(part: Part) -> str:
    inside = " and ".join(SERVICES[key][0] for key in part.services) or "all services"
    label = part.label[0].upper() + part.label[1:]
    return f"{label}: told by usage type within {inside}; the bill has no line of its own for it."


def _unknown(typed: str, key: str, stored: dict[str, str]) -> UnknownServiceError:
    if key in SERVICES:
        return UnknownServiceError(SERVICES[key][0], f"Stored services are {_some(stored)}.")
    words = {word: k for word, k in _keys_by_word().items() if k in stored}
    words |= {word: k for k in stored for word in (k, _slug(_without_vendor(stored[k])))} | {k: k for k in PARTS}
    near = dict.fromkeys(words[word] for word in get_close_matches(typed, words, n=3, cutoff=0.6))
    remedy = f"Did you mean {' or '.join(map(_short, near))}?" if near else f"Stored services are {_some(stored)}."
    return UnknownServiceError(None, remedy)


def _some(stored: Iterable[str], most: int = 12) -> str:
    keys = sorted(map(_short, stored))
    more = f" and {len(keys) - most} more" if len(keys) > most else ""
    return (", ".join(keys[:most]) or "none yet") + more


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 1]}…"


@cache
def _keys_by_name() -> dict[str, str]:
    return {_slug(name): key for key, (_, names, _) in SERVICES.items() for name in names}


@cache
def _keys_by_word() -> dict[str, str]:
    typed = {_slug(word): key for key, (label, _, words) in SERVICES.items() for word in (key, label, *words)}
    return {**_keys_by_name(), **typed}


def _without_vendor(name: str) -> str:
    return re.sub(r"^(?:Amazon|AWS)[ _-]+", "", name.strip())


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")
