"""The entry: long daily costs in, verdicts out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.anomalies.carried_on import Judged
from analysis.anomalies.learned import shipped
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.novelty import newsworthy
from analysis.anomalies.other_unit import InOneUnit
from analysis.anomalies.renamed import renames
from analysis.anomalies.walk import KINDS, Verdicts, Walk
from analysis.daily_series import DailySeries, daily_series, plain_day

#: Columns of the answer.
COLUMNS = (
    "key",
    "date",
    "alert_date",
    "cost",
    "expected",
    "lower",
    "upper",
    "score",
    "impact",
    "pct",
    "direction",
    "kind",
    "is_anomaly",
)


#: Days of all keys walked together: a day of many keys takes little longer than one of few, their matrices take memory.
DAYS_AT_ONCE = 2_000_000


def detect(
    daily: pd.DataFrame,
    *,
    as_of: date | None = None,
    since: date | None = None,
    min_impact: float = 10.0,
    min_pct: float = 0.20,
    return_all: bool = False,
) -> pd.DataFrame:
    """Which days of which keys cost something nobody should have expected.

    Causal: a row with `alert_date = a` depends only on days up to `a`. Stateless: the same frame gives the same rows.

    Args:
        daily: `date, key, cost`, a row per day and key in any order; a missing row after a key's first day is 0.
        as_of: the last day to look at, perhaps incomplete; later rows are ignored.
        since: only rows of this `date` or later come out; verdicts stay what they are without it.
        min_impact: dollars a day from expectation below which nothing is an anomaly; a new key needs 1.5 times that.
        min_pct: share of expectation below which nothing is an anomaly, 0.20 is 20 %.
        return_all: every day of every key instead of the anomalies only.
    Returns:
        One row per key and day, ordered by key and date: `key, date, alert_date, cost, expected, lower, upper`
        (dollars; NaN while a key is too young), `score` (1 and more alerts), `impact` (dollars above expectation,
        negative below), `pct` (impact over expectation; NaN where that is zero), `direction` (up, down), `kind` (spike,
        step, ramp, drop, new; empty on ordinary days), `is_anomaly`. A step and a ramp are held against the mean of
        their three and seven days. A drop waits two days for late data, the first days of a step are told with its
        third, so the verdict that a day is ordinary takes two days: `alert_date` says so and may lie after `as_of`.
        A key that goes on under a new name is judged with the history of the old one (`analysis.anomalies.renamed`),
        and where all keys change by one factor on one day, that is another currency (`analysis.anomalies.other_unit`).
    """
    material = Materiality(min_impact, min_pct)
    series = daily_series(daily, as_of)
    since = None if since is None else plain_day(since)

    def walk(some: DailySeries) -> Verdicts:
        return Walk(some, material, shipped()).through()

    in_one_unit = InOneUnit(series, walk)
    found, keys = renames(series, material), np.arange(len(series.keys))
    if since is not None and not return_all and len(series.days) and not in_one_unit.changes:
        position = (since - series.days[0]).days
        found = found.since(position, series.first)
        keys = np.union1d(newsworthy(series, material, position), found.columns)
    renamed = Judged(series, found, walk)
    tables = []
    together = max(1, DAYS_AT_ONCE // max(1, len(series.days)))
    for at in range(0, max(1, len(keys)), together):
        chosen = keys[at : at + together]
        block = series.of_keys(chosen)
        verdicts = walk(block)
        renamed.put_into(verdicts, chosen)
        in_one_unit.put_into(verdicts, block)
        tables.append(_table(block, verdicts, since, return_all))
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _table(series: DailySeries, verdicts: Verdicts, since: date | None, return_all: bool) -> pd.DataFrame:
    row, column = np.nonzero(~np.isnan(series.cost).T)[::-1]
    days = series.days.to_numpy()
    wait = verdicts.wait[row, column]
    score = verdicts.score[row, column]
    settled = days[row] + wait.astype("timedelta64[D]") <= (days[-1] if len(days) else np.datetime64("NaT"))
    anomaly = (score >= 1) & settled
    keep = anomaly | return_all
    if since is not None:
        keep &= days[row] >= np.datetime64(pd.Timestamp(since))
    row, column, wait, score, anomaly = row[keep], column[keep], wait[keep], score[keep], anomaly[keep]
    cost, expected = series.cost[row, column], verdicts.expected[row, column]
    kind = verdicts.kind[row, column]
    impact = np.where(np.isnan(verdicts.impact[row, column]), cost - expected, verdicts.impact[row, column])
    base = np.abs(expected)
    pct = np.divide(impact, base, out=np.full(len(base), np.nan), where=base > 0.005)
    return pd.DataFrame(
        {
            "key": series.keys[column],
            "date": days[row],
            "alert_date": days[row] + wait.astype("timedelta64[D]"),
            "cost": cost,
            "expected": expected,
            "lower": verdicts.lower[row, column],
            "upper": verdicts.upper[row, column],
            "score": np.where(anomaly, score, np.minimum(score, 1 - 1e-9)),
            "impact": impact,
            "pct": pct,
            "direction": np.where(impact < 0, "down", "up"),
            "kind": np.where(anomaly, np.array(KINDS)[kind], ""),
            "is_anomaly": anomaly,
        },
        columns=list(COLUMNS),
    )
