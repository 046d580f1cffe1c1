"""The table `spot_prices`: what the types that might run on Spot cost there, zone by zone, over the days looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks.ec2.spotable import may_be_spot
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("ec2:DescribeSpotPriceHistory",)
SCOPE = Scope.PLACE
OF = "ec2_instances"
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "az": "str",
    "instance_type": "str",
    "mean_usd": "float64",  # an hour, weighed by how long each price held
    "highest_usd": "float64",
    "priced_days": "float64",  # that the history covers
}
#: Types of one request.
_MOST_TYPES = 50
_LINUX = "Linux/UNIX"


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Spot prices of the types of instances that another check of their use would let run there.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    types = sorted(rows.loc[may_be_spot(rows), "instance_type"].unique())
    if not types:
        return typed([], COLUMNS)
    return parse(fetch(aws, here.account.id, here.region, types, window), here.account.id, here.region, window)


def fetch(aws: Aws, account_id: str, region: str, types: Sequence[str], window: Window) -> list[dict[str, Any]]:
    """Every change of price in the window, and the price that held at its start.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    found: list[dict[str, Any]] = []
    with reading("ec2:DescribeSpotPriceHistory", account_id, region):
        paginator = aws.client("ec2", account_id=account_id, region=region).get_paginator("describe_spot_price_history")
        for start in range(0, len(types), _MOST_TYPES):
            for page in paginator.paginate(
                InstanceTypes=list(types[start : start + _MOST_TYPES]),
                ProductDescriptions=[_LINUX],
                StartTime=window.start,
                EndTime=window.end,
            ):
                found += page["SpotPriceHistory"]
    return found


def parse(history: Iterable[Mapping[str, Any]], account_id: str, region: str, window: Window) -> DataFrame:
    """The changes as a table with `COLUMNS`: a price holds until the next one, the last until the window ends."""
    rows: list[dict[str, Any]] = [
        {
            "az": change["AvailabilityZone"],
            "instance_type": change["InstanceType"],
            "usd": float(change["SpotPrice"]),
            "told_at": _utc(change["Timestamp"]),
            "at": max(_utc(change["Timestamp"]), window.start),
        }
        for change in history
        if change["ProductDescription"] == _LINUX and _utc(change["Timestamp"]) < window.end
    ]
    if not rows:
        return typed([], COLUMNS)
    # Of changes before the window the last one holds at its start.
    changes = DataFrame(rows).sort_values("told_at")
    changes = changes.drop_duplicates(["az", "instance_type", "at"], keep="last")
    until = changes.groupby(["az", "instance_type"])["at"].shift(-1)
    until = pd.to_datetime(until, utc=True).fillna(pd.Timestamp(window.end))
    changes["days"] = (until - pd.to_datetime(changes["at"], utc=True)) / timedelta(days=1)
    changes["weighed"] = changes["usd"] * changes["days"]
    of = changes.groupby(["az", "instance_type"], as_index=False).agg(
        weighed=("weighed", "sum"), priced_days=("days", "sum"), highest_usd=("usd", "max")
    )
    of["mean_usd"] = of["weighed"] / of["priced_days"]
    return of.assign(account_id=account_id, region=region).astype(COLUMNS)[list(COLUMNS)].reset_index(drop=True)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
