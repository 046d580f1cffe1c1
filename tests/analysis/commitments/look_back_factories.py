"""Details of a plan that AWS proposes, as AWS would tell them of hours that a test plants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.commitments.look_back import Detail
from analysis.commitments.usage import Floats

FIRST = pd.Timestamp("2026-10-21", tz="UTC")


def detail(dollars: Floats, *, hourly: float, ratio: float, kind: str = "EC2Instance", **changed: Any) -> Detail:
    """What AWS tells of these dollars on demand, (hours,), for a commitment with one discount."""
    hours = len(dollars)
    used = np.minimum(dollars * ratio, hourly)
    left = dollars - used / ratio
    narrow = kind == "EC2Instance"
    told = Detail(
        kind=kind,
        family="m5" if narrow else "",
        region="us-east-1" if narrow else "",
        days=hours // 24,
        hourly=hourly,
        cost=hourly * hours,
        saving=float((dollars - left).sum()) - hourly * hours,
        utilization=float(used.mean()) / hourly,
        spent=float(dollars.sum()),
        left=float(left.sum()),
        mean=float(dollars.mean()),
        hours=pd.date_range(FIRST, periods=hours, freq="h"),
        left_by_hour=left,
        used_by_hour=used / hourly,
        covered_now=np.zeros(hours),
        covered_then=1 - left / dollars,
    )
    return replace(told, **changed)


def day_and_night(days: int = 30, *, day: float = 12.0, night: float = 4.0) -> Floats:
    """Dollars on demand: `day` from 8 to 20 o'clock, `night` else."""
    busy = (np.arange(24) >= 8) & (np.arange(24) < 20)
    return np.tile(np.where(busy, day, night), days).astype("float64")


def at(told: Detail, places: NDArray[np.int64]) -> Detail:
    """The hours at these places alone, in this order; totals stay."""
    by_hour = ("hours", "left_by_hour", "used_by_hour", "covered_now", "covered_then")
    return replace(told, **{name: getattr(told, name)[places] for name in by_hour})
