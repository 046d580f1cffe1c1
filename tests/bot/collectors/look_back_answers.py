"""AWS's answers about plans that it proposes and their hours, of dollars on demand that a test plants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.commitments.look_back import Detail
from analysis.commitments.usage import Floats
from tests.analysis.commitments.look_back_factories import day_and_night, detail

LISTS, DETAILS = "ce:GetSavingsPlansPurchaseRecommendation", "ce:GetSavingsPlanPurchaseRecommendationDetails"
#: What a day of hours costs: two families, and what else a Compute plan would cover.
M5, C5, OTHER = day_and_night(), day_and_night(day=3.0, night=3.0), day_and_night(day=2.0, night=1.0)


def proposed(*families: str, dollars: Floats = M5) -> list[Detail]:
    """A Compute plan for everything, and a plan for each of some families of us-east-1, all alike."""
    whole = detail(len(families) * dollars + OTHER, hourly=5.0 * max(1, len(families)), ratio=0.72, kind="Compute")
    return [whole, *(detail(dollars, hourly=5.0, ratio=0.66, family=one) for one in families)]


def listed(details: Sequence[Detail]) -> dict[str, Any]:
    """GetSavingsPlansPurchaseRecommendation."""
    told = [
        _totals(one)
        | {
            "SavingsPlansDetails": {"Region": one.region, "InstanceFamily": one.family, "OfferingId": "o"},
            "RecommendationDetailId": detail_id(one),
        }
        for one in details
    ]
    return {"SavingsPlansPurchaseRecommendation": {"SavingsPlansPurchaseRecommendationDetails": told}}


def detail_id(one: Detail) -> str:
    """In AWS's form; the same for the same proposal."""
    return str(uuid5(NAMESPACE_URL, one.name))


def hour_by_hour(one: Detail, **changed: Any) -> dict[str, Any]:
    """GetSavingsPlanPurchaseRecommendationDetails."""
    metrics = [
        {
            "StartTime": f"{hour:%Y-%m-%dT%H:%M:%SZ}",
            "EstimatedOnDemandCost": f"{left:.10f}",
            "CurrentCoverage": f"{100 * now:.10f}",
            "EstimatedCoverage": f"{100 * then:.10f}",
            "EstimatedNewCommitmentUtilization": f"{100 * used:.10f}",
        }
        for hour, left, used, now, then in zip(
            one.hours, one.left_by_hour, one.used_by_hour, one.covered_now, one.covered_then, strict=True
        )
    ]
    data = _totals(one) | {"MetricsOverLookbackPeriod": metrics} | changed
    return {"RecommendationDetailId": detail_id(one), "RecommendationDetailData": data}


def answers(details: Sequence[Detail]) -> dict[str, list[Any]]:
    """The lists of Compute and of EC2 Instance plans, and each one's hours in the order in which they are asked for."""
    wide, narrow = ([one for one in details if (one.kind == "Compute") is is_wide] for is_wide in (True, False))
    ordered = [*wide, *sorted(narrow, key=lambda one: (-one.saving, one.name))]
    return {LISTS: [listed(wide), listed(narrow)], DETAILS: [hour_by_hour(one) for one in ordered]}


def _totals(one: Detail) -> dict[str, str]:
    told = {
        "HourlyCommitmentToPurchase": one.hourly,
        "EstimatedSPCost": one.cost,
        "EstimatedSavingsAmount": one.saving,
        "EstimatedAverageUtilization": 100 * one.utilization,
        "EstimatedOnDemandCostWithCurrentCommitment": one.spent,
        "EstimatedOnDemandCost": one.left,
        "CurrentAverageHourlyOnDemandSpend": one.mean,
        "EstimatedMonthlySavingsAmount": one.saving / one.days * 730 / 24,
    }
    return {name: f"{value:.10f}" for name, value in told.items()} | {"CurrencyCode": "USD"}
