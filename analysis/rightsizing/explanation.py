"""What right-sizing knew of each instance: its need, its capacity, every candidate, what each lacks, and the verdict.

One small dictionary an instance, of plain values, so that it can be kept as a text and shown later without a new scan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import KEY
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing import credits
from analysis.rightsizing.demand import Metric, daily_values
from analysis.rightsizing.fit import DIMENSIONS, TRAFFIC_CAPACITY, candidates, holds, needs_of

#: Candidates that are kept: those whose price is nearest to the best one.
MOST_CANDIDATES = 8
MOST_DAYS = 20
#: What an instance has and a candidate gives, by dimension: the column of the type.
CAPACITY = {"cpu": "vcpu", "memory": "memory_gib"} | {name: column for name, (column, _) in TRAFFIC_CAPACITY.items()}

Explained = dict[str, Any]


def explanations(
    judged: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float,
) -> Iterator[Explained]:
    """One explanation per instance, in their order.

    Args:
        judged: the rows of `ec2.rightsizing` with their verdicts; the other tables are those it read.
    Yields:
        `instance` (account_id, account_name, region, resource_id, name, instance_type, platform), `verdict`, `why`,
        `proposed` (None without one), `monthly_cost` (None: unknown), `price_source`, `price_date`, `has` and `needs`
        (by dimension; None: unknown), `headroom_percent`, `candidates` (type, `gives` by dimension, `monthly_cost`,
        `lacks`: dimensions), `days`, `cpu_percent` and `memory_percent` of each (None: not measured).
    """
    pairs = candidates(judged, instance_types, instance_offerings, prices)
    needs = needs_of(judged)
    lasting = credits.last(pairs, judged, ec2_metrics, headroom_percent=headroom_percent)
    held = holds(pairs, needs, headroom_percent=headroom_percent, credits_last=lasting)
    kept = _kept(pairs, held)
    daily = {metric: daily_values(ec2_metrics, metric, "p99.5") for metric in (Metric.CPU, Metric.MEMORY)}
    days = daily[Metric.CPU].columns.union(daily[Metric.MEMORY].columns)[-MOST_DAYS:]
    by_day = {metric: _by_instance(values.reindex(columns=days)) for metric, values in daily.items()}
    unknown: list[float | None] = [None] * len(days)
    rows = zip(judged.index, judged.to_dict("records"), needs.to_dict("records"), strict=True)
    for index, row, need in rows:
        key = tuple(row[column] for column in KEY)
        yield {
            "instance": {name: str(row[name]) for name in (*KEY, "account_name", "name", "instance_type", "platform")},
            "verdict": row["verdict"],
            "why": row["why"],
            "proposed": _text(row.get("proposed")),
            "monthly_cost": _number(row["hourly_usd"] * HOURS_A_MONTH),
            "price_source": _text(row["price_source"]),
            "price_date": row["price_date"].isoformat() if isinstance(row["price_date"], date) else None,
            "has": {name: _number(row[column]) for name, column in CAPACITY.items()},
            "needs": {name: _number(need[name]) for name in CAPACITY},
            "headroom_percent": headroom_percent,
            "candidates": kept.get(index, []),
            "days": [f"{day:%b} {day.day}" for day in pd.DatetimeIndex(days)],
            "cpu_percent": by_day[Metric.CPU].get(key, unknown),
            "memory_percent": by_day[Metric.MEMORY].get(key, unknown),
        }


def _kept(pairs: DataFrame, held: DataFrame) -> dict[Any, list[Explained]]:
    """The candidates worth showing, by the instance's index: the best, and what is a little cheaper or dearer.

    The best is the cheapest of those that lack least; the cheapest come first.
    """
    lacking = (~held).sum(axis=1)
    ranked = pairs.assign(lacking=lacking).join((~held).add_prefix("lacks_"))
    ranked = ranked.sort_values(["row", "lacking", "hourly_usd", "instance_type"])
    best = ranked.groupby("row")["hourly_usd"].transform("first")
    ranked = ranked.assign(away=(ranked["hourly_usd"] - best).abs()).sort_values(["row", "away", "lacking"])
    ranked = ranked[ranked.groupby("row").cumcount().lt(MOST_CANDIDATES)]
    ranked = ranked.sort_values(["row", "hourly_usd", "instance_type"])
    found: dict[Any, list[Explained]] = {}
    for row in ranked.to_dict("records"):
        found.setdefault(row["row"], []).append(
            {
                "instance_type": row["instance_type"],
                "gives": {name: _number(row[column]) for name, column in CAPACITY.items()},
                "monthly_cost": _number(row["hourly_usd"] * HOURS_A_MONTH),
                "lacks": [name for name in DIMENSIONS if row[f"lacks_{name}"]],
            }
        )
    return found


def _by_instance(days: DataFrame) -> dict[Any, list[float | None]]:
    """The values of each row by its index; None where a day has none."""
    rows = zip(days.index, days.to_numpy(dtype="float64"), strict=True)
    return {key: [_number(value) for value in values] for key, values in rows}


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) or value == "" else str(value)
