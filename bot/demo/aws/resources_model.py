"""What one resource of the demo organisation is, to the ledger, the inventory and the metrics alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

HOURS_A_MONTH = 730

MANAGEMENT = "123456789012"
PROD = "111122223333"
STAGING = "444455556666"
DATA_PLATFORM = "777788889999"
SANDBOX = "222233334444"
SHARED_SERVICES = "555566667777"

MAIN_REGION = "us-east-1"
SECOND_REGION = "eu-west-1"

EC2_COMPUTE = "Amazon Elastic Compute Cloud - Compute"
EC2_OTHER = "EC2 - Other"


class Kind(StrEnum):
    """Kinds of resources, and the first part of every key."""

    INSTANCE = "ec2_instance"
    VOLUME = "ebs_volume"
    SNAPSHOT = "ebs_snapshot"
    IMAGE = "ec2_image"
    AUTO_SCALING_GROUP = "auto_scaling_group"
    NAT_GATEWAY = "nat_gateway"
    ELASTIC_IP = "elastic_ip"
    LOAD_BALANCER = "load_balancer"
    DATABASE = "rds_instance"
    CACHE = "elasticache_cluster"
    BUCKET = "s3_bucket"
    LOG_GROUP = "log_group"
    FUNCTION = "lambda_function"
    TABLE = "dynamodb_table"
    DATABASE_SNAPSHOT = "rds_snapshot"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, from its launch to now (or, for an instance, to the day it was stopped).

    Attributes:
        key: `<kind>/<name>`, unique in the organisation and the same for every seed.
        zone: availability zone; None for what lives in a whole region.
        type: what AWS prices it by (`m5.large`, `gp3`, `db.m5.large`); empty where nothing of the kind exists.
        team, env: cost allocation tags; None is untagged.
        created_days_ago: whole days before the clock's start.
        stopped_days_ago: None while it runs; a stopped instance is not billed for compute.
        profile: name of its load in `profiles.PROFILES`; empty without metrics.
        attributes: what only its kind has (`size_gib`, `attached_to`, `engine`, ...).
        service, usage_type: as Cost Explorer spells them.
        hourly_rate: dollars an hour, all parts together but what a commitment pays.
        commitment: ARN of what pays its hours; empty where they are on demand.
        committed_hourly: dollars an hour of that commitment that it takes.
    """

    kind: Kind
    key: str
    account_id: str
    region: str
    zone: str | None
    type: str
    team: str | None
    env: str | None
    created_days_ago: int
    stopped_days_ago: int | None
    profile: str
    attributes: Mapping[str, Any]
    service: str
    usage_type: str
    hourly_rate: float
    commitment: str = ""
    committed_hourly: float = 0.0

    @property
    def name(self) -> str:
        """The value of its `Name` tag, or the name AWS knows it by."""
        return self.key.partition("/")[2]

    @property
    def tags(self) -> dict[str, str]:
        """All of its tags, `Name` first."""
        tags = {"Name": self.name}
        if self.team is not None:
            tags["team"] = self.team
        if self.env is not None:
            tags["env"] = self.env
        return tags

    @property
    def monthly_cost(self) -> float:
        """Dollars for 730 hours, with what a commitment pays."""
        return (self.hourly_rate + self.committed_hourly) * HOURS_A_MONTH


def region_of(zone: str) -> str:
    """`us-east-1a` lies in `us-east-1`."""
    return zone[:-1]


def usage_in(region: str, usage_type: str) -> str:
    """A usage type with the prefix it carries in `region`; us-east-1 has none."""
    return usage_type if region == MAIN_REGION else f"EUW1-{usage_type}"
