"""What is owned, as the simulation takes it: AWS's own lists, and rates of plans as the bill by the hour has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments import hourly_lines
from analysis.commitments.holdings import RESERVED, SAVINGS_PLAN, key_of
from analysis.commitments.units import family, platform_key, size_flexible
from analysis.commitments.usage import Floats, Plan, Reservation

#: What plans of a kind may cover, by service and usage type. Source: AWS, "What are Savings Plans?".
_COVERS = {
    "Compute": {
        "AmazonEC2": r"(?:^|-)(?:BoxUsage|DedicatedUsage|UnusedBox|UnusedDed)",
        "AmazonECS": r"(?:^|-)Fargate-",
        "AmazonEKS": r"(?:^|-)Fargate-",
        "AWSLambda": r"(?:^|-)(?:Lambda-GB-Second|Lambda-Provisioned)",
    },
    "EC2Instance": {"AmazonEC2": r"(?:^|-)(?:BoxUsage|DedicatedUsage|UnusedBox|UnusedDed)"},
    "SageMaker": {"AmazonSageMaker": r"(?:^|[-:])ml[.]"},
}
#: Part of what a plan cost from which on a usage type tells of its discounts.
_WORTH_LOOKING_AT = 0.01
#: What a plan was not seen to cover comes after what it was, where both have the same discount.
_AFTER = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class Owned:
    """Commitments that run now.

    Attributes:
        names, ends: what people call each, and when it ends (naive UTC; NaT where that is not known), by id.
        unlisted: keys of commitments that the bill used in its last days and AWS's lists do not have.
    """

    reservations: tuple[Reservation, ...]
    plans: tuple[Plan, ...]
    names: Mapping[str, str]
    ends: Mapping[str, pd.Timestamp]
    unlisted: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.reservations) + len(self.plans)


def observed_rates(rows: DataFrame) -> DataFrame:
    """What a unit cost that a plan covered, by commitment, usage type and platform.

    Args:
        rows: usage by the hour; needs `charge_category`, `commitment_id`, `usage_type`, `operation`, `effective_cost`,
            `list_cost`, `quantity`.
    Returns:
        Columns tail (the last part of the commitment's id), usage_type, platform, rate, and share of the on-demand
        price.
    """
    used = rows[rows["charge_category"].eq("Usage") & rows["commitment_id"].fillna("").ne("")]
    used = used[used["quantity"].gt(0) & used["effective_cost"].gt(0)]
    operations = {name: hourly_lines.platform(name) for name in used["operation"].fillna("").unique()}
    named = DataFrame(
        {
            "tail": used["commitment_id"].map(_tail).astype("str"),
            "usage_type": used["usage_type"].astype("str"),
            "platform": used["operation"].fillna("").map(operations).astype("str"),
            "cost": used["effective_cost"],
            "list": used["list_cost"],
            "quantity": used["quantity"],
        }
    )
    sums = named.groupby(["tail", "usage_type", "platform"], as_index=False)[["cost", "list", "quantity"]].sum()
    share = (sums["cost"] / sums["list"]).where(sums["list"].gt(0))
    return sums.assign(rate=sums["cost"] / sums["quantity"], share=share)


def owned(held: DataFrame, lines: DataFrame, observed: DataFrame, now: datetime) -> Owned:
    """The commitments that run now, with a rate for every line that a plan may cover.

    Of a plan that covered a usage type in the hours looked at, the rate is what it cost then; of other usage that it
    may cover, the on-demand price less the plan's smallest discount on what it covered. As AWS covers the highest
    discount first, usage that it left out has none higher. A plan that covered nothing has no rates.

    Args:
        held: columns `analysis.commitments.holdings.TERMS`. lines: columns `LINES`. observed: see `observed_rates`.
        now: aware.
    """
    moment = pd.Timestamp(now).tz_convert(None)
    ended = held["ends_at"].le(moment) & held["ends_at"].notna()
    runs = held[held["state"].eq("active") & held["problem"].eq("") & ~ended & ~held["starts_at"].gt(moment)]
    plans, reservations = runs[runs["kind"].eq(SAVINGS_PLAN)], runs[runs["kind"].eq(RESERVED)]
    known = {_tail(id_) for id_ in held["commitment_id"]}
    ids = list(runs["commitment_id"])
    return Owned(
        reservations=tuple(_reservation(row) for row in reservations.to_dict("records")),
        plans=tuple(
            _plan(row, lines, observed) for row in plans.to_dict("records") if math.isfinite(row["hourly_usd"])
        ),
        names=dict(zip(ids, runs["name"], strict=True)),
        ends=dict(zip(ids, runs["ends_at"], strict=True)),
        unlisted=tuple(sorted(set(observed["tail"]) - known)),
    )


def _tail(commitment_id: str) -> str:
    return key_of(commitment_id).rpartition("/")[2]


def _reservation(row: Mapping[Any, Any]) -> Reservation:
    service, kind, platform, zone = (str(row[name]) for name in ("service", "type", "platform", "zone"))
    return Reservation(
        id=str(row["commitment_id"]),
        owner_id=str(row["account_id"]),
        service=service,
        region=str(row["scope_region"]),
        instance_type=kind,
        platform="" if service in ("AmazonES", "AmazonRedshift") else platform,
        count=int(row["count"]),
        hourly=row["hourly_usd"] if math.isfinite(row["hourly_usd"]) else 0.0,
        is_flexible=size_flexible(service, kind, platform, zone=zone),
        zone=zone,
    )


def _plan(row: Mapping[Any, Any], lines: DataFrame, observed: DataFrame) -> Plan:
    own = observed[observed["tail"].eq(_tail(str(row["commitment_id"])))]
    kind, region, of_family = str(row["type"]), str(row["scope_region"]), str(row["family"])
    return Plan(
        id=str(row["commitment_id"]),
        kind=kind,
        owner_id=str(row["account_id"]),
        hourly=float(row["hourly_usd"]),
        rates=_rates(lines, own, _may_cover(lines, kind, region, of_family)),
        region=region,
        family=of_family,
    )


def _rates(lines: DataFrame, own: DataFrame, eligible: Series[bool]) -> Floats:
    """Dollars a unit; missing where the plan covers nothing."""
    told = own.assign(platform=own["platform"].map(platform_key)).groupby(["usage_type", "platform"])["rate"].mean()
    of_type = own.groupby("usage_type")["rate"].mean()
    keys = pd.MultiIndex.from_arrays([lines["usage_type"], lines["platform"].map(platform_key)])
    exact = Series(told.reindex(keys).to_numpy("float64"), index=lines.index)
    # A line of unknown platform takes the mean of those that were covered.
    seen = exact.fillna(lines["usage_type"].map(of_type).where(lines["platform"].eq("")))
    share = own.loc[own["cost"].ge(_WORTH_LOOKING_AT * own["cost"].sum()), "share"].max()
    rates: Floats = seen.fillna((lines["on_demand"] * share * _AFTER).where(eligible)).to_numpy(np.float64)
    return rates


def _may_cover(lines: DataFrame, kind: str, region: str, of_family: str) -> Series[bool]:
    fits = Series(False, index=lines.index)
    for service, usage in _COVERS.get(kind, {}).items():
        fits |= lines["service"].eq(service) & lines["usage_type"].str.contains(usage)
    if kind == "EC2Instance":
        fits &= lines["region"].eq(region) & lines["instance_type"].map(family).eq(of_family)
    return fits
