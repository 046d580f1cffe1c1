"""GetSavingsPlansUtilization (and its details) and GetReservationUtilization, from the ledger's commitments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.commitment_use import Use, plan_figures, reservation_figures
from bot.demo.aws.commitments import COMMITMENTS, Commitment
from bot.demo.aws.cost_explorer_request import Period, periods_of
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_catalogue import COMPUTE
from bot.demo.aws.organisation import ACCOUNTS_BY_ID, PAYER

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


def savings_plans_utilization(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansUtilization; DAILY unless MONTHLY is asked for."""
    plans = _plans(params, view)
    periods = _periods(params, params.get("Granularity", "DAILY"), now)
    rows = [(period, Use.total_of([Use.of(view, plan, period) for plan in plans])) for period in periods]
    _check_any(use for _, use in rows)
    return {
        "SavingsPlansUtilizationsByTime": [{"TimePeriod": period.shown, **plan_figures(use)} for period, use in rows],
        "Total": plan_figures(Use.total_of([use for _, use in rows])),
    }


def savings_plans_details(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansUtilizationDetails: each plan with its end."""
    period = _whole(_periods(params, "DAILY", now))
    plans = _plans(params, view)
    uses = [Use.of(view, plan, period) for plan in plans]
    _check_any(uses)
    details = [
        {"SavingsPlanArn": plan.arn, "Attributes": _plan_attributes(plan, view), **plan_figures(use)}
        for plan, use in zip(plans, uses, strict=True)
    ]
    return {
        "SavingsPlansUtilizationDetails": details,
        "TimePeriod": period.shown,
        "Total": plan_figures(Use.total_of(uses)),
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
            {"TimePeriod": period.shown, "Groups": shown, "Total": reservation_figures(use)}
            for period, shown, use in rows
        ],
        "Total": reservation_figures(Use.total_of([use for _, _, use in rows])),
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
    commitments: Sequence[Commitment],
    expression: Mapping[str, Any] | None,
    view: View,
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


def _subscription(view: View, reservation: Commitment, use: Use) -> dict[str, Any]:
    attributes = {
        **_term(reservation, view),
        "accountId": reservation.owner_id,
        "accountName": ACCOUNTS_BY_ID[reservation.owner_id].name,
        "instanceType": reservation.kind,
        "leaseId": reservation.id,
        "numberOfInstances": str(reservation.count),
        "offeringType": "STANDARD",
        "region": reservation.region,
        "service": reservation.service,
        "subscriptionStatus": "Active",
        "subscriptionType": reservation.payment_option,
    }
    return {
        "Key": "SUBSCRIPTION_ID",
        "Value": reservation.id,
        "Attributes": attributes,
        "Utilization": reservation_figures(use),
    }


def _plan_attributes(plan: Commitment, view: View) -> dict[str, str]:
    term = _term(plan, view)
    return {
        "AccountId": plan.owner_id,
        "AccountName": ACCOUNTS_BY_ID[plan.owner_id].name,
        "StartDateTime": term["startDateTime"],
        "EndDateTime": term["endDateTime"],
        "HourlyCommitment": amount(plan.hourly),
        "InstanceFamily": plan.family,
        "PaymentOption": plan.payment_option,
        "PurchaseTerm": f"{plan.term_years}yr",
        "Region": plan.region,
        "SavingsPlansType": f"{plan.kind}SavingsPlans",
        "Status": "Active",
    }


def _term(commitment: Commitment, view: View) -> dict[str, str]:
    start = commitment.term_starts(view.statement.anchor)[1]
    moments = [datetime.combine(date.fromordinal(day), time(), UTC) for day in (start, start + commitment.term_days)]
    return {
        name: f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
        for name, moment in zip(("startDateTime", "endDateTime"), moments, strict=True)
    }
