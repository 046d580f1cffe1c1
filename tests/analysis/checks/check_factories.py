"""Tables for the tests of checks, made of what the collectors declare; what is not told is unknown, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import checks
from analysis.checks.findings import recommendations
from analysis.daily_metrics import DAY_S, METRICS
from analysis.models import Recommendation
from analysis.prices.units import LIVE_UNITS, OWN_UNITS, UnitPrices
from analysis.pricing import PriceBook
from analysis.rightsizing.catalog import INSTANCE_TYPES
from bot.savings.table_sources import table_sources
from bot.tables import typed

ACCOUNT, REGION = "111122223333", "us-east-1"
END = datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None)  # tables hold naive UTC
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
_HEAD: dict[str, Any] = {
    "account_id": ACCOUNT,
    "account_name": "prod",
    "region": REGION,
    "resource_id": "r-1",
    "name": "thing",
    "owner": "payments",
    "env": "prod",
    "ignored": False,
}
_UNKNOWN: dict[str, Any] = {"str": "", "bool": False}


def columns_of(name: str) -> Mapping[str, str]:
    """Columns and types of a table that checks read."""
    return INSTANCE_TYPES if name == "instance_types" else table_sources()[name].columns


def table(name: str, *rows: Mapping[str, Any]) -> DataFrame:
    """A table of these rows: what a row does not tell is of the one account, or unknown."""
    columns = columns_of(name)
    assert all(set(row) <= set(columns) for row in rows), f"{name} has no such column"
    unknown = {column: _HEAD.get(column, _UNKNOWN.get(dtype)) for column, dtype in columns.items()}
    return typed([unknown | dict(row) for row in rows], columns)


def points(
    metric: str,
    values: list[float],
    *,
    resource_id: str = "r-1",
    statistic: str = "Sum",
    period_s: int = DAY_S,
    region: str = REGION,
) -> DataFrame:
    """A metric's points of one resource, the last one ending at `END`."""
    times = [END - timedelta(seconds=period_s * n) for n in range(len(values), 0, -1)]
    rows = DataFrame({"time": times, "value": values})
    return rows.assign(
        account_id=ACCOUNT,
        region=region,
        resource_id=resource_id,
        metric=metric,
        statistic=statistic,
        period_s=period_s,
    )[list(METRICS)].astype(METRICS)


def no_points() -> DataFrame:
    """No metrics at all."""
    return typed([], METRICS)


def together(*parts: DataFrame) -> DataFrame:
    """Several tables of points as one."""
    return pd.concat(parts, ignore_index=True)


def price_book(
    own: list[tuple[str, str, str, float]] | None = None, live: list[tuple[str, str, float]] | None = None
) -> PriceBook:
    """Prices: the shipped list, and what a bill (region, service, usage type, dollars) or AWS's list shows."""
    paid = [
        {"account_id": ACCOUNT, "region": region, "service": service, "usage_type": usage_type, "usd": usd}
        for region, service, usage_type, usd in own or []
    ]
    told = [{"region": region, "item": item, "usd": usd, "date": UNTIL} for region, item, usd in live or []]
    listed = DataFrame.from_records(told, columns=list(LIVE_UNITS))
    listed["date"] = pd.to_datetime(listed["date"]).dt.tz_localize(None) if told else listed["date"]
    return PriceBook(units=UnitPrices(typed(paid, OWN_UNITS), date(2026, 11, 19), listed.astype(LIVE_UNITS)))


def judged(
    check_id: str, tables: Mapping[str, DataFrame], *, prices: PriceBook | None = None, **thresholds: float
) -> DataFrame:
    """The verdicts of a check, by resource id; tables that are not given are empty.

    The card of every row that is told is made too, so that no template names what is not there.
    """
    check = checks()[check_id]
    book = price_book() if prices is None else prices
    read = {
        name: book if name == "prices" else tables[name] if name in tables else table(name) for name in check.tables
    }
    copies = {name: value.copy(deep=True) for name, value in read.items() if isinstance(value, DataFrame)}
    found = check(*read.values(), **thresholds)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(read[name], copy)
    recommendations(check, found, read, dict(check.thresholds) | thresholds, data_until=UNTIL)
    return found.rows.set_index("resource_id", drop=False)


def cards(
    check_id: str, tables: Mapping[str, DataFrame], *, prices: PriceBook | None = None, **thresholds: float
) -> list[Recommendation]:
    """What a person would be shown."""
    check = checks()[check_id]
    book = price_book() if prices is None else prices
    read = {
        name: book if name == "prices" else tables[name] if name in tables else table(name) for name in check.tables
    }
    values = dict(check.thresholds) | thresholds
    return recommendations(check, check(*read.values(), **values), read, values, data_until=UNTIL)
