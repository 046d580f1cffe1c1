"""Which changes of an account can make a cost rise or fall, and which of those found are worth telling: a hint only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analysis.models import Change

#: Changes that are told.
MOST_TOLD = 2

#: How close to the beginning of a rise a change must lie to be one of its first hours.
NEAR = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Events by what they can do to the cost of services or of usage types, the likeliest first.

    Events are written as `source:EventName`; the source is the first word of CloudTrail's `eventSource`.
    """

    services: tuple[str, ...]
    rising: tuple[str, ...]
    falling: tuple[str, ...]
    pattern: str = ""

    def fits(self, service: str, usage_type: str) -> bool:
        if self.services and service not in self.services:
            return False
        return re.search(self.pattern, usage_type) is not None


_GROUPS = ("autoscaling:UpdateAutoScalingGroup", "autoscaling:SetDesiredCapacity")

#: The finest first; of those that fit, the first is taken. A rise of traffic can have a fall of something as its cause.
_KINDS: tuple[_Kind, ...] = (
    _Kind(
        (),
        ("ec2:CreateNatGateway", "ec2:DeleteVpcEndpoints", "ec2:CreateRoute", "ec2:ReplaceRoute"),
        ("ec2:DeleteNatGateway", "ec2:CreateVpcEndpoint", "ec2:DeleteRoute", "ec2:ReplaceRoute"),
        r"NatGateway",
    ),
    _Kind(
        ("ec2",),
        ("ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:CopySnapshot", "ec2:CreateImage"),
        ("ec2:DeleteSnapshot",),
        r"EBS:Snapshot",
    ),
    _Kind(
        ("ec2",),
        ("ec2:ModifyVolume", "ec2:CreateVolume", "ec2:RunInstances"),
        ("ec2:DeleteVolume", "ec2:ModifyVolume", "ec2:TerminateInstances"),
        r"EBS:",
    ),
    _Kind(
        ("ec2", "vpc"),
        ("ec2:AllocateAddress", "ec2:RunInstances", "ec2:DisassociateAddress"),
        ("ec2:ReleaseAddress", "ec2:TerminateInstances"),
        r"ElasticIP|PublicIPv4",
    ),
    _Kind(
        (),
        ("ec2:DeleteVpcEndpoints", "ec2:CreateVpcPeeringConnection", "ec2:CreateRoute", "s3:PutBucketReplication"),
        ("ec2:CreateVpcEndpoint", "ec2:DeleteRoute", "s3:DeleteBucketReplication"),
        r"DataTransfer|-AWS-(?:In|Out)-Bytes",
    ),
    _Kind(
        ("ec2",),
        ("ec2:RunInstances", "ec2:StartInstances", *_GROUPS, "autoscaling:PutScalingPolicy",
         "ec2:ModifyInstanceAttribute"),
        ("ec2:TerminateInstances", "ec2:StopInstances", *_GROUPS, "ec2:ModifyInstanceAttribute"),
    ),
    _Kind(("vpc",), ("ec2:CreateVpcEndpoint", "ec2:CreateVpnConnection"), ("ec2:DeleteVpcEndpoints",)),
    _Kind(
        ("rds",),
        ("rds:CreateDBInstance", "rds:ModifyDBInstance", "rds:StartDBInstance", "rds:CreateDBCluster",
         "rds:ModifyDBCluster", "rds:RestoreDBInstanceFromDBSnapshot"),
        ("rds:DeleteDBInstance", "rds:StopDBInstance", "rds:ModifyDBInstance", "rds:DeleteDBCluster"),
    ),
    _Kind(
        ("elasticache",),
        ("elasticache:CreateCacheCluster", "elasticache:CreateReplicationGroup",
         "elasticache:ModifyReplicationGroup", "elasticache:IncreaseReplicaCount"),
        ("elasticache:DeleteCacheCluster", "elasticache:DeleteReplicationGroup",
         "elasticache:DecreaseReplicaCount"),
    ),
    _Kind(
        ("s3",),
        ("s3:DeleteBucketLifecycle", "s3:PutBucketLifecycle", "s3:PutBucketReplication", "s3:PutBucketVersioning",
         "s3:CreateBucket"),
        ("s3:PutBucketLifecycle", "s3:DeleteBucket", "s3:DeleteBucketReplication"),
    ),
    _Kind(
        ("dynamodb",),
        ("dynamodb:UpdateTable", "dynamodb:CreateTable", "dynamodb:UpdateContinuousBackups"),
        ("dynamodb:DeleteTable", "dynamodb:UpdateTable"),
    ),
    _Kind(
        ("lambda",),
        ("lambda:UpdateFunctionConfiguration20150331v2", "lambda:UpdateFunctionCode20150331v2",
         "lambda:CreateFunction20150331", "lambda:CreateEventSourceMapping20150331"),
        ("lambda:DeleteFunction20150331", "lambda:UpdateFunctionConfiguration20150331v2",
         "lambda:UpdateFunctionCode20150331v2"),
    ),
    _Kind(
        ("cloudwatch",),
        ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy",
         "monitoring:PutMetricStream", "monitoring:PutMetricAlarm"),
        ("logs:DeleteLogGroup", "logs:PutRetentionPolicy", "monitoring:DeleteMetricStream",
         "monitoring:DeleteAlarms"),
    ),
    _Kind(
        ("elb",),
        ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:RegisterTargets"),
        ("elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeregisterTargets"),
    ),
    _Kind(
        ("cloudfront",),
        ("cloudfront:CreateDistribution", "cloudfront:UpdateDistribution"),
        ("cloudfront:DeleteDistribution", "cloudfront:UpdateDistribution"),
    ),
    _Kind(("route53",), ("route53:CreateHostedZone",), ("route53:DeleteHostedZone",)),
    _Kind(
        ("ecs",),
        ("ecs:UpdateService", "ecs:CreateService", "ecs:RunTask"),
        ("ecs:UpdateService", "ecs:DeleteService", "ecs:StopTask"),
    ),
    _Kind(
        ("eks",),
        ("eks:CreateCluster", "eks:CreateNodegroup", "eks:UpdateNodegroupConfig"),
        ("eks:DeleteCluster", "eks:DeleteNodegroup", "eks:UpdateNodegroupConfig"),
    ),
    _Kind(("ecr",), ("ecr:CreateRepository", "ecr:DeleteLifecyclePolicy"), ("ecr:PutLifecyclePolicy",)),
    _Kind(
        ("efs",),
        ("elasticfilesystem:CreateFileSystem", "elasticfilesystem:UpdateFileSystem",
         "elasticfilesystem:PutLifecycleConfiguration"),
        ("elasticfilesystem:DeleteFileSystem", "elasticfilesystem:UpdateFileSystem",
         "elasticfilesystem:PutLifecycleConfiguration"),
    ),
    _Kind(("fsx",), ("fsx:CreateFileSystem", "fsx:UpdateFileSystem"), ("fsx:DeleteFileSystem",)),
    _Kind(
        ("redshift",),
        ("redshift:CreateCluster", "redshift:ResizeCluster", "redshift:ModifyCluster", "redshift:ResumeCluster"),
        ("redshift:DeleteCluster", "redshift:ResizeCluster", "redshift:PauseCluster"),
    ),
    _Kind(("opensearch",), ("es:CreateDomain", "es:UpdateDomainConfig"), ("es:DeleteDomain", "es:UpdateDomainConfig")),
    _Kind(
        ("kinesis",),
        ("kinesis:CreateStream", "kinesis:UpdateShardCount", "kinesis:UpdateStreamMode"),
        ("kinesis:DeleteStream", "kinesis:UpdateShardCount"),
    ),
    _Kind(("firehose",), ("firehose:CreateDeliveryStream",), ("firehose:DeleteDeliveryStream",)),
    _Kind(
        ("sagemaker",),
        ("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:CreateTrainingJob",
         "sagemaker:StartNotebookInstance", "sagemaker:CreateNotebookInstance"),
        ("sagemaker:DeleteEndpoint", "sagemaker:StopNotebookInstance", "sagemaker:DeleteNotebookInstance"),
    ),
    _Kind(
        ("bedrock",),
        ("bedrock:CreateFoundationModelAgreement", "bedrock:PutUseCaseForModelAccess",
         "bedrock:CreateProvisionedModelThroughput", "bedrock:CreateModelInvocationJob"),
        ("bedrock:DeleteProvisionedModelThroughput", "bedrock:DeleteFoundationModelAgreement"),
    ),
    _Kind(("glue",), ("glue:CreateJob", "glue:UpdateJob", "glue:CreateTrigger"), ("glue:DeleteJob", "glue:UpdateJob")),
    _Kind(("config",), ("config:PutConfigurationRecorder",), ("config:StopConfigurationRecorder",)),
    _Kind(("guardduty",), ("guardduty:CreateDetector", "guardduty:UpdateDetector"), ("guardduty:DeleteDetector",)),
    _Kind(("cloudtrail",), ("cloudtrail:CreateTrail", "cloudtrail:PutEventSelectors"), ("cloudtrail:DeleteTrail",)),
    _Kind(
        ("backup",),
        ("backup:CreateBackupPlan", "backup:UpdateBackupPlan", "backup:StartBackupJob"),
        ("backup:DeleteBackupPlan", "backup:UpdateBackupPlan"),
    ),
    _Kind(("transitgateway",), ("ec2:CreateTransitGatewayVpcAttachment",), ("ec2:DeleteTransitGatewayVpcAttachment",)),
)  # fmt: skip


