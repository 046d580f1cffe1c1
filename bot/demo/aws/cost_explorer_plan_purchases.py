"""GetSavingsPlansPurchaseRecommendation and GetSavingsPlanPurchaseRecommendationDetails, from the ledger's hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.demo.aws import cost_explorer_paging as paging
from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.commitments import COMMITMENTS
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.plan_purchases import PLAN_TYPES, Purchase, as_id, purchases
from bot.demo.aws.purchase_request import HOURS_A_MONTH, HOURS_A_YEAR, LOOK_BACKS, PAYMENTS, SCOPES, TERMS, Wanted

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_PLACE = 99
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def savings_plans_recommendation(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansPurchaseRecommendation: one plan for the organisation, or one for each family and account."""
    found, wanted = purchases(params, view), Wanted.of(params)
    offset = paging.offset_of(params)
    shown = found[offset : offset + wanted.page_size]
    following = offset + wanted.page_size
    answer: dict[str, Any] = {
        "Metadata": {
            "RecommendationId": as_id(params["SavingsPlansType"], *wanted.shown.values(), f"{now:%Y-%m-%d}"),
            "GenerationTimestamp": _moment(now),
        },
        "SavingsPlansPurchaseRecommendation": {
            **wanted.shown,
            "SavingsPlansType": params["SavingsPlansType"],
            "SavingsPlansPurchaseRecommendationDetails": [_detail(one, view) for one in shown],
            "SavingsPlansPurchaseRecommendationSummary": _summary(found),
        },
    }
    if following < len(found):
        answer["NextPageToken"] = paging.token_for(params, following)
    return answer


