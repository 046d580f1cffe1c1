"""What a line of a bill is an hour of: instance type, platform and service, from the names that bills have for them.

Sources: AWS, "AMI billing information fields" (operations of EC2); usage types and operations of RDS, ElastiCache,
OpenSearch, Redshift and SageMaker as the price list and bills spell them.
"""

from __future__ import annotations

import re

from analysis.commitments.units import full_type
from analysis.services import service_key
from analysis.usage_types import usage_region

#: Operation of a line → platform or engine.
PLATFORMS: dict[str, str] = {
    "RunInstances": "Linux/UNIX",
    "RunInstances:00g0": "Red Hat BYOL Linux",
    "RunInstances:0010": "Red Hat Enterprise Linux",
    "RunInstances:0100": "Linux with SQL Server Enterprise",
    "RunInstances:0004": "Linux with SQL Server Standard",
    "RunInstances:0200": "Linux with SQL Server Web",
    "RunInstances:000g": "SUSE Linux",
    "RunInstances:0002": "Windows",
    "RunInstances:0800": "Windows BYOL",
    "RunInstances:0102": "Windows with SQL Server Enterprise",
    "RunInstances:0006": "Windows with SQL Server Standard",
    "RunInstances:0202": "Windows with SQL Server Web",
    "CreateDBInstance:0002": "MySQL",
    "CreateDBInstance:0003": "Oracle SE1 (BYOL)",
    "CreateDBInstance:0004": "Oracle SE (BYOL)",
    "CreateDBInstance:0005": "Oracle EE (BYOL)",
    "CreateDBInstance:0006": "Oracle SE1 (LI)",
    "CreateDBInstance:0010": "SQL Server EX (LI)",
    "CreateDBInstance:0011": "SQL Server Web (LI)",
    "CreateDBInstance:0012": "SQL Server SE (LI)",
    "CreateDBInstance:0014": "PostgreSQL",
    "CreateDBInstance:0015": "SQL Server EE (LI)",
    "CreateDBInstance:0016": "Aurora MySQL",
    "CreateDBInstance:0018": "MariaDB",
    "CreateDBInstance:0019": "Oracle SE2 (BYOL)",
    "CreateDBInstance:0020": "Oracle SE2 (LI)",
    "CreateDBInstance:0021": "Aurora PostgreSQL",
    "CreateCacheCluster:0001": "Memcached",
    "CreateCacheCluster:0002": "Redis",
    "CreateCacheCluster:Valkey": "Valkey",
}
#: Canonical key of a service → AWS's code, for those whose usage can be committed to.
CODES: dict[str, str] = {
    "ec2": "AmazonEC2",
    "rds": "AmazonRDS",
    "elasticache": "AmazonElastiCache",
    "opensearch": "AmazonES",
    "redshift": "AmazonRedshift",
    "dynamodb": "AmazonDynamoDB",
    "lambda": "AWSLambda",
    "ecs": "AmazonECS",
    "eks": "AmazonEKS",
    "sagemaker": "AmazonSageMaker",
}
#: Services that `analysis.services` does not know by name, by the start of theirs.
_OTHER_CODES = {
    "Amazon DocumentDB": "AmazonDocDB",
    "Amazon Neptune": "AmazonNeptune",
    "Amazon MemoryDB": "AmazonMemoryDB",
}

_INSTANCE = re.compile(
    r"(?:^|-)(?:BoxUsage|DedicatedUsage|UnusedBox|UnusedDed|InstanceUsage(?:IOOptimized)?|Multi-AZ(?:Cluster)?Usage"
    r"|NodeUsage|ESInstance|Node):(?P<type>[a-z0-9-]+(?:[.][a-z0-9-]+)+)$"
)
_SMALLEST = re.compile(r"(?:^|-)BoxUsage$")
_SAGEMAKER = re.compile(r"[:-](?P<type>ml[.][a-z0-9-]+[.][a-z0-9-]+)$")


def instance_type(usage_type: str) -> str:
    """The instance type or class that usage is of, as the APIs spell it; empty for what is no instance."""
    found = _INSTANCE.search(usage_type) or _SAGEMAKER.search(usage_type)
    if found:
        return full_type(found["type"])
    return "m1.small" if _SMALLEST.search(usage_type) else ""


def platform(operation: str) -> str:
    """The platform or engine of a line's operation; empty where it is not known."""
    return PLATFORMS.get(operation, "")


def service_code(service_name: str) -> str:
    """AWS's code of a service that a bill names; its name as it stands where none is known."""
    other = next((code for name, code in _OTHER_CODES.items() if service_name.startswith(name)), service_name)
    return CODES.get(service_key(service_name), other)


def region(region_id: str, usage_type: str) -> str:
    """The region that the bill says, else the one in the usage type; empty where neither does."""
    return region_id if region_id not in ("", "global") else usage_region(usage_type) or ""


def can_be_committed(usage_type: str) -> bool:
    """Whether a commitment can cover it: not an extra charge that is named after an instance."""
    return "ExtendedSupport" not in usage_type
