"""What things cost in the demo's world: AWS's public list prices of us-east-1, by product; a table of its own.

us-west-2 costs the same as us-east-1. In eu-west-1 instances and gp2 and gp3 volumes cost what the organisation's
ledger says, everything else the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.aws.organisation import ARCHIVE_REGION, MAIN_REGION, SECOND_REGION

#: Regions with prices → how a usage type of EC2 begins there, and one of a newer service.
PREFIXES: dict[str, tuple[str, str]] = {
    MAIN_REGION: ("", "USE1-"),
    SECOND_REGION: ("EU-", "EUW1-"),
    ARCHIVE_REGION: ("USW2-", "USW2-"),
}
LOCATIONS = {MAIN_REGION: "US East (N. Virginia)", SECOND_REGION: "EU (Ireland)", ARCHIVE_REGION: "US West (Oregon)"}

#: Linux on demand, dollars an hour of a `.large`, by family.
LARGE: dict[str, float] = {
    "m4": 0.1, "m5": 0.096, "m5a": 0.086, "m6i": 0.096, "m6a": 0.0864, "m6g": 0.077, "m7i": 0.1008,
    "m7i-flex": 0.09576, "m7a": 0.11592, "m7g": 0.0816, "m8g": 0.08976, "m8i": 0.10584,
    "c4": 0.1, "c5": 0.085, "c5a": 0.077, "c6i": 0.085, "c6a": 0.0765, "c6g": 0.068, "c7i": 0.08925,
    "c7i-flex": 0.08479, "c7a": 0.10264, "c7g": 0.0725, "c8g": 0.07976, "c8i": 0.09371,
    "r4": 0.133, "r5": 0.126, "r5a": 0.113, "r6i": 0.126, "r6a": 0.1134, "r6g": 0.1008, "r7i": 0.1323,
    "r7a": 0.15215, "r7g": 0.1071, "r8g": 0.11782,
    "t2": 0.0928, "t3": 0.0832, "t3a": 0.0752, "t4g": 0.0672, "i3": 0.156, "i4i": 0.172,
}  # fmt: skip
LARGE_EU_WEST_1: dict[str, float] = {"m5": 0.107, "c5": 0.096, "c5n": 0.122, "r5": 0.141, "t3": 0.0912}
#: What does not follow from a family's `.large`.
EXACT: dict[str, float] = {
    "t2.small": 0.023, "g4dn.xlarge": 0.526, "g4dn.2xlarge": 0.752, "g5.xlarge": 1.006, "g6.xlarge": 0.8048,
    "p3.2xlarge": 3.06,
}  # fmt: skip
#: Dollars an hour that Windows adds to each vCPU, and the factor of dedicated tenancy.
WINDOWS_VCPU, DEDICATED = 0.046, 1.10
#: What an hour costs with a standard 1- or 3-year reservation, as a share of on demand, by payment; the same for every
#: type and service. AWS's shares differ by type; these are made up.
RESERVED: dict[tuple[int, str], float] = {
    (1, "No Upfront"): 0.631, (1, "Partial Upfront"): 0.601, (1, "All Upfront"): 0.589,
    (3, "No Upfront"): 0.433, (3, "Partial Upfront"): 0.404, (3, "All Upfront"): 0.380,
}  # fmt: skip
#: The same of Savings Plans, by type. AWS's rates differ by instance type; these are made up.
SAVINGS_PLANS: dict[str, dict[tuple[int, str], float]] = {
    "EC2Instance": {
        (1, "No Upfront"): 0.66, (1, "Partial Upfront"): 0.63, (1, "All Upfront"): 0.61,
        (3, "No Upfront"): 0.45, (3, "Partial Upfront"): 0.42, (3, "All Upfront"): 0.40,
    },
    "Compute": {
        (1, "No Upfront"): 0.73, (1, "Partial Upfront"): 0.70, (1, "All Upfront"): 0.69,
        (3, "No Upfront"): 0.57, (3, "Partial Upfront"): 0.53, (3, "All Upfront"): 0.51,
    },
}  # fmt: skip
#: The same of Database plans, which are sold for one year without upfront payment alone and cover RDS from this
#: generation on; AWS takes up to a fifth off. Source: AWS, "Database Savings Plans".
DATABASE_PLANS: dict[tuple[int, str], float] = {(1, "No Upfront"): 0.80}
DATABASE_PLAN_GENERATION = 7
#: What is added to that share in one family: a Compute plan saves most on the one that the demo's own plan covers.
PLAN_FAMILIES: dict[str, dict[str, float]] = {"Compute": {"m6a": -0.01}}
#: What a Compute plan covers beside instances, at this share of on demand for 1 and 3 years, whatever the payment:
#: product, service, usage type, unit, dollars a unit. Made up as well.
PLAN_PRODUCTS: tuple[tuple[str, str, str, str, float], ...] = (
    ("Fargate", "AmazonECS", "Fargate-vCPU-Hours:perCPU", "Hrs", 0.04048),
    ("Fargate", "AmazonECS", "Fargate-GB-Hours", "Hrs", 0.004445),
    ("Lambda", "AWSLambda", "Lambda-GB-Second", "Lambda-GB-Second", 0.0000166667),
    ("Lambda", "AWSLambda", "Lambda-GB-Second-ARM", "Lambda-GB-Second", 0.0000133334),
)
PLAN_PRODUCT_SHARES: dict[str, dict[int, float]] = {
    "Fargate": {1: 0.80, 3: 0.65}, "Lambda": {1: 0.88, 3: 0.85},
}  # fmt: skip

#: Single-AZ, dollars an hour; Multi-AZ costs twice as much.
DATABASES: dict[tuple[str, str], float] = {
    ("db.m5.large", "PostgreSQL"): 0.178, ("db.m5.xlarge", "PostgreSQL"): 0.356,
    ("db.r5.large", "PostgreSQL"): 0.25, ("db.r5.xlarge", "PostgreSQL"): 0.5, ("db.t3.medium", "PostgreSQL"): 0.072,
    ("db.m5.large", "MySQL"): 0.171, ("db.m5.xlarge", "MySQL"): 0.342, ("db.t3.large", "MySQL"): 0.136,
    ("db.r7g.large", "MySQL"): 0.228, ("db.r7g.xlarge", "MySQL"): 0.456,
}  # fmt: skip
CACHES = {"cache.m5.large": 0.156, "cache.r5.large": 0.216, "cache.t3.medium": 0.068, "cache.m6g.large": 0.149}

Tiers = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of a service.

    Attributes:
        usage: usage type, without the region.
        tiers: (begins at, dollars a unit), the first at 0.
        prefix: how its usage type tells the region: "ec2", "new", "name" (us-east-1-…) or "" (a global product).
        only: the regions that have it; all where empty.
    """

    service: str
    family: str
    usage: str
    unit: str
    tiers: Tiers
    attributes: tuple[tuple[str, str], ...] = ()
    prefix: str = "ec2"
    only: tuple[str, ...] = ()


