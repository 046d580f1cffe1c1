"""Which features spoke for or against an anomaly, in the learned score's own terms."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies.features import FEATURES
from analysis.anomalies.learned import Judge, Trees, shipped
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.walk import Walk
from analysis.daily_series import Matrix, Row, daily_series


class _Listening(Judge):
    """Judges as ever, and keeps what it was asked about one day."""

    def __init__(self, trees: dict[str, Trees], day: int) -> None:
        super().__init__(trees)
        self._day = day
        self.heard: list[tuple[str, Matrix]] = []

    def score(self, what: str, t: int, keys: NDArray[np.int64], rows: Matrix) -> Row | None:
        if t == self._day:
            self.heard.append((what, rows))
        return super().score(what, t, keys, rows)


def reasons(
    daily: pd.DataFrame, *, key: Any, day: date, min_impact: float = 10.0, min_pct: float = 0.20
) -> pd.DataFrame:
    """What the learned score found on `day` of `key`.

    Args:
        daily: `date, key, cost`, as `detect` takes it; the thresholds as given to it.
    Returns:
        A row per feature, the one that spoke loudest first: `feature`, its `value`, and the `log_odds` it added
        (positive for an incident). Empty where the rules were so clear that nothing had to be learned, on a new key
        and on an ordinary day.
    """
    series = daily_series(daily, day)
    series = series.of_keys(np.flatnonzero(series.keys == key))
    if not len(series.keys) or not len(series.days) or series.days[-1] != pd.Timestamp(day).normalize():
        return _table(np.zeros((0, len(FEATURES))), None)
    judge = _Listening(shipped().trees, len(series.days) - 1)
    Walk(series, Materiality(min_impact, min_pct), judge).through()
    asked = [(trees, rows) for what, rows in judge.heard if (trees := judge.trees.get(what)) is not None]
    if not asked:
        return _table(np.zeros((0, len(FEATURES))), None)
    trees, rows = max(asked, key=lambda one: float(one[0].score(one[1])[0]))
    return _table(rows, trees)


def _table(rows: Matrix, trees: Trees | None) -> pd.DataFrame:
    if trees is None or not len(rows):
        return pd.DataFrame({"feature": pd.Series(dtype="object"), "value": [], "log_odds": []})
    table = pd.DataFrame({"feature": list(FEATURES), "value": rows[0], "log_odds": trees.contributions(rows)[0]})
    return table.sort_values("log_odds", key=lambda column: -column.abs(), kind="stable").reset_index(drop=True)
