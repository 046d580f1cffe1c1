"""The twenty services of the generated export, each with its meters, prices and share of the line items."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meter:
    """A usage type; `amount` is its mean quantity an hour, 1 for what is counted in whole hours."""

    usage_type: str
    operation: str
    unit: str
    price: float
    amount: float


@dataclass(frozen=True, slots=True)
class Service:
    """A service under FOCUS's names; the last meter is the one that all its resources share."""

    name: str
    code: str
    category: str
    subcategory: str
    kind: str
    arn: str
    weight: float
    meters: tuple[Meter, ...]
    commitment: str | None = None


_SIZES = {"medium": 0.5, "large": 1.0, "xlarge": 2.0, "2xlarge": 4.0, "4xlarge": 8.0}


def _hours(prefix: str, operation: str, large: dict[str, float], suffix: str = "") -> tuple[Meter, ...]:
    """Meters of instance hours; price by family, of its `large` size."""
    return tuple(
        Meter(f"{prefix}:{family}.{size}{suffix}", operation, "Hrs", round(price * factor, 5), 1)
        for family, price in large.items()
        for size, factor in _SIZES.items()
        if size != "medium" or family.startswith(("t", "db.t", "cache.t"))
    )


def _amounts(operation: str, *rows: tuple[str, str, float, float]) -> tuple[Meter, ...]:
    return tuple(Meter(usage_type, operation, unit, price, amount) for usage_type, unit, price, amount in rows)


_OUT = ("DataTransfer-Out-Bytes", "GB", 0.09, 0.4)

