"""GetSavingsPlansUtilization (and its details) and GetReservationUtilization, from the ledger's commitments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.cost_explorer_request import Period, periods_of
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_catalogue import COMPUTE
from bot.demo.aws.ledger_commitments import COMMITMENTS, Commitment
from bot.demo.aws.organisation import ACCOUNTS_BY_ID, PAYER
from bot.demo.aws.record_types import RecordType

_COVERED = frozenset({RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE})
_FEES = frozenset({RecordType.RI_FEE, RecordType.SP_RECURRING_FEE})

_PLAN_FILTERS: dict[str, Callable[[Commitment], str]] = {
    "LINKED_ACCOUNT": lambda plan: plan.owner_id,
    "SAVINGS_PLAN_ARN": lambda plan: plan.arn,
    "SAVINGS_PLANS_TYPE": lambda plan: plan.kind,
    "REGION": lambda plan: plan.region,
    "PAYMENT_OPTION": lambda plan: plan.payment_option,
}
_RESERVATION_FILTERS: dict[str, Callable[[Commitment], str]] = {
    "LINKED_ACCOUNT": lambda reservation: reservation.owner_id,
    "SERVICE": lambda reservation: reservation.service,
    "REGION": lambda reservation: reservation.region,
    "INSTANCE_TYPE": lambda reservation: reservation.kind,
}


@dataclass(frozen=True, slots=True)
class Use:
    """How far a commitment was used in a period; dollars, hours of instances."""

    used: float
    unused: float
    on_demand: float
    hours: float
    purchased_hours: float
    upfront: float

    @property
    def total(self) -> float:
        return self.used + self.unused

    @classmethod
    def of(cls, view: View, commitment: Commitment, period: Period) -> Use:
        """Read from the lines of the commitment."""
        statement = view.statement
        since, until = (max(statement.column(day.date()), 0) for day in (period.start, period.end))
        own = np.array([line.commitment == commitment.arn for line in statement.lines])
        covered = own & np.array([line.record_type in _COVERED for line in statement.lines])
        fees = own & np.array([line.record_type in _FEES for line in statement.lines])
        used = float(statement.values["AmortizedCost"][covered, since:until].sum())
        unused = float(statement.values["AmortizedCost"][fees, since:until].sum())
        hours = float(statement.values["UsageQuantity"][covered, since:until].sum())
        purchased = (used + unused) / commitment.hourly * max(commitment.count, 1)
        return cls(used, unused, hours * commitment.on_demand_rate, hours, purchased,
                   (used + unused) * commitment.upfront_share)

    @classmethod
    def total_of(cls, uses: Sequence[Use]) -> Use:
        """All of them together."""
        return cls(*(sum(getattr(use, name) for use in uses) for name in cls.__dataclass_fields__))


def savings_plans_utilization(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansUtilization; DAILY unless MONTHLY is asked for."""
    plans = _plans(params, view)
    periods = _periods(params, params.get("Granularity", "DAILY"), now)
    rows = [(period, Use.total_of([Use.of(view, plan, period) for plan in plans])) for period in periods]
    _check_any(use for _, use in rows)
    return {
        "SavingsPlansUtilizationsByTime": [{"TimePeriod": period.shown, **_plan_figures(use)} for period, use in rows],
        "Total": _plan_figures(Use.total_of([use for _, use in rows])),
    }


