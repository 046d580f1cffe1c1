"""How much of the eligible usage commitments cover, at on-demand prices. It says nothing about unused commitment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas import DataFrame

from analysis.commitments.daily_charges import share, summed

#: Eligible usage of one service and region in on-demand dollars an hour.
FLOOR: dict[str, str] = {
    "service": "str",
    "spans": "float64",  # hours or days looked at
    "span_hours": "float64",  # 1, or 24 where only days are known
    "floor": "float64",  # usage that all but a few spans have
    "covered": "float64",  # of it, what commitments covered in those few spans
    "mean": "float64",  # usage, covered or not
    "mean_covered": "float64",
    "problem": "str",  # why it is not known; empty where it is
}


def coverage(charges: DataFrame, by: Sequence[str]) -> DataFrame:
    """Covered and on-demand dollars of eligible usage, and the covered share.

    Args:
        charges: columns `CHARGES`. by: of `DIMENSIONS`; unused commitment is left out, it covers nothing.
    Returns:
        Columns covered, on_demand (both at on-demand prices), coverage (0 to 1), indexed by `by`.
    """
    usage = charges[~charges["is_unused"]]
    is_covered = usage["kind"].ne("")
    covered = summed(usage, usage["on_demand"].where(is_covered, 0.0), by)
    left = summed(usage, usage["on_demand"].where(~is_covered, 0.0), by)
    return DataFrame({"covered": covered, "on_demand": left, "coverage": share(covered, covered + left)})


def stable_floor(covered: DataFrame, left: DataFrame, *, quantile: float = 0.05) -> DataFrame:
    """What runs in all but a few hours, and how much of that is covered.

    Args:
        covered, left: on-demand dollars an hour, a row per hour or day (none may lack: one without usage is zero), a
            column per thing that is told apart; the same labels in both.
        quantile: share of rows that may have less than the floor.
    Returns:
        Indexed by the columns: spans, floor, covered, mean, mean_covered. What is covered in the quiet rows is what of
        the floor is covered: reservations and plans are there all the time.
    """
    whole = covered + left
    floor = whole.quantile(quantile, interpolation="lower")
    quiet = whole.le(floor + 1e-12)
    in_quiet = covered.where(quiet).mean().clip(upper=floor)
    return DataFrame(
        {
            "spans": pd.Series(float(len(whole)), index=whole.columns),
            "floor": floor.mask(whole.isna().any()),
            "covered": in_quiet.mask(covered.isna().any()),
            "mean": whole.mean().mask(whole.isna().any()),
            "mean_covered": covered.mean().mask(covered.isna().any()),
        }
    )