SERVICES = (
    Service(
        "Amazon Elastic Compute Cloud",
        "AmazonEC2",
        "Compute",
        "Virtual Machines",
        "instance",
        "arn:aws:ec2:<region>:<account>:instance/i-<id>",
        26,
        (
            *_hours(
                "BoxUsage",
                "RunInstances",
                {"m5": 0.096, "m6i": 0.096, "m7g": 0.0816, "c6i": 0.085, "r6i": 0.126, "t3": 0.0832},
            ),
            *_hours("SpotUsage", "RunInstances:SV", {"m5": 0.038, "c6i": 0.034}),
            *_amounts("InterZone-In", ("DataTransfer-Regional-Bytes", "GB", 0.01, 2.0)),
        ),
        "Savings Plan",
    ),
    Service(
        "Amazon Elastic Block Store",
        "AmazonEBS",
        "Storage",
        "Block Storage",
        "volume",
        "arn:aws:ec2:<region>:<account>:volume/vol-<id>",
        14,
        _amounts(
            "CreateVolume-Gp3",
            ("EBS:VolumeUsage.gp3", "GB-Mo", 0.08, 0.14),
            ("EBS:VolumeUsage.gp2", "GB-Mo", 0.10, 0.14),
            ("EBS:VolumeUsage.io2", "GB-Mo", 0.125, 0.3),
            ("EBS:VolumeP-IOPS.gp3", "IOPS-Mo", 0.005, 4.0),
            ("EBS:VolumeP-Throughput.gp3", "GiBps-mo", 40.96, 0.0002),
            ("EBS:SnapshotUsage", "GB-Mo", 0.05, 0.2),
            ("EBS:VolumeIOUsage", "IOs", 0.00000005, 90000.0),
        ),
    ),
    Service(
        "Amazon Relational Database Service",
        "AmazonRDS",
        "Databases",
        "Relational Databases",
        "db",
        "arn:aws:rds:<region>:<account>:db:db-<id>",
        9,
        (
            *_hours("InstanceUsage", "CreateDBInstance:0014", {"db.m5": 0.178, "db.r6g": 0.225, "db.t3": 0.145}),
            *_amounts(
                "CreateDBInstance",
                ("RDS:GP3-Storage", "GB-Mo", 0.115, 0.3),
                ("RDS:ChargedBackupUsage", "GB-Mo", 0.095, 0.1),
            ),
        ),
        "Reserved",
    ),
    Service(
        "Amazon Simple Storage Service",
        "AmazonS3",
        "Storage",
        "Object Storage",
        "bucket",
        "arn:aws:s3:::data-<id>",
        9,
        _amounts(
            "StandardStorage",
            ("TimedStorage-ByteHrs", "GB-Mo", 0.023, 1.5),
            ("TimedStorage-SIA-ByteHrs", "GB-Mo", 0.0125, 2.0),
            ("TimedStorage-GIR-ByteHrs", "GB-Mo", 0.004, 4.0),
            ("Requests-Tier1", "Requests", 0.000005, 3000.0),
            ("Requests-Tier2", "Requests", 0.0000004, 40000.0),
            _OUT,
        ),
    ),
    Service(
        "AWS Lambda",
        "AWSLambda",
        "Compute",
        "Serverless Compute",
        "function",
        "arn:aws:lambda:<region>:<account>:function:fn-<id>",
        8,
        _amounts(
            "Invoke",
            ("Lambda-GB-Second", "Lambda-GB-Second", 0.0000166667, 2500.0),
            ("Lambda-GB-Second-ARM", "Lambda-GB-Second", 0.0000133334, 2500.0),
            ("Lambda-Provisioned-Concurrency", "Lambda-GB-Second", 0.0000041667, 9000.0),
            ("Request", "Requests", 0.0000002, 30000.0),
        ),
        "Savings Plan",
    ),
    Service(
        "AmazonCloudWatch",
        "AmazonCloudWatch",
        "Management and Governance",
        "Observability",
        "log-group",
        "arn:aws:logs:<region>:<account>:log-group:lg-<id>",
        6,
        _amounts(
            "PutLogEvents",
            ("DataProcessing-Bytes", "GB", 0.50, 0.2),
            ("TimedStorage-ByteHrs-Logs", "GB-Mo", 0.03, 0.4),
            ("CW:MetricMonitorUsage", "Metrics", 0.30, 0.05),
            ("CW:AlarmMonitorUsage", "Alarms", 0.10, 0.02),
            ("CW:Requests", "Requests", 0.00001, 400.0),
        ),
    ),
    Service(
        "Amazon Virtual Private Cloud",
        "AmazonVPC",
        "Networking",
        "Network Infrastructure",
        "natgateway",
        "arn:aws:ec2:<region>:<account>:natgateway/nat-<id>",
        5,
        (
            Meter("NatGateway-Hours", "NatGateway", "Hrs", 0.045, 1),
            Meter("PublicIPv4:InUseAddress", "InUseAddress", "Hrs", 0.005, 1),
            Meter("VpcEndpoint-Hours", "VpcEndpoint", "Hrs", 0.01, 1),
            Meter("NatGateway-Bytes", "NatGateway", "GB", 0.045, 1.8),
        ),
    ),
    Service(
        "Elastic Load Balancing",
        "AWSELB",
        "Networking",
        "Application Networking",
        "loadbalancer",
        "arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/lb/<id>",
        4,
        (
            Meter("LoadBalancerUsage", "LoadBalancing:Application", "Hrs", 0.0225, 1),
            Meter("LoadBalancerUsage:N", "LoadBalancing:Network", "Hrs", 0.0225, 1),
            Meter("LCUUsage", "LoadBalancing:Application", "LCU-Hrs", 0.008, 1.4),
        ),
    ),
    Service(
        "Amazon DynamoDB",
        "AmazonDynamoDB",
        "Databases",
        "NoSQL Databases",
        "table",
        "arn:aws:dynamodb:<region>:<account>:table/t-<id>",
        4,
        _amounts(
            "PayPerRequestThroughput",
            ("ReadRequestUnits", "ReadRequestUnits", 0.000000125, 300000.0),
            ("WriteRequestUnits", "WriteRequestUnits", 0.000000625, 90000.0),
            ("ReadCapacityUnit-Hrs", "RCU-Hrs", 0.00013, 40.0),
            ("WriteCapacityUnit-Hrs", "WCU-Hrs", 0.00065, 20.0),
            ("DDB:TimedStorage-ByteHrs", "GB-Mo", 0.25, 0.1),
        ),
    ),
    Service(
        "Amazon ElastiCache",
        "AmazonElastiCache",
        "Databases",
        "Caching",
        "cluster",
        "arn:aws:elasticache:<region>:<account>:cluster:c-<id>",
        3,
        (
            *_hours("NodeUsage", "CreateCacheCluster:0002", {"cache.m5": 0.156, "cache.r6g": 0.206}),
            *_amounts("CreateCacheCluster:0002", ("BackupUsage", "GB-Mo", 0.085, 0.05)),
        ),
        "Reserved",
    ),
    Service(
        "Amazon Elastic Container Service",
        "AmazonECS",
        "Compute",
        "Containers",
        "task",
        "arn:aws:ecs:<region>:<account>:task/main/<id>",
        3,
        _amounts(
            "FargateTask",
            ("Fargate-vCPU-Hours:perCPU", "vCPU-Hours", 0.04048, 1.6),
            ("Fargate-GB-Hours", "GB-Hours", 0.004445, 3.5),
            ("Fargate-ARM-vCPU-Hours:perCPU", "vCPU-Hours", 0.03238, 1.6),
            ("Fargate-EphemeralStorage-GB-Hours", "GB-Hours", 0.000111, 8.0),
        ),
        "Savings Plan",
    ),
    Service(
        "Amazon Elastic Kubernetes Service",
        "AmazonEKS",
        "Compute",
        "Containers",
        "cluster",
        "arn:aws:eks:<region>:<account>:cluster/k-<id>",
        1.2,
        (
            Meter("AmazonEKS-Hours:perCluster", "CreateOperation", "Hrs", 0.10, 1),
            Meter("AmazonEKS-Hours:extended", "ExtendedSupport", "Hrs", 0.60, 1),
        ),
    ),
    Service(
        "Amazon CloudFront",
        "AmazonCloudFront",
        "Networking",
        "Content Delivery",
        "distribution",
        "arn:aws:cloudfront::<account>:distribution/E<id>",
        1.5,
        _amounts(
            "GET",
            ("Requests-HTTPS-Proxy", "Requests", 0.000001, 50000.0),
            ("Requests-Tier1-HTTPS", "Requests", 0.000001, 40000.0),
            ("CF:DataTransfer-Out-Bytes", "GB", 0.085, 3.0),
        ),
    ),
    Service(
        "Amazon Simple Queue Service",
        "AWSQueueService",
        "Integration",
        "Messaging",
        "queue",
        "arn:aws:sqs:<region>:<account>:q-<id>",
        1.2,
        _amounts(
            "SendMessage",
            ("Requests-FIFO-RBP", "Requests", 0.0000005, 20000.0),
            ("Requests-RBP", "Requests", 0.0000004, 30000.0),
        ),
    ),
    Service(
        "Amazon Simple Notification Service",
        "AmazonSNS",
        "Integration",
        "Messaging",
        "topic",
        "arn:aws:sns:<region>:<account>:t-<id>",
        0.8,
        _amounts(
            "Publish",
            ("DeliveryAttempts-SMS", "Notifications", 0.00645, 4.0),
            ("DeliveryAttempts-HTTP", "Notifications", 0.0000006, 9000.0),
        ),
    ),
    Service(
        "AWS Key Management Service",
        "awskms",
        "Security",
        "Security",
        "key",
        "arn:aws:kms:<region>:<account>:key/<id>",
        1.3,
        _amounts("Decrypt", ("KMS-Keys", "Keys", 1.0, 0.0014), ("KMS-Requests", "Requests", 0.000003, 800.0)),
    ),
    Service(
        "Amazon Redshift",
        "Redshift",
        "Analytics",
        "Data Warehouses",
        "cluster",
        "arn:aws:redshift:<region>:<account>:cluster:r-<id>",
        0.6,
        (
            Meter("Node:ra3.xlplus", "RunComputeNode:0001", "Hrs", 1.086, 1),
            Meter("Node:ra3.4xlarge", "RunComputeNode:0001", "Hrs", 3.26, 1),
            Meter("RMS:ra3", "Storage", "GB-Mo", 0.024, 2.0),
        ),
        "Reserved",
    ),
    Service(
        "Amazon Athena",
        "AmazonAthena",
        "Analytics",
        "Analytics Platforms",
        "workgroup",
        "arn:aws:athena:<region>:<account>:workgroup/w-<id>",
        0.6,
        _amounts(
            "StartQueryExecution", ("DataScannedInTB", "Terabytes", 5.0, 0.02), ("DPUHours", "DPU-Hour", 0.30, 0.3)
        ),
    ),
    Service(
        "Amazon SageMaker",
        "AmazonSageMaker",
        "AI and Machine Learning",
        "AI Platforms",
        "endpoint",
        "arn:aws:sagemaker:<region>:<account>:endpoint/e-<id>",
        0.9,
        (
            *_hours("Host", "RunInstance", {"ml.m5": 0.115, "ml.c6i": 0.102}),
            *_amounts("RunInstance", ("Host:VolumeUsage.gp3", "GB-Mo", 0.112, 0.07)),
        ),
        "Savings Plan",
    ),
    Service(
        "AWS Secrets Manager",
        "AWSSecretsManager",
        "Security",
        "Security",
        "secret",
        "arn:aws:secretsmanager:<region>:<account>:secret:s-<id>",
        0.9,
        _amounts(
            "GetSecretValue",
            ("AWSSecretsManager-Secrets", "Secrets", 0.40, 0.0014),
            ("AWSSecretsManagerAPIRequest", "API Requests", 0.000005, 200.0),
        ),
    ),
)