def events_of(service: str, usage_type: str, *, rising: bool) -> tuple[str, ...]:
    """What can make this cost rise (or fall), as `source:EventName`, the likeliest first; nothing where unknown.

    Args:
        service: a key of `analysis.services`. usage_type: as the bill spells it; "" where it is not known.
    """
    found = next((kind for kind in _KINDS if kind.fits(service, usage_type)), None)
    if found is None:
        return ()
    return found.rising if rising else found.falling


def every_event() -> frozenset[str]:
    """All events that are looked for."""
    return frozenset(event for kind in _KINDS for event in (*kind.rising, *kind.falling))


def likeliest(
    changes: Iterable[Change], *, resources: Collection[str], start: datetime, most: int = MOST_TOLD
) -> tuple[Change, ...]:
    """The few changes worth telling, the likeliest first; those of one kind and maker are one, with the others counted.

    What names a resource of the cause comes before what does not, then what lies near the beginning, then what people
    did before what AWS's own services did; of those alike the one nearest to the beginning.

    Args:
        start: the first moment of the days that changed.
    """

    def rank(one: Change) -> tuple[bool, bool, bool, float]:
        apart = one.at - start
        return (
            not set(one.resources) & set(resources),
            abs(apart) > NEAR,
            one.by_service,
            abs(apart.total_seconds()),
        )

    alike: dict[tuple[str, str, str], Change] = {}
    for one in sorted(changes, key=lambda one: (rank(one), one.event, one.who, one.via, one.resources)):
        key = (one.event, one.who, one.via)
        first = alike.get(key)
        alike[key] = one if first is None else replace(first, more=first.more + 1 + one.more)
    return tuple(alike.values())[:most]
