"""How far commitments are used, as Cost Explorer tells it: asked once a week, as each request costs a cent."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from bot.aws import reading
from bot.collectors.asked_weekly import Answer, asked_weekly
from bot.context import Context

PLANS_ACTION, RESERVED_ACTION = "ce:GetSavingsPlansUtilizationDetails", "ce:GetReservationUtilization"
COVERAGE_ACTION = "ce:GetSavingsPlansCoverage"
ACTIONS = (COVERAGE_ACTION, PLANS_ACTION, RESERVED_ACTION)
#: The newest days that coverage is asked for.
COVERAGE_DAYS = 28
_COVERAGE = "commitments.coverage"
#: What Cost Explorer answers where nothing was owned, and bills nothing for.
_NOTHING = "DataUnavailableException"
#: Days that Cost Explorer has no utilisation of yet, or restates.
LAG_DAYS = 2
#: What Cost Explorer calls the services that have reservations, by their canonical key.
SERVICES = {
    "ec2": "Amazon Elastic Compute Cloud - Compute",
    "rds": "Amazon Relational Database Service",
    "elasticache": "Amazon ElastiCache",
    "opensearch": "Amazon OpenSearch Service",
    "redshift": "Amazon Redshift",
}


def newest_days(context: Context, days: int) -> tuple[date, date]:
    """The newest days [start, end) that Cost Explorer knows whole."""
    end = context.clock.today() - timedelta(days=LAG_DAYS)
    return end - timedelta(days=days), end


def plans_use(context: Context, days: int) -> Answer:
    """Each Savings Plan of the newest days, as plain rows: id, type, used, unused, on_demand, days and whence."""

    def ask() -> list[dict[str, Any]]:
        start, end = newest_days(context, days)
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        with reading(PLANS_ACTION):
            client = context.aws.client("ce")
            while True:
                try:
                    page = client.get_savings_plans_utilization_details(TimePeriod=_period(start, end), **token)
                except ClientError as error:
                    if error.response["Error"]["Code"] != _NOTHING:
                        raise
                    return []  # there is no plan
                found += [_plan(one, start, end) for one in page["SavingsPlansUtilizationDetails"]]
                if not page.get("NextToken"):
                    return found
                token = {"NextToken": page["NextToken"]}

    return asked_weekly(context, f"commitments.plans.{days}", ask)


def reservations_use(context: Context, service: str, days: int) -> Answer:
    """Each reservation of a service (a key of `SERVICES`) in the newest days, as plain rows."""

    def ask() -> list[dict[str, Any]]:
        start, end = newest_days(context, days)
        asked: dict[str, Any] = {
            "TimePeriod": _period(start, end),
            "GroupBy": [{"Type": "DIMENSION", "Key": "SUBSCRIPTION_ID"}],
            "Filter": {"Dimensions": {"Key": "SERVICE", "Values": [SERVICES[service]]}},
        }
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        with reading(RESERVED_ACTION):
            client = context.aws.client("ce")
            while True:
                try:
                    page = client.get_reservation_utilization(**asked, **token)
                except ClientError as error:
                    if error.response["Error"]["Code"] != _NOTHING:
                        raise
                    return []  # there is no reservation
                groups = (group for told in page["UtilizationsByTime"] for group in told.get("Groups", ()))
                found += [_reservation(one, start, end) for one in groups]
                if not page.get("NextPageToken"):
                    return found
                token = {"NextPageToken": page["NextPageToken"]}

    return asked_weekly(context, f"commitments.reservations.{service}.{days}", ask)


def plans_coverage(context: Context) -> Answer:
    """Usage that Savings Plans could cover, day by day, as plain rows: date, covered and on_demand in dollars."""

    def ask() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        asked = {"TimePeriod": _period(*newest_days(context, COVERAGE_DAYS)), "Granularity": "DAILY"}
        with reading(COVERAGE_ACTION):
            client = context.aws.client("ce")
            while True:
                try:
                    page = client.get_savings_plans_coverage(**asked, **token)
                except ClientError as error:
                    if error.response["Error"]["Code"] != _NOTHING:
                        raise
                    return []  # nothing that a plan could cover ran
                found += [_covered(one) for one in page["SavingsPlansCoverages"]]
                if not page.get("NextToken"):
                    return found
                token = {"NextToken": page["NextToken"]}

    return asked_weekly(context, _COVERAGE, ask)


def kept_coverage(context: Context) -> list[dict[str, Any]]:
    """What `plans_coverage` was last told, without asking."""
    told = context.store.recall(_COVERAGE)
    return list(json.loads(told)["rows"]) if told else []


def _covered(one: dict[str, Any]) -> dict[str, Any]:
    told = one.get("Coverage", {})
    return {
        "date": one["TimePeriod"]["Start"],
        "covered": number(told.get("SpendCoveredBySavingsPlans")),
        "on_demand": number(told.get("OnDemandCost")),
    }


def _period(start: date, end: date) -> dict[str, str]:
    return {"Start": start.isoformat(), "End": end.isoformat()}


def _plan(one: dict[str, Any], start: date, end: date) -> dict[str, Any]:
    about, use = one.get("Attributes", {}), one.get("Utilization", {})
    return {
        "commitment_id": one["SavingsPlanArn"],
        "type": str(about.get("SavingsPlansType", "")).removesuffix("SavingsPlans"),
        "count": None,
        "used": number(use.get("UsedCommitment")),
        "unused": number(use.get("UnusedCommitment")),
        "on_demand": number(one.get("Savings", {}).get("OnDemandCostEquivalent")),
        **_span(about, start, end),
    }


def _reservation(one: dict[str, Any], start: date, end: date) -> dict[str, Any]:
    about, use = one.get("Attributes", {}), one.get("Utilization", {})
    total, unused = number(use.get("TotalAmortizedFee")), number(use.get("RICostForUnusedHours"))
    return {
        "commitment_id": about.get("leaseId") or one["Value"],
        "owner_id": about.get("accountId", ""),
        "region": about.get("region", ""),
        "type": about.get("instanceType", ""),
        "count": number(about.get("numberOfInstances")),
        "used": None if total is None or unused is None else total - unused,
        "unused": unused,
        "on_demand": number(use.get("OnDemandCostOfRIHoursUsed")),
        **_span(about, start, end),
    }


def _span(about: dict[str, Any], start: date, end: date) -> dict[str, Any]:
    """The days asked for, and how many of them the commitment ran, by its term where that is told."""
    began, ends = (_day(about.get(name)) for name in ("StartDateTime", "EndDateTime"))
    began, ends = began or _day(about.get("startDateTime")), ends or _day(about.get("endDateTime"))
    ran = (min(end, ends or end) - max(start, began or start)).days
    return {"start": start.isoformat(), "end": end.isoformat(), "days": max(0, ran)}


def _day(told: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(told).replace("Z", "+00:00")).astimezone(UTC).date()
    except ValueError:
        return None


def number(told: Any) -> float | None:
    """A figure of Cost Explorer, which are texts; None where there is none."""
    try:
        return float(told)
    except (TypeError, ValueError):
        return None
