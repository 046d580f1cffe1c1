"""The sizes of Fargate tasks, what they cost, and the cheapest that holds a measured load.

Source: Amazon ECS Developer Guide, "Task CPU and memory".
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

_GIB = 1024
#: CPU units (1,024 are a vCPU) → memory in MiB: the smallest, the largest and the step between.
_RANGES: dict[int, tuple[int, int, int]] = {
    512: (1 * _GIB, 4 * _GIB, _GIB),
    1024: (2 * _GIB, 8 * _GIB, _GIB),
    2048: (4 * _GIB, 16 * _GIB, _GIB),
    4096: (8 * _GIB, 30 * _GIB, _GIB),
    8192: (16 * _GIB, 60 * _GIB, 4 * _GIB),
    16384: (32 * _GIB, 120 * _GIB, 8 * _GIB),
}
#: Every pair of CPU units and MiB that Fargate takes.
SIZES: tuple[tuple[int, int], ...] = (
    *((256, memory) for memory in (512, 1 * _GIB, 2 * _GIB)),
    *((cpu, memory) for cpu, (low, high, step) in _RANGES.items() for memory in range(low, high + 1, step)),
)


def task_hour(tasks: DataFrame) -> Series[float]:
    """Dollars an hour of a task (needs cpu_units, memory_mib, vcpu_usd, gb_usd); missing where one of them is."""
    return tasks["cpu_units"] / 1024 * tasks["vcpu_usd"] + tasks["memory_mib"] / _GIB * tasks["gb_usd"]


def cheapest_size(tasks: DataFrame, headroom_percent: float) -> DataFrame:
    """The cheapest size that keeps so much of its CPU and memory free.

    Args:
        tasks: needs `cpu_units`, `memory_mib`, `cpu_percent`, `memory_percent` (of these), `vcpu_usd`, `gb_usd`.
    Returns:
        Same index: `new_cpu_units`, `new_memory_mib`, `new_hour_usd`; missing where something is not known or no size
        is cheaper.
    """
    sizes = np.array(SIZES, dtype="float64")
    free = 1 - headroom_percent / 100
    needs = tasks[["cpu_percent", "memory_percent"]].to_numpy(dtype="float64") / 100
    needs = needs * tasks[["cpu_units", "memory_mib"]].to_numpy(dtype="float64")
    with np.errstate(invalid="ignore"):
        holds = (sizes[None, :, :] * free >= needs[:, None, :]).all(axis=2)
    rates = tasks[["vcpu_usd", "gb_usd"]].to_numpy(dtype="float64")
    costs = sizes[None, :, 0] / 1024 * rates[:, :1] + sizes[None, :, 1] / _GIB * rates[:, 1:]
    now = task_hour(tasks).to_numpy()
    with np.errstate(invalid="ignore"):
        usable = holds & (costs < now[:, None] - 1e-12)
    priced = np.where(usable, costs, np.inf)
    best = priced.argmin(axis=1) if len(tasks) else np.zeros(0, dtype="int64")
    found = usable.any(axis=1)
    return pd.DataFrame(
        {
            "new_cpu_units": np.where(found, sizes[best, 0], np.nan),
            "new_memory_mib": np.where(found, sizes[best, 1], np.nan),
            "new_hour_usd": np.where(found, priced.min(axis=1, initial=np.inf), np.nan),
        },
        index=tasks.index,
    )
