"""What AWS bills for a call: how many of what at which price, known before the call is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    """What a price counts. A further page of a Cost Explorer query is billed as its first and counted apart."""

    REQUEST = "request"
    PAGE = "page"
    METRIC = "metric"
    BYTE = "byte"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for `per` units of a service's calls, who says so and when that was read."""

    service: str
    units: tuple[Unit, ...]
    usd: float
    per: int
    words: str
    source: str
    date: date

    def of(self, units: float) -> float:
        """Dollars of so many units."""
        return self.usd * units / self.per


@dataclass(frozen=True, slots=True)
class Charge:
    """One billed call: so many units of a service's operation, and what they cost in dollars."""

    service: str
    operation: str
    unit: Unit
    units: float
    usd: float


@dataclass(frozen=True, slots=True)
class Booking:
    """A charge in the books of one day (UTC, `YYYY-MM-DD`)."""

    day: str
    charge: Charge


COST_EXPLORER = Price(
    "ce",
    (Unit.REQUEST, Unit.PAGE),
    0.01,
    1,
    "$0.01 a request, and each page is one",
    "AWS Cost Explorer pricing",
    date(2026, 8, 1),
)
METRIC_DATA = Price(
    "cloudwatch",
    (Unit.METRIC,),
    0.01,
    1000,
    "$0.01 per 1,000 metrics asked for, without a free tier",
    "Amazon CloudWatch pricing, us-east-1",
    date(2026, 8, 1),
)
ATHENA = Price(
    "athena",
    (Unit.BYTE,),
    5.0,
    2**40,
    "$5 per TB scanned, at least 10 MB a query",
    "Amazon Athena pricing, us-east-1",
    date(2026, 8, 1),
)
#: Every price costbot counts with.
PRICES = (COST_EXPLORER, METRIC_DATA, ATHENA)


def charge_of(service: str, operation: str, parameters: Mapping[str, Any]) -> Charge | None:
    """What a call will be billed; None where it is free.

    Args:
        service, operation: as boto3 and AWS spell them: `ce`, `GetCostAndUsage`.
        parameters: of the call.
    """
    if service == "ce":
        is_further = bool(parameters.get("NextPageToken") or parameters.get("NextToken"))
        return Charge(service, operation, Unit.PAGE if is_further else Unit.REQUEST, 1, COST_EXPLORER.of(1))
    if service == "cloudwatch" and operation == "GetMetricData":
        metrics = sum("MetricStat" in query for query in parameters.get("MetricDataQueries", ()))
        return Charge(service, operation, Unit.METRIC, metrics, METRIC_DATA.of(metrics))
    return None
