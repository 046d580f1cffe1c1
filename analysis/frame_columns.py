"""What the columns of a frame say as days and as dollars, however they are written; never by guessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def calendar_days(dates: pd.Series[Any]) -> NDArray[np.int64]:
    """Days since 1970.

    A time with a zone counts on its day in UTC, as bills have it. Where all of them are midnights of their own zone,
    they are that zone's days, and are left on them.

    Args:
        dates: datetime64, `date`, periods of a day, or ISO text; with a zone, with another offset in each row, or
            without.
    Raises:
        ValueError: a row has no date, or one that can be read in two ways: a number, text that is not ISO, times with
            a zone among times without.
    """
    stamps = _stamps(dates)
    if stamps.dt.tz is not None:
        wall = stamps.dt.tz_localize(None)
        are_days = bool((wall.dropna() == wall.dropna().dt.normalize()).all())
        stamps = wall if are_days else stamps.dt.tz_convert("UTC").dt.tz_localize(None)
    days = stamps.to_numpy().astype("datetime64[D]")
    lost = int(np.isnat(days).sum())
    if lost:
        raise ValueError(f"{lost} rows of daily costs have no date; leave them out or date them")
    return np.asarray(days.astype(np.int64))


def dollars(costs: pd.Series[Any]) -> NDArray[np.float64]:
    """Costs as floats; NaN for what is unknown.

    Raises:
        ValueError: a cost is no number.
    """
    if costs.dtype.kind in "bmM":
        raise ValueError(f"daily costs must be numbers: they are {costs.dtype}")
    try:
        return costs.to_numpy(dtype=float)
    except (TypeError, ValueError):
        pass
    try:
        return costs.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        read = pd.to_numeric(costs, errors="coerce")
        wrong = costs[read.isna() & costs.notna()]
        example = f"{len(wrong)} are not, the first {wrong.iloc[0]!r}" if len(wrong) else str(error)
        raise ValueError(f"daily costs must be numbers: {example}") from error


def _stamps(dates: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(dates.dtype, pd.CategoricalDtype):
        dates = dates.astype(dates.cat.categories.dtype)
    if isinstance(dates.dtype, pd.PeriodDtype):
        stamps: pd.Series[Any] = dates.dt.to_timestamp()
        return stamps
    if dates.dtype.kind in "iufbc" or _are_numbers(dates):
        raise ValueError(f"dates of daily costs are numbers, the first {dates.iloc[0]}; give dates or ISO text")
    try:
        return pd.to_datetime(dates, format="ISO8601")
    except (TypeError, ValueError):
        return _one_by_one(dates)


def _are_numbers(dates: pd.Series[Any]) -> bool:
    known = dates.dropna()
    return dates.dtype == object and len(known) > 0 and isinstance(known.iloc[0], (int, float, np.number))


def _one_by_one(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Times of several offsets, such as of a zone with clock changes: on their days as `calendar_days` says."""
    stamps = [_stamp(value) for value in dates]
    known = [stamp for stamp in stamps if not pd.isna(stamp)]
    aware = [stamp.tzinfo is not None for stamp in known]
    if any(aware) and not all(aware):
        raise ValueError("some dates of daily costs have a time zone and others have none; give all of them one")
    are_days = all(stamp.tz_localize(None) == stamp.tz_localize(None).normalize() for stamp in known)
    return pd.Series(_plain(stamps, are_days), index=dates.index, dtype="datetime64[ns]")


def _plain(stamps: Sequence[pd.Timestamp], are_days: bool) -> list[pd.Timestamp]:
    return [
        stamp
        if pd.isna(stamp) or stamp.tzinfo is None
        else (stamp if are_days else stamp.tz_convert("UTC")).tz_localize(None)
        for stamp in stamps
    ]


def _stamp(value: Any) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(value, format="ISO8601") if isinstance(value, str) else value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"daily costs have the date {value!r}; give dates or ISO text, such as 2026-03-31") from error