def savings_plan_details(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlanPurchaseRecommendationDetails: a recommendation hour by hour."""
    wanted_id = params.get("RecommendationDetailId", "")
    if not _ID.fullmatch(wanted_id):
        raise invalid("RecommendationDetailId is not valid.")
    request = _question(wanted_id)
    for one in purchases(request, view) if request else ():
        if _id(one) == wanted_id:
            return {"RecommendationDetailId": wanted_id, "RecommendationDetailData": _hours(one, request, view)}
    raise AwsError("DataUnavailableException", "The requested data is unavailable.")


def _detail(one: Purchase, view: View) -> dict[str, Any]:
    region, family = one.place or ("", "")
    return {
        **_figures(one, view),
        "SavingsPlansDetails": {"Region": region, "InstanceFamily": family, "OfferingId": one.offering},
        "RecommendationDetailId": _id(one),
    }


def _figures(one: Purchase, view: View) -> dict[str, str]:
    """What both operations tell of a purchase; dollars of the look-back unless they are named otherwise."""
    spent, left = float(one.spent.sum()), float(one.left.sum())
    return {
        "AccountId": one.account_id or view.account_id,
        "CurrencyCode": "USD",
        "UpfrontCost": amount(one.hourly * one.wanted.upfront_share * HOURS_A_YEAR * one.wanted.years),
        "EstimatedROI": amount(100 * one.saving / one.cost),
        "EstimatedSPCost": amount(one.cost),
        "EstimatedOnDemandCost": amount(left),
        "EstimatedOnDemandCostWithCurrentCommitment": amount(spent),
        "EstimatedSavingsAmount": amount(one.saving),
        "EstimatedSavingsPercentage": amount(100 * one.saving / spent),
        "HourlyCommitmentToPurchase": amount(one.hourly),
        "EstimatedAverageUtilization": amount(100 * float(one.used.sum()) / one.cost),
        "EstimatedMonthlySavingsAmount": amount(one.saving / one.usage.hours * HOURS_A_MONTH),
        "CurrentMinimumHourlyOnDemandSpend": amount(float(one.spent.min())),
        "CurrentMaximumHourlyOnDemandSpend": amount(float(one.spent.max())),
        "CurrentAverageHourlyOnDemandSpend": amount(float(one.spent.mean())),
    }


def _summary(found: Sequence[Purchase]) -> dict[str, str]:
    """Of all of them, whatever the page."""
    spent, left, cost, saving, hourly, monthly = (
        sum(values)
        for values in (
            [float(one.spent.sum()) for one in found],
            [float(one.left.sum()) for one in found],
            [one.cost for one in found],
            [one.saving for one in found],
            [one.hourly for one in found],
            [one.saving / one.usage.hours * HOURS_A_MONTH for one in found],
        )
    )
    return {
        "CurrencyCode": "USD",
        "TotalRecommendationCount": str(len(found)),
        "EstimatedROI": amount(100 * saving / cost if cost else 0.0),
        "EstimatedTotalCost": amount(cost + left),
        "CurrentOnDemandSpend": amount(spent),
        "EstimatedOnDemandCostWithCurrentCommitment": amount(spent),
        "EstimatedSavingsAmount": amount(saving),
        "EstimatedSavingsPercentage": amount(100 * saving / spent if spent else 0.0),
        "EstimatedMonthlySavingsAmount": amount(monthly),
        "HourlyCommitmentToPurchase": amount(hourly),
        "DailyCommitmentToPurchase": amount(24 * hourly),
    }


def _hours(one: Purchase, request: Mapping[str, Any], view: View) -> dict[str, Any]:
    region, family = one.place or ("", "")
    all_spent = one.spent + one.covered
    covered, left, used = one.covered, one.left, one.used
    coverage = [100 * part / whole if whole else 0.0 for part, whole in zip(covered, all_spent, strict=True)]
    after = [100 * (1 - part / whole) if whole else 0.0 for part, whole in zip(left, all_spent, strict=True)]
    return {
        **one.wanted.shown,
        **_figures(one, view),
        "SavingsPlansType": request["SavingsPlansType"],
        "Region": region,
        "InstanceFamily": family,
        "OfferingId": one.offering,
        "GenerationTimestamp": _moment(view.statement.now),
        "LatestUsageTimestamp": _moment(one.usage.start + timedelta(hours=one.usage.hours - 1)),
        "ExistingHourlyCommitment": amount(_owned(one, view)),
        "CurrentAverageCoverage": amount(100 * float(covered.sum() / all_spent.sum())),
        "EstimatedAverageCoverage": amount(100 * float(1 - left.sum() / all_spent.sum())),
        "MetricsOverLookbackPeriod": [
            {
                "StartTime": _moment(one.usage.start + timedelta(hours=hour)),
                "EstimatedOnDemandCost": amount(float(left[hour])),
                "CurrentCoverage": amount(coverage[hour]),
                "EstimatedCoverage": amount(after[hour]),
                "EstimatedNewCommitmentUtilization": amount(100 * float(used[hour]) / one.hourly),
            }
            for hour in range(one.usage.hours)
        ],
    }


def _owned(one: Purchase, view: View) -> float:
    """Dollars an hour of the plans of this kind and place that run."""
    anchor, today = view.statement.anchor, view.statement.today.toordinal()
    return sum(
        plan.hourly
        for plan in COMMITMENTS
        if plan.kind == one.plan_type
        and today < anchor + plan.ends_in_days
        and (one.place is None or one.place == (plan.region, plan.family))
        and one.account_id in ("", plan.owner_id)
    )


def _id(one: Purchase) -> str:
    """The purchase's own, with what was asked in its first digits, so that it tells the question again."""
    question = (_PLANS.index(one.plan_type), *_asked(one.wanted))
    return "".join(str(place) for place in question) + one.id[len(question) :]


_PLANS = tuple(PLAN_TYPES.values())
_CHOICES = {
    "TermInYears": tuple(TERMS),
    "PaymentOption": tuple(PAYMENTS),
    "LookbackPeriodInDays": tuple(LOOK_BACKS),
    "AccountScope": SCOPES,
}


def _asked(wanted: Wanted) -> tuple[int, ...]:
    return tuple(known.index(wanted.shown[name]) for name, known in _CHOICES.items())


def _question(detail_id: str) -> dict[str, str]:
    """What was asked when this id was given; nothing for one that was never given."""
    plan, *places = (int(digit) if digit.isdigit() else _NO_PLACE for digit in detail_id[: 1 + len(_CHOICES)])
    if plan >= len(_PLANS) or any(at >= len(known) for at, known in zip(places, _CHOICES.values(), strict=True)):
        return {}
    chosen = {name: known[at] for (name, known), at in zip(_CHOICES.items(), places, strict=True)}
    return {"SavingsPlansType": tuple(PLAN_TYPES)[plan], **chosen}


def _moment(moment: datetime) -> str:
    return moment.strftime(_MOMENT)
