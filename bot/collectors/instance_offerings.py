"""The table `instance_offerings`: which of the types each availability zone of an account offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pandas import DataFrame

from analysis.rightsizing.catalog import families_needed
from bot.aws import Aws, reading
from bot.collectors.ec2_metrics import measured
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("ec2:DescribeInstanceTypeOfferings",)

COLUMNS: dict[str, str] = {
    "account_id": "str",  # zone names mean another zone in another account
    "region": "str",
    "az": "str",
    "instance_type": "str",
}
_MOST_VALUES = 200
SCOPE = Scope.PLACE
OF = "ec2_instances"


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """What the zones offer of the families in use and of their siblings.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    asked = measured(rows)
    if asked.empty:
        return typed([], COLUMNS)
    families = families_needed(asked["instance_type"])
    return parse(fetch(aws, here.account.id, here.region, families), here.account.id, here.region)


def fetch(aws: Aws, account_id: str, region: str, families: Sequence[str]) -> list[dict[str, Any]]:
    """What of these families each zone offers.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    found: list[dict[str, Any]] = []
    with reading("ec2:DescribeInstanceTypeOfferings", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        paginator = client.get_paginator("describe_instance_type_offerings")
        for start in range(0, len(families), _MOST_VALUES):
            values = [f"{family}.*" for family in families[start : start + _MOST_VALUES]]
            pages = paginator.paginate(
                LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": values}]
            )
            found += [offering for page in pages for offering in page["InstanceTypeOfferings"]]
    return found


def parse(offerings: Iterable[Mapping[str, Any]], account_id: str, region: str) -> DataFrame:
    """The offerings as a table with `COLUMNS`."""
    return typed(
        [
            {
                "account_id": account_id,
                "region": region,
                "az": offering["Location"],
                "instance_type": offering["InstanceType"],
            }
            for offering in offerings
        ],
        COLUMNS,
    )
