"""What CloudTrail recorded in an account and region: the calls that made the inventory and what is planted, and others.

Everything follows from the seed and the clock's start, as the ledger and the inventory do.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.demo.aws.organisation import MAIN_REGION
from bot.demo.aws.planted_changes import PLANTED_CHANGES, PlantedChange
from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import ids_of, launched_at, stopped_at

#: How long CloudTrail keeps events.
KEPT_DAYS = 90

#: The call that makes a resource of a kind: its source, its name and CloudTrail's type of the resource.
_MADE_BY: Mapping[Kind, tuple[str, str, str]] = {
    Kind.INSTANCE: ("ec2", "RunInstances", "AWS::EC2::Instance"),
    Kind.VOLUME: ("ec2", "CreateVolume", "AWS::EC2::Volume"),
    Kind.SNAPSHOT: ("ec2", "CreateSnapshot", "AWS::EC2::Snapshot"),
    Kind.IMAGE: ("ec2", "CreateImage", "AWS::EC2::Ami"),
    Kind.AUTO_SCALING_GROUP: ("autoscaling", "CreateAutoScalingGroup", "AWS::AutoScaling::AutoScalingGroup"),
    Kind.NAT_GATEWAY: ("ec2", "CreateNatGateway", "AWS::EC2::NatGateway"),
    Kind.ELASTIC_IP: ("ec2", "AllocateAddress", "AWS::EC2::EIP"),
    Kind.LOAD_BALANCER: (
        "elasticloadbalancing", "CreateLoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"
    ),
    Kind.DATABASE: ("rds", "CreateDBInstance", "AWS::RDS::DBInstance"),
    Kind.CACHE: ("elasticache", "CreateCacheCluster", "AWS::ElastiCache::CacheCluster"),
    Kind.BUCKET: ("s3", "CreateBucket", "AWS::S3::Bucket"),
    Kind.LOG_GROUP: ("logs", "CreateLogGroup", "AWS::Logs::LogGroup"),
    Kind.FUNCTION: ("lambda", "CreateFunction20150331", "AWS::Lambda::Function"),
    Kind.TABLE: ("dynamodb", "CreateTable", "AWS::DynamoDB::Table"),
    Kind.DATABASE_SNAPSHOT: ("rds", "CreateDBSnapshot", "AWS::RDS::DBSnapshot"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event.

    Attributes:
        role: who called; "" where a service of AWS did by itself.
        via: the host of the service that called for them, or that did.
        error: AWS's code where the call was refused.
    """

    at: datetime
    account_id: str
    region: str
    source: str
    event: str
    role: str
    resources: tuple[tuple[str, str], ...] = ()
    via: str = ""
    error: str = ""
    read_only: bool = False

    @property
    def id(self) -> str:
        """The same for the same event, whoever asks."""
        text = f"{self.account_id}/{self.region}/{self.event}/{self.at.isoformat()}/{self.resources}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, text))

    def shown(self) -> dict[str, Any]:
        """The event as LookupEvents gives it."""
        listed = [{"ResourceType": kind, "ResourceName": name} for kind, name in self.resources]
        return {
            "EventId": self.id,
            "EventName": self.event,
            "ReadOnly": "true" if self.read_only else "false",
            "EventTime": self.at.timestamp(),
            "EventSource": self.source,
            **({"Username": "costbot-demo", "AccessKeyId": f"ASIA{self.id[:8].upper()}DEMO"} if self.role else {}),
            "Resources": listed,
            "CloudTrailEvent": json.dumps(self._record()),
        }

    def _record(self) -> dict[str, Any]:
        return {
            "eventVersion": "1.10",
            "userIdentity": self._identity(),
            "eventTime": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": self.source,
            "eventName": self.event,
            "awsRegion": self.region,
            "sourceIPAddress": self.via or "203.0.113.10",
            "userAgent": self.via or "aws-cli/2.31.0",
            **({"errorCode": self.error, "errorMessage": "You are not authorized."} if self.error else {}),
            "requestParameters": {},
            "eventID": self.id,
            "readOnly": self.read_only,
            "eventType": "AwsApiCall" if self.role else "AwsServiceEvent",
            "managementEvent": True,
            "recipientAccountId": self.account_id,
            "eventCategory": "Management",
        }

    def _identity(self) -> dict[str, Any]:
        if not self.role:
            return {"type": "AWSService", "invokedBy": self.via}
        return {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{self.account_id}:assumed-role/{self.role}/costbot-demo",
            "accountId": self.account_id,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "arn": f"arn:aws:iam::{self.account_id}:role/{self.role}",
                    "accountId": self.account_id,
                    "userName": self.role,
                },
                "attributes": {"mfaAuthenticated": "false"},
            },
            **({"invokedBy": self.via} if self.via else {}),
        }