def savings_plans_details(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansUtilizationDetails: each plan with its end."""
    period = _whole(_periods(params, "DAILY", now))
    plans = _plans(params, view)
    uses = [Use.of(view, plan, period) for plan in plans]
    _check_any(uses)
    details = [
        {"SavingsPlanArn": plan.arn, "Attributes": _plan_attributes(plan, view), **_plan_figures(use)}
        for plan, use in zip(plans, uses, strict=True)
    ]
    return {
        "SavingsPlansUtilizationDetails": details, "TimePeriod": period.shown,
        "Total": _plan_figures(Use.total_of(uses)),
    }


def reservation_utilization(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetReservationUtilization: of one service (EC2 unless filtered), by day, month or subscription."""
    groups = params.get("GroupBy", ())
    if groups and "Granularity" in params:
        raise invalid("Granularity is not supported when specifying groupBy")
    if groups and [group.get("Key") for group in groups] != ["SUBSCRIPTION_ID"]:
        raise invalid("GetReservationUtilization can only be grouped by SUBSCRIPTION_ID.")
    reservations = _reservations(params, view)
    periods = _periods(params, params.get("Granularity", "DAILY"), now)
    if groups:
        periods = (_whole(periods),)
    rows = []
    for period in periods:
        uses = [Use.of(view, reservation, period) for reservation in reservations]
        shown = [_subscription(view, *pair) for pair in zip(reservations, uses, strict=True)] if groups else []
        rows.append((period, shown, Use.total_of(uses)))
    _check_any(use for _, _, use in rows)
    return {
        "UtilizationsByTime": [
            {"TimePeriod": period.shown, "Groups": shown, "Total": _reservation_figures(use)}
            for period, shown, use in rows
        ],
        "Total": _reservation_figures(Use.total_of([use for _, _, use in rows])),
    }


def _plans(params: Mapping[str, Any], view: View) -> list[Commitment]:
    plans = [one for one in COMMITMENTS if not one.is_reservation]
    return _filtered(plans, params.get("Filter"), view, _PLAN_FILTERS)


def _reservations(params: Mapping[str, Any], view: View) -> list[Commitment]:
    reservations = [one for one in COMMITMENTS if one.is_reservation]
    found = _filtered(reservations, params.get("Filter"), view, _RESERVATION_FILTERS)
    if "SERVICE" in str(params.get("Filter", "")):
        return found
    return [reservation for reservation in found if reservation.service == COMPUTE]


def _filtered(
    commitments: Sequence[Commitment], expression: Mapping[str, Any] | None, view: View,
    keys: Mapping[str, Callable[[Commitment], str]],
) -> list[Commitment]:
    """Those the caller may see and the expression lets through: dimensions, joined by And at most."""
    seen = [one for one in commitments if view.account_id in (PAYER.id, one.owner_id)]
    for condition in (expression or {}).get("And", [expression] if expression else []):
        if set(condition) != {"Dimensions"} or condition["Dimensions"].get("Key") not in keys:
            raise invalid(f"Only And of these dimensions is supported as a filter: {', '.join(keys)}.")
        value = keys[condition["Dimensions"]["Key"]]
        seen = [one for one in seen if value(one) in condition["Dimensions"].get("Values", ())]
    return seen


def _periods(params: Mapping[str, Any], granularity: str, now: datetime) -> tuple[Period, ...]:
    if granularity == "HOURLY":
        raise invalid("Only DAILY and MONTHLY granularities are supported.")
    periods = periods_of(params.get("TimePeriod", {}), granularity, now)
    if periods[-1].end > now:
        raise invalid("End date must be before the current date.")
    return periods


def _whole(periods: Sequence[Period]) -> Period:
    return Period(periods[0].start, periods[-1].end)


def _check_any(uses: Any) -> None:
    if not any(use.total for use in uses):
        raise AwsError("DataUnavailableException", "The requested data is unavailable.")


def _share(part: float, whole: float) -> str:
    return amount(100.0 * part / whole) if whole else "0"


def _plan_figures(use: Use) -> dict[str, Any]:
    return {
        "Utilization": {
            "TotalCommitment": amount(use.total), "UsedCommitment": amount(use.used),
            "UnusedCommitment": amount(use.unused), "UtilizationPercentage": _share(use.used, use.total),
        },
        "Savings": {
            "NetSavings": amount(use.on_demand - use.total), "OnDemandCostEquivalent": amount(use.on_demand),
        },
        "AmortizedCommitment": {
            "AmortizedRecurringCommitment": amount(use.total - use.upfront),
            "AmortizedUpfrontCommitment": amount(use.upfront), "TotalAmortizedCommitment": amount(use.total),
        },
    }


def _reservation_figures(use: Use) -> dict[str, str]:
    unused_hours = use.purchased_hours - use.hours
    rate = use.on_demand / use.hours if use.hours else 0.0
    return {
        "UtilizationPercentage": _share(use.hours, use.purchased_hours),
        "PurchasedHours": amount(use.purchased_hours), "TotalActualHours": amount(use.hours),
        "UnusedHours": amount(unused_hours), "OnDemandCostOfRIHoursUsed": amount(use.on_demand),
        "NetRISavings": amount(use.on_demand - use.total),
        "TotalPotentialRISavings": amount(use.purchased_hours * rate - use.total),
        "AmortizedUpfrontFee": amount(use.upfront), "AmortizedRecurringFee": amount(use.total - use.upfront),
        "TotalAmortizedFee": amount(use.total), "RICostForUnusedHours": amount(use.unused),
        "RealizedSavings": amount(use.on_demand - use.used),
        "UnrealizedSavings": amount(unused_hours * rate - use.unused),
    }


def _subscription(view: View, reservation: Commitment, use: Use) -> dict[str, Any]:
    attributes = {
        **_term(reservation, view), "accountId": reservation.owner_id,
        "accountName": ACCOUNTS_BY_ID[reservation.owner_id].name, "instanceType": reservation.kind,
        "leaseId": reservation.id, "numberOfInstances": str(reservation.count), "offeringType": "STANDARD",
        "region": reservation.region, "service": reservation.service, "subscriptionStatus": "Active",
        "subscriptionType": reservation.payment_option,
    }
    return {
        "Key": "SUBSCRIPTION_ID", "Value": reservation.id, "Attributes": attributes,
        "Utilization": _reservation_figures(use),
    }


def _plan_attributes(plan: Commitment, view: View) -> dict[str, str]:
    term = _term(plan, view)
    return {
        "AccountId": plan.owner_id, "AccountName": ACCOUNTS_BY_ID[plan.owner_id].name,
        "StartDateTime": term["startDateTime"], "EndDateTime": term["endDateTime"],
        "HourlyCommitment": amount(plan.hourly), "InstanceFamily": "c5" if plan.kind == "EC2Instance" else "",
        "PaymentOption": plan.payment_option, "PurchaseTerm": f"{plan.term_years}yr", "Region": plan.region,
        "SavingsPlansType": f"{plan.kind}SavingsPlans", "Status": "Active",
    }


def _term(commitment: Commitment, view: View) -> dict[str, str]:
    start = commitment.term_starts(view.statement.anchor)[1]
    moments = [datetime.combine(date.fromordinal(day), time(), UTC) for day in (start, start + commitment.term_days)]
    return {
        name: f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
        for name, moment in zip(("startDateTime", "endDateTime"), moments, strict=True)
    }
