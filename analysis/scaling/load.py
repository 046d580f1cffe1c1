"""What one group had to do, step by step: CPU and instances in service, from metrics or from its activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame

from analysis.daily_metrics import HOUR_S, KEY, SERIES_S
from analysis.scaling.activity import capacity, decisions

CPU, IN_SERVICE, DESIRED = "CPUUtilization", "GroupInServiceInstances", "GroupDesiredCapacity"
REQUESTS = "RequestCountPerTarget"
_DAY, _HOUR = 86_400 // SERIES_S, HOUR_S // SERIES_S

#: Sizes are read by the hour, which is enough: where they move every hour, a policy is at work.
#: The question of the second round: five-minute series of the groups that daily figures leave as candidates.
NEEDS_SERIES = "series"


@dataclass(frozen=True, slots=True)
class GroupLoad:
    """One group on a grid of five minutes.

    Attributes:
        moments: starts of the steps, UTC. cpu: average per cent of an instance; missing where nothing was measured.
        instances: in service (or desired, where group metrics are not enabled). desired: the desired capacity.
    """

    moments: NDArray[np.datetime64]
    cpu: NDArray[np.float64]
    instances: NDArray[np.float64]
    desired: NDArray[np.float64]

    @property
    def load(self) -> NDArray[np.float64]:
        """Work asked for, per cent of one instance."""
        return self.cpu * self.instances

    @property
    def days(self) -> float:
        """Days of which CPU is known."""
        return float((~np.isnan(self.load)).sum()) / _DAY

    def last(self, days: float) -> GroupLoad:
        """Its newest days only."""
        count = int(days * _DAY)
        return GroupLoad(self.moments[-count:], self.cpu[-count:], self.instances[-count:], self.desired[-count:])


def group_loads(groups: DataFrame, metrics: DataFrame, activities: DataFrame) -> Iterator[tuple[Any, GroupLoad]]:
    """The load of each group that has five-minute CPU, with its index in `groups` (needs `KEY` and `desired`)."""
    series = metrics[metrics["period_s"].isin([SERIES_S, HOUR_S])]
    if series.empty:
        return
    by_group = dict(iter(series.groupby(KEY)))
    made = dict(iter(decisions(activities).groupby(KEY)))
    for index, (*key, desired) in zip(
        groups.index, groups[[*KEY, "desired"]].itertuples(index=False, name=None), strict=True
    ):
        points = by_group.get(tuple(key))
        if points is None:
            continue
        cpu = _line(points, CPU, SERIES_S)
        if cpu.empty:
            continue
        moments = pd.date_range(cpu.index.min(), cpu.index.max(), freq=f"{SERIES_S}s")
        times = moments.to_numpy(dtype="datetime64[s]")
        own = made.get(tuple(key), DataFrame())
        use = np.asarray(cpu.reindex(moments), dtype=np.float64)
        wanted, instances = (
            np.asarray(_line(points, name, HOUR_S).reindex(moments, method="ffill", limit=_HOUR - 1), dtype=np.float64)
            for name in (DESIRED, IN_SERVICE)
        )
        # Without group metrics, which are opt-in, the activities tell how large it was.
        wanted = np.where(np.isnan(wanted), capacity(own, times, float(desired)), wanted)
        yield index, GroupLoad(times, use, np.where(np.isnan(instances), wanted, instances), wanted)


def _line(points: DataFrame, metric: str, period_s: int) -> pd.Series[float]:
    chosen = points[points["metric"].eq(metric) & points["period_s"].eq(period_s)]
    return chosen.drop_duplicates("time").set_index("time")["value"].sort_index()


def two_hourly(values: NDArray[np.float64], moments: NDArray[np.datetime64]) -> tuple[float | None, ...]:
    """Means of a working day by two hours from 00:00 UTC: twelve values, None where nothing is known."""
    hours = moments.astype("datetime64[h]").astype("int64")
    working = ((hours // 24 + 3) % 7 < 5) & ~np.isnan(values)
    slot = (hours % 24) // 2
    sums = np.bincount(slot[working], weights=values[working], minlength=12)
    counts = np.bincount(slot[working], minlength=12)
    return tuple(round(float(s / n), 2) if n else None for s, n in zip(sums, counts, strict=True))
