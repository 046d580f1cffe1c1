"""Flags of single days as incidents: what belongs together is told once."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Ordinary days between two flags of one incident.
MAX_GAP_DAYS = 3

#: Which kind names an incident made of several, strongest last.
_RANK = {"spike": 0, "ramp": 1, "step": 2, "drop": 3, "new": 4}

COLUMNS = (
    "key",
    "direction",
    "kind",
    "start",
    "end",
    "alert_date",
    "days",
    "cost",
    "expected",
    "impact",
    "peak_impact",
    "pct",
    "score",
)


def episodes(flags: pd.DataFrame) -> pd.DataFrame:
    """Merge the anomalies of `detect` into incidents.

    Args:
        flags: rows of `detect`; ordinary days among them are left out.
    Returns:
        One row per incident, ordered by key and start: `key, direction, kind, start, end` (first and last flagged
        day), `alert_date` (when it was first told), `days` (flagged ones), `cost` and `expected` (their means, dollars
        a day), `impact` (dollars in total), `peak_impact` (dollars on the worst day), `pct` (cost over expected - 1;
        NaN without an expectation), `score` (the highest).
    """
    found = flags[flags["is_anomaly"].astype(bool)].sort_values(["key", "direction", "date"], kind="stable")
    if found.empty:
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})
    same = (found["key"] == found["key"].shift()) & (found["direction"] == found["direction"].shift())
    gap = found["date"].diff().dt.days
    number = (~same | (gap > MAX_GAP_DAYS + 1)).cumsum()
    ranked = found.assign(rank=found["kind"].map(_RANK), size=found["impact"].abs())
    grouped = ranked.groupby(number, sort=True)
    result = grouped.agg(
        key=("key", "first"),
        direction=("direction", "first"),
        rank=("rank", "max"),
        start=("date", "min"),
        end=("date", "max"),
        alert_date=("alert_date", "min"),
        days=("date", "size"),
        cost=("cost", "mean"),
        expected=("expected", "mean"),
        impact=("impact", "sum"),
        peak=("size", "max"),
        score=("score", "max"),
    )
    result["kind"] = result["rank"].map({rank: kind for kind, rank in _RANK.items()})
    result["peak_impact"] = np.sign(result["impact"]) * result["peak"]
    base = result["expected"].abs()
    result["pct"] = np.where(base > 0.005, (result["cost"] - result["expected"]) / base.where(base > 0.005), np.nan)
    return result.sort_values(["key", "start", "direction"], kind="stable")[list(COLUMNS)].reset_index(drop=True)


def _dtype(name: str) -> str:
    if name in ("start", "end", "alert_date"):
        return "datetime64[s]"
    return "object" if name in ("key", "direction", "kind") else "float64"
