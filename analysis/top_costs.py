"""Which keys cost most in a period: their share of all, and how each changed."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
from pandas import DataFrame

from analysis.movers import Period, movers

#: Less than half a cent is shown as nothing.
NOTHING = 0.005


def ranked(daily: DataFrame, now: Period, before: Period) -> DataFrame:
    """The keys of a period by cost, the largest first.

    Args:
        daily: columns date, key, cost; a day of a period without a row of a key cost nothing.
    Returns:
        Columns key, cost, share, was, is_now: money over the whole of `now`; its share of all keys' (NaN where they
        do not add up to something positive); money a day before and now, weekday-fair, `was` NaN where the periods
        share no weekday. Keys that cost less than half a cent in `now` are left out.
    """
    changes = movers(daily, now, before).rename(columns={"before": "was", "now": "is_now"})
    stamps = pd.to_datetime(daily["date"])
    inside = daily[(stamps >= pd.Timestamp(now.start)) & (stamps < pd.Timestamp(now.end))]
    sums = inside.groupby("key", observed=True)["cost"].sum()
    table = changes.assign(cost=changes["key"].map(sums).astype(float).fillna(0.0))
    shown = with_shares(table[table["cost"].abs() >= NOTHING], float(sums.sum()))
    return shown[["key", "cost", "share", "was", "is_now"]]


def with_shares(table: DataFrame, total: float) -> DataFrame:
    """The table sorted by cost, with each row's share of a total.

    Args:
        table: columns key, cost and any others.
    Returns:
        The same columns and share, NaN where the total is not positive.
    """
    share = table["cost"] / total if total >= NOTHING else table["cost"] * float("nan")
    return table.assign(share=share).sort_values(["cost", "key"], ascending=[False, True]).reset_index(drop=True)


def whole_weeks(now: Period, before: Period) -> tuple[Period, Period]:
    """The last whole weeks of `now` and as many right before them; the second of length 0 where there is no whole week.

    For costs without days: both have every weekday equally often. Both lie within the two periods.
    """
    known = (now.end - before.start).days if before.length else now.length
    length = 7 * min(now.length // 7, known // 14)
    if not before.length or not length:
        return now, Period(now.start, now.start)
    without = now.without | before.without
    middle = now.end - timedelta(days=length)
    return Period(middle, now.end, without), Period(middle - timedelta(days=length), middle, without)