def trail(seed: int, today: date, account_id: str, region: str) -> tuple[Recorded, ...]:
    """Everything recorded in an account and region, the oldest first.

    Args:
        today: the day on which the clock started; later days have nothing but what is planted.
    """
    found = [
        *_of_inventory(seed, today, account_id, region),
        *_of_planted(today, account_id, region),
        *_of_every_day(seed, today, account_id, region),
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.event, one.resources)))


def _of_inventory(seed: int, today: date, account_id: str, region: str) -> Iterator[Recorded]:
    ids = ids_of(seed)
    for resource in resources(seed):
        if (resource.account_id, resource.region) != (account_id, region):
            continue
        source, event, kind = _MADE_BY[resource.kind]
        named = ((kind, ids[resource.key]),)
        role = f"{resource.team or 'engineer'}-deploy"
        if resource.created_days_ago <= KEPT_DAYS:
            at = launched_at(resource, today)
            yield Recorded(at, account_id, region, f"{source}.amazonaws.com", event, role, named)
        stopped = stopped_at(resource, today)
        if stopped is not None and resource.kind is Kind.INSTANCE:
            yield Recorded(stopped, account_id, region, "ec2.amazonaws.com", "StopInstances", role, named)


def _of_planted(today: date, account_id: str, region: str) -> Iterator[Recorded]:
    for change in PLANTED_CHANGES:
        if (change.of.account_id, change.of.region) == (account_id, region):
            yield recorded(change, today)


def recorded(change: PlantedChange, today: date) -> Recorded:
    """A planted change as it was recorded."""
    return Recorded(
        at=_midnight(today, change.days_ago) + change.after,
        account_id=change.of.account_id,
        region=change.of.region,
        source=change.source,
        event=change.event,
        role=change.role,
        resources=change.resources,
        via=change.via,
        error=change.error,
    )


def _of_every_day(seed: int, today: date, account_id: str, region: str) -> Iterator[Recorded]:
    """What happens every day and means nothing: groups that follow their load, and costbot's own reading."""
    ids = ids_of(seed)
    groups: list[Resource] = [
        one
        for one in resources(seed)
        if one.kind is Kind.AUTO_SCALING_GROUP and (one.account_id, one.region) == (account_id, region)
    ]
    for days_ago in range(KEPT_DAYS + 1):
        midnight = _midnight(today, days_ago)
        for number, group in enumerate(groups):
            named = (("AWS::AutoScaling::AutoScalingGroup", ids[group.key]),)
            for hour in (6, 19):
                at = midnight + timedelta(hours=hour, minutes=7 * number)
                yield Recorded(
                    at, account_id, region, "autoscaling.amazonaws.com", "SetDesiredCapacity", "", named,
                    via="autoscaling.amazonaws.com",
                )  # fmt: skip
        if region == MAIN_REGION:
            at = midnight + timedelta(hours=4)
            yield Recorded(
                at, account_id, region, "ec2.amazonaws.com", "DescribeInstances", "costbot-read", read_only=True
            )


def _midnight(today: date, days_ago: int) -> datetime:
    return datetime.combine(today, time(), UTC) - timedelta(days=days_ago)
