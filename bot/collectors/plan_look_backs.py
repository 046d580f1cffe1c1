"""AWS's own look-back, hour by hour, of the Savings Plans that it proposes: what stands in for an export's hours.

The proposals are those that `purchase_recommendations` asks for once a week. Each one's details cost a cent more, and
are kept for a week as well: `MOST_A_WEEK` of them at most, with the two lists ten cents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from botocore.exceptions import ClientError
from pandas import DatetimeIndex

from analysis.commitments.look_back import Detail
from bot.aws import reading
from bot.collectors.asked_weekly import AGAIN_AFTER, Answer, asked_weekly
from bot.collectors.explorer_use import number
from bot.collectors.purchase_recommendations import LOOK_BACK_DAYS, PLANS, billed_services, plans_proposed
from bot.context import Context
from bot.errors import SourceUnavailable

ACTION = "ce:GetSavingsPlanPurchaseRecommendationDetails"
ACTIONS = (ACTION,)
#: Details that are asked for in any seven days, a cent each.
MOST_A_WEEK = 8
#: Plans whose hours the optimiser takes. Databases are compared with reservations, of which no look-back tells hours.
KINDS = ("Compute", "SageMaker", "EC2Instance")
_FACT = "commitments.look_back."
#: Moments at which details were asked for and told.
_ASKED = f"{_FACT}asked"
_NOT_THERE = "DataUnavailableException"
_TOTALS = {
    "hourly": "HourlyCommitmentToPurchase",
    "cost": "EstimatedSPCost",
    "saving": "EstimatedSavingsAmount",
    "utilization": "EstimatedAverageUtilization",
    "spent": "EstimatedOnDemandCostWithCurrentCommitment",
    "left": "EstimatedOnDemandCost",
    "mean": "CurrentAverageHourlyOnDemandSpend",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Details that AWS gave, and sentences about those that it did not; `proposed` are all that there are."""

    details: tuple[Detail, ...]
    problems: tuple[str, ...]
    proposed: int


def told_look_backs(context: Context) -> Told:
    """The details of what AWS proposes: all compute first, then the families that would save most.

    Asks Cost Explorer for what is not kept, as far as a week's cents and a day's requests go.
    """
    proposals, problems = _proposals(context)
    details = []
    for one in proposals[:MOST_A_WEEK]:
        answer = _details(context, one)
        details += [_detail(one, row) for row in answer.rows]
        problems += [answer.problem] if answer.problem else []
    return Told(tuple(details), tuple(dict.fromkeys(problems)), len(proposals))


def _proposals(context: Context) -> tuple[list[Mapping[str, Any]], list[str]]:
    """Rows as AWS proposes plans, in the order in which they are asked about; why there are none of a kind."""
    billed = billed_services(context)
    rows: list[Mapping[str, Any]] = []
    problems = []
    for name, kind, services in PLANS:
        if kind in KINDS and services & billed:
            answer = plans_proposed(context, name, kind)
            rows += [one for one in answer.rows if one.get("detail_id")]
            problems += [answer.problem] if answer.problem else []
    found = sorted(rows, key=lambda one: (KINDS.index(one["kind"]), -(one["saving"] or 0.0), one["resource_id"]))
    return found, problems


def _details(context: Context, proposal: Mapping[str, Any]) -> Answer:
    def ask() -> list[dict[str, Any]]:
        now = context.clock.now()
        before = _asked(context, now)
        if len(before) >= MOST_A_WEEK:
            raise SourceUnavailable(
                f"Cost Explorer was asked for {MOST_A_WEEK} look-backs within a week, which is all it is asked for.",
                "The others follow a week after the first.",
            )
        found = _fetch(context, proposal["detail_id"])
        context.store.remember(_ASKED, json.dumps([*before, now.isoformat()]), now)
        return [found]

    return asked_weekly(context, _FACT + proposal["resource_id"], ask)


def _asked(context: Context, now: datetime) -> list[str]:
    """When details were asked for within the last week, as ISO moments."""
    told = context.store.recall(_ASKED)
    every: list[str] = json.loads(told) if told else []
    return [at for at in every if now - datetime.fromisoformat(at) < AGAIN_AFTER]


def _fetch(context: Context, detail_id: str) -> dict[str, Any]:
    """One proposal's totals and hours, as plain values; what AWS does not tell is None."""
    with reading(ACTION):
        client = context.aws.client("ce")
        try:
            page = client.get_savings_plan_purchase_recommendation_details(RecommendationDetailId=detail_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != _NOT_THERE:
                raise
            raise SourceUnavailable(
                "AWS has not generated the hours of its proposal, or has them no more.",
                "costbot asks again at the next scan; AWS bills nothing for it.",
            ) from error
    data = page.get("RecommendationDetailData", {})
    if data.get("CurrencyCode", "USD") != "USD":
        raise SourceUnavailable(f"AWS tells its look-back in {data['CurrencyCode']}, and rates in dollars.")
    metrics = data.get("MetricsOverLookbackPeriod", ())
    return {
        "totals": {name: number(data.get(field)) for name, field in _TOTALS.items()},
        "hours": [one.get("StartTime") for one in metrics],
        "left": [number(one.get("EstimatedOnDemandCost")) for one in metrics],
        "used": [number(one.get("EstimatedNewCommitmentUtilization")) for one in metrics],
        "now": [number(one.get("CurrentCoverage")) for one in metrics],
        "then": [number(one.get("EstimatedCoverage")) for one in metrics],
    }


def _detail(proposal: Mapping[str, Any], row: Mapping[str, Any]) -> Detail:
    hours = pd.to_datetime(pd.Series(row["hours"], dtype="object"), utc=True, errors="coerce", format="ISO8601")
    known = hours.notna().to_numpy()
    totals = {name: _value(value) for name, value in row["totals"].items()}
    totals["utilization"] /= 100
    return Detail(
        kind=proposal["kind"],
        family=proposal["family"],
        region=proposal["place"],
        days=LOOK_BACK_DAYS,
        **totals,
        hours=DatetimeIndex(hours[known]),
        left_by_hour=_values(row["left"])[known],
        used_by_hour=_values(row["used"])[known] / 100,
        covered_now=_values(row["now"])[known] / 100,
        covered_then=_values(row["then"])[known] / 100,
    )


def _values(values: Iterable[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([_value(one) for one in values], dtype="float64")


def _value(value: float | None) -> float:
    return float("nan") if value is None else float(value)
