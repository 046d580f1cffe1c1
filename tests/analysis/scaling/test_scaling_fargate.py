"""The sizes of Fargate and the cheapest that holds a load."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.scaling.fargate import SIZES, cheapest_size, task_hour

VCPU, GB = 0.04048, 0.004445


def task(cpu: float, memory: float, cpu_percent: float, memory_percent: float, **changed: Any) -> DataFrame:
    values = {"cpu_units": cpu, "memory_mib": memory, "cpu_percent": cpu_percent, "memory_percent": memory_percent}
    return DataFrame([values | {"vcpu_usd": VCPU, "gb_usd": GB} | changed]).astype("float64")


def size(tasks: DataFrame, headroom: float = 20.0) -> list[Any]:
    found = cheapest_size(tasks, headroom).iloc[0]
    return [None if pd.isna(value) else value for value in found[["new_cpu_units", "new_memory_mib"]]]


def test_the_pairs_are_those_that_fargate_takes() -> None:
    by_cpu = DataFrame(SIZES, columns=["cpu", "memory"]).groupby("cpu")["memory"]

    assert by_cpu.agg(["min", "max", "count"]).to_dict("index") == {
        256: {"min": 512, "max": 2048, "count": 3},
        512: {"min": 1024, "max": 4096, "count": 4},
        1024: {"min": 2048, "max": 8192, "count": 7},
        2048: {"min": 4096, "max": 16384, "count": 13},
        4096: {"min": 8192, "max": 30720, "count": 23},
        8192: {"min": 16384, "max": 61440, "count": 12},
        16384: {"min": 32768, "max": 122880, "count": 12},
    }


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        (task(256, 512, 1, 1), [None, None]),  # nothing is smaller
        (task(1024, 2048, 50, 30), [None, None]),  # half a vCPU would be full
        (task(1024, 2048, 40, 30), [512, 1024]),  # 0.4 of 0.5 vCPU are 80 %
        (task(1024, 2048, 40.1, 30), [None, None]),
        (task(1024, 4096, 60, 40), [1024, 2048]),  # memory alone
        (task(1024, 4096, 60, 40.1), [1024, 3072]),
        (task(4096, 8192, 10, 79), [1024, 8192]),  # CPU alone: memory keeps its GiB
        (task(2048, 4096, float("nan"), 10), [None, None]),
        (task(2048, 4096, 10, float("nan")), [None, None]),
        (task(2048, 4096, 10, 10, vcpu_usd=float("nan")), [None, None]),
    ],
)
def test_the_cheapest_that_keeps_a_fifth_free(tasks: DataFrame, expected: list[Any]) -> None:
    assert size(tasks) == expected


def test_a_task_costs_its_cpu_and_its_memory() -> None:
    assert task_hour(task(2048, 4096, 1, 1)).tolist() == [pytest.approx(2 * VCPU + 4 * GB)]


def test_no_tasks_are_none() -> None:
    assert cheapest_size(task(256, 512, 1, 1).head(0), 20.0).empty
