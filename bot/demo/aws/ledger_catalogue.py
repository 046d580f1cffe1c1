"""What the organisation spends on an ordinary day, service by service, apart from single resources and commitments."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.aws.patterns import Rhythm

STEADY, TRAFFIC, BUSINESS, OFFICE, BATCH = Rhythm

COMPUTE = "Amazon Elastic Compute Cloud - Compute"
EC2_OTHER = "EC2 - Other"
RDS = "Amazon Relational Database Service"
S3 = "Amazon Simple Storage Service"
CACHE = "Amazon ElastiCache"
CLOUDWATCH = "AmazonCloudWatch"
VPC = "Amazon Virtual Private Cloud"
ELB = "Amazon Elastic Load Balancing"
ECS = "Amazon Elastic Container Service"
EKS = "Amazon Elastic Container Service for Kubernetes"
ECR = "Amazon EC2 Container Registry (ECR)"
LAMBDA = "AWS Lambda"
DYNAMODB = "Amazon DynamoDB"
CLOUDFRONT = "Amazon CloudFront"
SEARCH = "Amazon OpenSearch Service"
REDSHIFT = "Amazon Redshift"
GLUE = "AWS Glue"
ATHENA = "Amazon Athena"
KINESIS = "Amazon Kinesis"
SQS = "Amazon Simple Queue Service"
SNS = "Amazon Simple Notification Service"
EFS = "Amazon Elastic File System"
KMS = "AWS Key Management Service"
SECRETS = "AWS Secrets Manager"
ROUTE53 = "Amazon Route 53"
CLOUDTRAIL = "AWS CloudTrail"
GUARDDUTY = "Amazon GuardDuty"
CONFIG = "AWS Config"
COST_EXPLORER = "AWS Cost Explorer"


@dataclass(frozen=True, slots=True)
class Item:
    """One usage type of one service.

    Attributes:
        daily: account name → dollars on an ordinary day at the clock's start.
        eu_share: part of it that runs in eu-west-1; None for a global service.
        growth: per 30 days.
        monthly_priced: priced per GB-month or key-month, so that a day costs less in a long month.
        month_day: charged only on this day of each month (`daily` is then the amount of that day).
        team: the one team that pays; None shares it by the account's mix.
        hourly: compute-like, whose hours the bill knows.
    """

    service: str
    usage_type: str
    operation: str
    unit: str
    unit_price: float
    rhythm: Rhythm
    daily: dict[str, float]
    eu_share: float | None = 0.0
    growth: float = 0.0
    monthly_priced: bool = False
    month_day: int | None = None
    team: str | None = None
    hourly: bool = False


def _box(instance: str, price: float, rhythm: Rhythm, eu_share: float = 0.0, **daily: float) -> Item:
    return Item(
        COMPUTE,
        f"BoxUsage:{instance}",
        "RunInstances",
        "Hrs",
        price,
        rhythm,
        _accounts(daily),
        eu_share,
        growth=0.006,
        hourly=True,
    )


def _storage(
    service: str,
    usage_type: str,
    operation: str,
    price: float,
    eu_share: float = 0.0,
    *,
    growth: float = 0.01,
    **daily: float,
) -> Item:
    return Item(
        service,
        usage_type,
        operation,
        "GB-Mo",
        price,
        STEADY,
        _accounts(daily),
        eu_share,
        growth=growth,
        monthly_priced=True,
    )


def _use(
    service: str,
    usage_type: str,
    operation: str,
    unit: str,
    price: float,
    rhythm: Rhythm,
    eu_share: float | None = 0.0,
    *,
    growth: float = 0.008,
    hourly: bool = False,
    month_day: int | None = None,
    team: str | None = None,
    **daily: float,
) -> Item:
    return Item(
        service,
        usage_type,
        operation,
        unit,
        price,
        rhythm,
        _accounts(daily),
        eu_share,
        growth=growth,
        hourly=hourly,
        month_day=month_day,
        team=team,
    )


def _accounts(daily: dict[str, float]) -> dict[str, float]:
    return {name.replace("_", "-"): amount for name, amount in daily.items()}


# A table reads better in its own columns.
# fmt: off
ITEMS: tuple[Item, ...] = (
    _box("m5.2xlarge", 0.384, TRAFFIC, 0.2, prod=118.0),
    _box("c5.xlarge", 0.17, TRAFFIC, 0.25, prod=96.0),
    _box("r5.xlarge", 0.252, STEADY, prod=34.0),
    _box("t3.large", 0.0832, OFFICE, staging=34.0, sandbox=14.0),
    _box("m5.large", 0.096, BUSINESS, staging=36.0, shared_services=26.0),
    _box("r5.2xlarge", 0.504, BATCH, data_platform=72.0),
    _use(COMPUTE, "SpotUsage:m5.xlarge", "RunInstances:SV001", "Hrs", 0.0672, BATCH, hourly=True, data_platform=38.0),
    _use(EC2_OTHER, "NatGateway-Hours", "NatGateway", "Hrs", 0.045, STEADY, 0.3, hourly=True,
         prod=4.3, staging=2.2, data_platform=2.2, shared_services=2.2),
    _use(EC2_OTHER, "NatGateway-Bytes", "NatGateway", "GB", 0.045, TRAFFIC, staging=4.0, data_platform=17.0,
         shared_services=5.0),
    _use(EC2_OTHER, "DataTransfer-Regional-Bytes", "InterZone-In", "GB", 0.01, TRAFFIC, 0.2, prod=33.0, staging=5.0,
         data_platform=14.0),
    _use(EC2_OTHER, "DataTransfer-Out-Bytes", "RunInstances", "GB", 0.09, TRAFFIC, 0.3, prod=29.0, shared_services=2.0),
    _use(EC2_OTHER, "USE1-EUW1-AWS-Out-Bytes", "RunInstances", "GB", 0.02, STEADY, prod=6.0, data_platform=4.0),
    _use(EC2_OTHER, "CPUCredits:t3", "T3CPUCredits", "vCPU-Hours", 0.05, OFFICE, staging=1.4, sandbox=0.8),
    _storage(EC2_OTHER, "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", 0.08, 0.2, prod=44.0, staging=10.0,
             data_platform=21.0, shared_services=7.0, sandbox=3.0),
    _storage(EC2_OTHER, "EBS:VolumeUsage.gp2", "CreateVolume-Gp2", 0.10, 0.1, prod=17.0, staging=7.0),
    _storage(EC2_OTHER, "EBS:SnapshotUsage", "CreateSnapshot", 0.05, 0.2, prod=19.0, data_platform=6.0, sandbox=1.0),
    _use(RDS, "InstanceUsage:db.r5.xlarge", "CreateDBInstance:0014", "Hrs", 0.5, STEADY, 0.2, hourly=True,
         prod=51.0, data_platform=24.0),
    _use(RDS, "Multi-AZUsage:db.m5.xlarge", "CreateDBInstance:0014", "Hrs", 0.712, STEADY, hourly=True, prod=51.0),
    _use(RDS, "InstanceUsage:db.r7g.xlarge", "CreateDBInstance:0002", "Hrs", 0.456, STEADY, hourly=True, prod=33.0),
    _use(RDS, "InstanceUsage:db.t3.large", "CreateDBInstance:0002", "Hrs", 0.136, STEADY, hourly=True, staging=16.0),
    _storage(RDS, "RDS:GP3-Storage", "CreateDBInstance:0014", 0.115, 0.2, prod=27.0, staging=5.0, data_platform=7.0),
    _storage(RDS, "RDS:ChargedBackupUsage", "CreateDBInstance", 0.095, 0.2, prod=11.0),
    _storage(S3, "TimedStorage-ByteHrs", "StandardStorage", 0.023, 0.15, prod=42.0, data_platform=76.0,
             staging=3.0, shared_services=8.0, sandbox=1.0),
    _storage(S3, "TimedStorage-SIA-ByteHrs", "StandardIAStorage", 0.0125, prod=9.0, data_platform=14.0),
    _use(S3, "Requests-Tier1", "PutObject", "Requests", 0.000005, TRAFFIC, 0.2, prod=7.0, data_platform=9.0),
    _use(S3, "Requests-Tier2", "GetObject", "Requests", 0.0000004, TRAFFIC, 0.2, prod=6.0, data_platform=4.0),
    _use(CACHE, "NodeUsage:cache.r5.large", "CreateCacheCluster:0002", "Hrs", 0.216, STEADY, 0.2, hourly=True,
         prod=57.0),
    _use(CACHE, "NodeUsage:cache.t3.medium", "CreateCacheCluster:0002", "Hrs", 0.068, STEADY, hourly=True, staging=6.5),
    _use(CLOUDWATCH, "USE1-DataProcessing-Bytes", "PutLogEvents", "GB", 0.5, TRAFFIC, 0.15, growth=0.0, prod=44.0),
    _use(CLOUDWATCH, "USE1-DataProcessing-Bytes", "PutLogEvents", "GB", 0.5, BUSINESS, staging=7.0, data_platform=11.0),
    _use(CLOUDWATCH, "USE1-CW:MetricMonitorUsage", "MetricStorage", "Metrics", 0.3, STEADY, 0.15, growth=0.0,
         prod=17.0),
    _use(CLOUDWATCH, "USE1-CW:AlarmMonitorUsage", "Unknown", "Alarms", 0.1, STEADY, growth=0.0, prod=3.5),
    _storage(CLOUDWATCH, "USE1-TimedStorage-ByteHrs", "StandardStorage", 0.03, growth=0.0, prod=5.0, staging=1.0),
    _use(VPC, "USE1-PublicIPv4:InUseAddress", "AllocateAddress", "Hrs", 0.005, STEADY, 0.2, prod=9.0, staging=2.4,
         data_platform=2.0, shared_services=1.9, sandbox=0.6),
    _use(VPC, "USE1-VpcEndpoint-Hours", "VpcEndpoint", "Hrs", 0.01, STEADY, 0.3, prod=7.2, staging=1.4,
         data_platform=2.2),
    _use(ELB, "LoadBalancerUsage", "LoadBalancing:Application", "Hrs", 0.0225, STEADY, 0.25, hourly=True, prod=8.6,
         staging=2.7, shared_services=1.1),
    _use(ELB, "LCUUsage", "LoadBalancing:Application", "LCU-Hrs", 0.008, TRAFFIC, 0.25, prod=13.0),
    _use(ECS, "USE1-Fargate-vCPU-Hours:perCPU", "FargateTask", "Hours", 0.04048, TRAFFIC, 0.2, hourly=True, prod=64.0,
         staging=12.0),
    _use(ECS, "USE1-Fargate-GB-Hours", "FargateTask", "Hours", 0.004445, TRAFFIC, 0.2, hourly=True, prod=15.0,
         staging=3.0),
    _use(EKS, "USE1-AmazonEKS-Hours:perCluster", "CreateOperation", "Hours", 0.1, STEADY, 0.34, prod=7.2,
         data_platform=2.4, staging=2.4),
    _storage(ECR, "TimedStorage-ByteHrs", "EncryptedLayerStorage", 0.10, shared_services=4.2),
    _use(LAMBDA, "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", 0.0000166667, TRAFFIC, 0.15,
         hourly=True, prod=25.0, data_platform=6.0),
    _use(LAMBDA, "Request", "Invoke", "Requests", 0.0000002, TRAFFIC, 0.15, prod=5.5),
    _use(DYNAMODB, "WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits", 0.000000625, TRAFFIC, 0.1,
         prod=34.0),
    _use(DYNAMODB, "ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits", 0.000000125, TRAFFIC, 0.1,
         prod=21.0),
    _storage(DYNAMODB, "TimedStorage-ByteHrs", "StandardStorage", 0.25, prod=8.0),
    _use(CLOUDFRONT, "US-DataTransfer-Out-Bytes", "GET", "GB", 0.085, TRAFFIC, None, prod=58.0),
    _use(CLOUDFRONT, "EU-DataTransfer-Out-Bytes", "GET", "GB", 0.085, TRAFFIC, None, prod=17.0),
    _use(CLOUDFRONT, "US-Requests-Tier2-HTTPS", "GET", "Requests", 0.000001, TRAFFIC, None, prod=9.0),
    _use(SEARCH, "ESInstance:r6g.large.search", "ESDomain", "Hrs", 0.167, STEADY, hourly=True, team="search",
         prod=72.0),
    _storage(SEARCH, "ES:GP3-Storage", "ESDomain", 0.122, prod=9.0),
    _use(REDSHIFT, "Node:ra3.xlplus", "RunComputeNode:0001", "Node-Hrs", 1.086, STEADY, hourly=True,
         data_platform=104.3),
    _storage(REDSHIFT, "USE1-RMS:ra3.xlplus", "RunComputeNode", 0.024, growth=0.015, data_platform=12.0),
    _use(GLUE, "USE1-ETL-DPU-Hour", "Jobrun", "DPU-Hour", 0.44, BATCH, data_platform=29.0),
    _use(ATHENA, "USE1-DataScannedInTB", "Athena", "Terabytes", 5.0, BUSINESS, data_platform=12.0),
    _use(ATHENA, "USE1-DataScannedInTB", "MonthlyReport", "Terabytes", 5.0, STEADY, month_day=2, growth=0.0,
         data_platform=64.0),
    _use(KINESIS, "USE1-Storage-ShardHour", "shardHourStorage", "ShardHour", 0.015, STEADY, data_platform=11.5,
         prod=7.2),
    _use(SQS, "Requests-Tier1", "SendMessage", "Requests", 0.0000004, TRAFFIC, prod=6.2),
    _use(SNS, "DeliveryAttempts-HTTP", "Publish", "Notifications", 0.0000006, TRAFFIC, prod=2.8),
    _storage(EFS, "TimedStorage-ByteHrs", "", 0.30, shared_services=11.0),
    _use(KMS, "us-east-1-KMS-Requests", "Decrypt", "Requests", 0.000003, TRAFFIC, prod=4.1, data_platform=1.2),
    _use(SECRETS, "USE1-AWSSecretsManager-Secrets", "Secret", "Secrets", 0.4, STEADY, prod=2.6, staging=1.1,
         shared_services=0.8),
    _use(ROUTE53, "DNS-Queries", "Route53", "Queries", 0.0000004, TRAFFIC, None, shared_services=3.4),
    _use(ROUTE53, "HostedZone", "HostedZone", "HostedZone", 0.5, STEADY, None, month_day=1, growth=0.0,
         shared_services=37.0),
    _use(CLOUDTRAIL, "USE1-PaidEventsRecorded", "None", "Events", 0.00002, BUSINESS, management=2.2, prod=6.5,
         data_platform=2.5),
    _use(GUARDDUTY, "USE1-PaidEventsAnalyzed", "PaidEventsAnalyzed", "Events", 0.000004, TRAFFIC, 0.2, prod=9.5,
         staging=1.5, data_platform=3.0, shared_services=1.0),
    _use(CONFIG, "USE1-ConfigurationItemRecorded", "None", "ConfigurationItemRecorded", 0.003, BUSINESS, prod=4.2,
         staging=2.6, sandbox=0.8, shared_services=0.9),
    _use(COST_EXPLORER, "USE1-APIRequest", "GetCostAndUsage", "Requests", 0.01, STEADY, None, growth=0.0,
         management=0.34),
)
# fmt: on