def _one(
    service: str, family: str, usage: str, unit: str, usd: float, prefix: str = "ec2", **attributes: str
) -> Product:
    return Product(service, family, usage, unit, ((0.0, usd),), tuple(attributes.items()), prefix)


def _volume(api: str, usage: str, usd: float, eu: float | None = None) -> list[Product]:
    attributes = (("volumeApiName", api),)
    here = (MAIN_REGION, ARCHIVE_REGION) if eu else ()
    made = [Product("AmazonEC2", "Storage", usage, "GB-Mo", ((0.0, usd),), attributes, only=here)]
    if eu:
        made.append(Product("AmazonEC2", "Storage", usage, "GB-Mo", ((0.0, eu),), attributes, only=(SECOND_REGION,)))
    return made


def _tiered(service: str, family: str, usage: str, unit: str, tiers: Tiers, prefix: str = "new") -> Product:
    return Product(service, family, usage, unit, tiers, prefix=prefix)


_EC2, _VPC, _S3, _RDS, _CW, _DDB = (
    "AmazonEC2",
    "AmazonVPC",
    "AmazonS3",
    "AmazonRDS",
    "AmazonCloudWatch",
    "AmazonDynamoDB",
)

# A table reads better in its own columns.
# fmt: off
PRODUCTS: tuple[Product, ...] = (
    *_volume("gp2", "EBS:VolumeUsage.gp2", 0.10, 0.11),
    *_volume("gp3", "EBS:VolumeUsage.gp3", 0.08, 0.088),
    *_volume("io1", "EBS:VolumeUsage.piops", 0.125),
    *_volume("io2", "EBS:VolumeUsage.io2", 0.125),
    *_volume("st1", "EBS:VolumeUsage.st1", 0.045),
    *_volume("sc1", "EBS:VolumeUsage.sc1", 0.015),
    *_volume("standard", "EBS:VolumeUsage", 0.05),
    _one(_EC2, "System Operation", "EBS:VolumeP-IOPS.gp3", "IOPS-Mo", 0.005),
    _one(_EC2, "System Operation", "EBS:VolumeP-IOPS.piops", "IOPS-Mo", 0.065),
    _one(_EC2, "System Operation", "EBS:VolumeP-IOPS.io2", "IOPS-Mo", 0.065),
    _one(_EC2, "System Operation", "EBS:VolumeP-IOPS.io2.tier2", "IOPS-Mo", 0.0455),
    _one(_EC2, "System Operation", "EBS:VolumeIOUsage", "IOs", 0.00000005),
    _one(_EC2, "Provisioned Throughput", "EBS:VolumeP-Throughput.gp3", "GiBps-mo", 40.96),
    _one(_EC2, "Storage Snapshot", "EBS:SnapshotUsage", "GB-Mo", 0.05),
    _one(_EC2, "Storage Snapshot", "EBS:SnapshotArchiveStorage", "GB-Mo", 0.0125),
    _one(_EC2, "Fast Snapshot Restore", "EBS:FastSnapshotRestore", "DSU-Hrs", 0.75),
    _one(_EC2, "CPU Credits", "CPUCredits:t3", "vCPU-Hours", 0.05, operatingSystem="Linux"),
    _one(_EC2, "CPU Credits", "CPUCredits:t3", "vCPU-Hours", 0.096, operatingSystem="Windows"),
    _one(_EC2, "NAT Gateway", "NatGateway-Hours", "Hrs", 0.045),
    _one(_EC2, "NAT Gateway", "NatGateway-Bytes", "GB", 0.045),
    _one(_VPC, "VpcPublicIpv4Address", "PublicIPv4:InUseAddress", "Hrs", 0.005, "new"),
    _one(_VPC, "VpcPublicIpv4Address", "PublicIPv4:IdleAddress", "Hrs", 0.005, "new"),
    _one(_VPC, "VpcEndpoint", "VpcEndpoint-Hours", "Hrs", 0.01, "new"),
    _tiered(_VPC, "VpcEndpoint", "VpcEndpoint-Bytes", "GB", ((0, 0.01), (1048576, 0.006), (5242880, 0.004))),
    _one(_VPC, "Transit Gateway", "TransitGateway-Hours", "hour", 0.05, "new", operation="TransitGatewayVPC"),
    _one(_VPC, "Transit Gateway", "TransitGateway-Hours", "hour", 0.05, "new", operation="TransitGatewayVPN"),
    _one(_VPC, "Transit Gateway", "TransitGateway-Bytes", "GigaBytes", 0.02, "new", operation="TransitGatewayVPC"),
    _one("AWSDataTransfer", "Data Transfer", "DataTransfer-Regional-Bytes", "GB", 0.01, transferType="IntraRegion"),
    Product("AWSDataTransfer", "Data Transfer", "DataTransfer-Out-Bytes", "GB",
            ((0, 0.09), (10240, 0.085), (51200, 0.07), (153600, 0.05)),
            (("transferType", "AWS Outbound"), ("toLocation", "External"))),
    _one("AWSELB", "Load Balancer-Application", "LoadBalancerUsage", "Hrs", 0.0225),
    _one("AWSELB", "Load Balancer-Application", "LCUUsage", "LCU-Hrs", 0.008),
    _one("AWSELB", "Load Balancer-Network", "LoadBalancerUsage", "Hrs", 0.0225),
    _one("AWSELB", "Load Balancer-Network", "LCUUsage", "LCU-Hrs", 0.006),
    _one("AWSELB", "Load Balancer", "LoadBalancerUsage", "Hrs", 0.025),
    _tiered(_S3, "Storage", "TimedStorage-ByteHrs", "GB-Mo", ((0, 0.023), (51200, 0.022), (512000, 0.021)), "ec2"),
    _one(_S3, "Storage", "TimedStorage-SIA-ByteHrs", "GB-Mo", 0.0125),
    _one(_S3, "Storage", "TimedStorage-ZIA-ByteHrs", "GB-Mo", 0.01),
    _one(_S3, "Storage", "TimedStorage-GIR-ByteHrs", "GB-Mo", 0.004),
    _one(_S3, "Storage", "TimedStorage-GlacierByteHrs", "GB-Mo", 0.0036),
    _one(_S3, "Storage", "TimedStorage-GDA-ByteHrs", "GB-Mo", 0.00099),
    _one(_S3, "Fee", "Monitoring-Automation-INT", "Objects", 0.0000025),
    _one(_S3, "Fee", "Retrieval-SIA", "GB", 0.01),
    _one(_S3, "Fee", "Retrieval-GIR", "GB", 0.03),
    _one(_S3, "API Request", "Requests-Tier1", "Requests", 0.000005),
    _one(_S3, "API Request", "Requests-Tier2", "Requests", 0.0000004),
    _one("AmazonEFS", "Storage", "TimedStorage-ByteHrs", "GB-Mo", 0.30),
    _one("AmazonEFS", "Storage", "IATimedStorage-ByteHrs", "GB-Mo", 0.025),
    _one("AmazonECR", "EC2 Container Registry", "TimedStorage-ByteHrs", "GB-Mo", 0.10),
    _one(_RDS, "Database Storage", "RDS:GP2-Storage", "GB-Mo", 0.115, databaseEngine="Any"),
    _one(_RDS, "Database Storage", "RDS:GP3-Storage", "GB-Mo", 0.115, databaseEngine="Any"),
    _one(_RDS, "Database Storage", "RDS:Multi-AZ-GP2-Storage", "GB-Mo", 0.23, databaseEngine="Any"),
    _one(_RDS, "Database Storage", "RDS:Multi-AZ-GP3-Storage", "GB-Mo", 0.23, databaseEngine="Any"),
    _one(_RDS, "Database Storage", "RDS:PIOPS-Storage", "GB-Mo", 0.125, databaseEngine="Any"),
    _one(_RDS, "Database Storage", "RDS:Multi-AZ-PIOPS-Storage", "GB-Mo", 0.25, databaseEngine="Any"),
    _one(_RDS, "Provisioned IOPS", "RDS:GP3-PIOPS", "IOPS-Mo", 0.02, databaseEngine="Any"),
    _one(_RDS, "Provisioned IOPS", "RDS:Multi-AZ-GP3-PIOPS", "IOPS-Mo", 0.04, databaseEngine="Any"),
    _one(_RDS, "Provisioned IOPS", "RDS:PIOPS", "IOPS-Mo", 0.10, databaseEngine="Any"),
    _one(_RDS, "Provisioned IOPS", "RDS:Multi-AZ-PIOPS", "IOPS-Mo", 0.20, databaseEngine="Any"),
    _one(_RDS, "Storage Snapshot", "RDS:ChargedBackupUsage", "GB-Mo", 0.095),
    _one("AmazonEKS", "Compute", "AmazonEKS-Hours:perCluster", "Hours", 0.10, "new"),
    _one("AmazonEKS", "Compute", "AmazonEKS-Hours:extendedSupport", "Hours", 0.60, "new"),
    _one("AmazonECS", "Compute", "Fargate-vCPU-Hours:perCPU", "hours", 0.04048, "new"),
    _one("AmazonECS", "Compute", "Fargate-GB-Hours", "hours", 0.004445, "new"),
    _tiered("AWSLambda", "Serverless", "Lambda-GB-Second", "Lambda-GB-Second",
            ((0, 0.0000166667), (6e9, 0.000015), (1.5e10, 0.0000133334)), "ec2"),
    _tiered("AWSLambda", "Serverless", "Lambda-GB-Second-ARM", "Lambda-GB-Second",
            ((0, 0.0000133334), (7.5e9, 0.0000120001), (1.875e10, 0.0000106667)), "ec2"),
    _one("AWSLambda", "Serverless", "Request", "Requests", 0.0000002),
    _one(_DDB, "Amazon DynamoDB PayPerRequest Throughput", "ReadRequestUnits", "ReadRequestUnits", 0.000000125),
    _one(_DDB, "Amazon DynamoDB PayPerRequest Throughput", "WriteRequestUnits", "WriteRequestUnits", 0.000000625),
    _tiered(_DDB, "Provisioned IOPS", "ReadCapacityUnit-Hrs", "ReadCapacityUnit-Hrs",
            ((0, 0.0), (18600, 0.00013)), "ec2"),
    _tiered(_DDB, "Provisioned IOPS", "WriteCapacityUnit-Hrs", "WriteCapacityUnit-Hrs",
            ((0, 0.0), (18600, 0.00065)), "ec2"),
    _tiered(_DDB, "Database Storage", "TimedStorage-ByteHrs", "GB-Mo", ((0, 0.0), (25, 0.25)), "ec2"),
    _one(_DDB, "Database Storage", "TimedPITRStorage-ByteHrs", "GB-Mo", 0.20),
    _tiered(_CW, "Data Payload", "DataProcessing-Bytes", "GB", ((0, 0.50),)),
    _tiered(_CW, "Storage Snapshot", "TimedStorage-ByteHrs", "GB-Mo", ((0, 0.03),)),
    _tiered(_CW, "Data Payload", "DataScanned-Bytes", "GB", ((0, 0.005),)),
    _tiered(_CW, "Metric", "CW:MetricMonitorUsage", "Metrics",
            ((0, 0.30), (10000, 0.10), (250000, 0.05), (1000000, 0.02))),
    Product(_CW, "Alarm", "CW:AlarmMonitorUsage", "Alarms", ((0, 0.0), (10, 0.10)), (("alarmType", "Standard"),),
            "new"),
    _one(_CW, "Alarm", "CW:HighResAlarmMonitorUsage", "Alarms", 0.30, "new", alarmType="High Resolution"),
    _tiered(_CW, "Dashboard", "DashboardsUsageHour", "Dashboards", ((0, 0.0), (3, 3.00))),
    _one(_CW, "API Request", "CW:GMD-Metrics", "Metrics", 0.00001, "new"),
    _one("AWSCloudTrail", "Management Tools - AWS CloudTrail Paid Events Recorded", "PaidEventsRecorded", "Events",
         0.00002, "new"),
    _one("AWSCloudTrail", "Management Tools - AWS CloudTrail Data Events Recorded", "DataEventsRecorded", "Events",
         0.000001, "new"),
    _one("awskms", "Encryption Key", "KMS-Keys", "Keys", 1.00, "name"),
    _one("awskms", "API Request", "KMS-Requests", "Requests", 0.000003, "name"),
    _one("AWSSecretsManager", "Secret", "AWSSecretsManager-Secrets", "Secrets", 0.40, "new"),
    _tiered("AmazonRoute53", "DNS Zone", "HostedZone", "HostedZone", ((0, 0.50), (25, 0.10)), ""),
)
# fmt: on
