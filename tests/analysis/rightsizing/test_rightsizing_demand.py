"""Demand: percentiles of what was measured, and missing for what was not."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.rightsizing.demand import Metric, demand, empty_metrics
from tests.analysis.rightsizing_factories import instance, instances, load, points


def of(metrics: DataFrame) -> pd.Series[float]:
    return demand(instances(instance()), metrics).iloc[0]


def test_nothing_measured_is_missing_and_never_idle() -> None:
    found = of(empty_metrics())

    assert found[["cpu_percent", "memory_percent", "network_gbps", "ebs_mb_s", "ebs_iops", "drained_days"]].isna().all()
    assert (found["cpu_days"], found["memory_days"], found["has_series"]) == (0, 0, False)


def test_one_half_of_the_traffic_is_not_the_traffic() -> None:
    found = of(points(Metric.NETWORK_IN, "Maximum", [3e8] * 14))

    assert pd.isna(found["network_gbps"])


def test_the_busiest_day_counts_until_the_series_is_there() -> None:
    daily = points(Metric.CPU, "p99.5", [10.0] * 13 + [60.0])
    series = points(Metric.CPU, "Maximum", [10.0] * 4000 + [60.0] * 10, period_s=300)

    assert of(daily)["cpu_percent"] == 60.0
    assert of(daily)["typical_cpu_percent"] == 10.0
    assert of(pd.concat([daily, series]))["cpu_percent"] == 10.0


def test_means_of_cpu_alone_are_no_series_that_tells_peaks() -> None:
    means = points(Metric.CPU, "Average", [5.0] * 4000, period_s=300)
    found = of(pd.concat([points(Metric.CPU, "p99.5", [10.0] * 14), means]))

    assert (found["has_series"], found["cpu_percent"]) == (False, 10.0)


def test_several_series_of_memory_are_one_instance_and_the_highest_counts() -> None:
    before_and_after_a_resize = pd.concat(
        [points(Metric.MEMORY, "p99.5", [40.0] * 14), points(Metric.MEMORY, "p99.5", [70.0] * 3)]
    )

    found = of(before_and_after_a_resize)

    assert (found["memory_percent"], found["memory_days"]) == (70.0, 14)


@pytest.mark.parametrize(("samples", "seconds"), [(288.0, 300), (1440.0, 60)])
def test_bytes_per_sample_become_a_rate_by_the_length_of_a_sample(samples: float, seconds: int) -> None:
    metrics = pd.concat(
        [
            points(Metric.NETWORK_IN, "Maximum", [1e9] * 14),
            points(Metric.NETWORK_OUT, "Maximum", [2e9] * 14),
            points(Metric.NETWORK_IN, "SampleCount", [samples] * 14),
        ]
    )

    assert of(metrics)["network_gbps"] == pytest.approx(3e9 * 8 / 1e9 / seconds)


def test_without_a_count_of_samples_the_rate_is_never_too_low() -> None:
    metrics = pd.concat(
        [points(Metric.NETWORK_IN, "Maximum", [1e9] * 14), points(Metric.NETWORK_OUT, "Maximum", [2e9] * 14)]
    )

    assert of(metrics)["network_gbps"] == pytest.approx(3e9 * 8 / 1e9 / 60)


def test_both_directions_are_added_at_the_same_moment() -> None:
    take_turns = pd.concat(
        [
            points(Metric.NETWORK_IN, "Sum", [3e9, 0.0] * 500, period_s=300),
            points(Metric.NETWORK_OUT, "Sum", [0.0, 3e9] * 500, period_s=300),
        ]
    )

    assert of(take_turns)["network_gbps"] == pytest.approx(3e9 * 8 / 1e9 / 300)


def test_counts_the_days_on_which_credits_ran_out() -> None:
    found = of(points(Metric.CREDIT_BALANCE, "Minimum", [200.0] * 11 + [0.0, 0.4, 5.0]))

    assert found["drained_days"] == 2


def test_each_instance_keeps_its_own_figures() -> None:
    rows = instances(instance(), instance(resource_id="i-0bbb"), instance(resource_id="i-0ccc"))

    found = demand(rows, pd.concat([load(cpu=11), load(cpu=77, instance_id="i-0bbb")]))

    assert found["cpu_percent"].tolist()[:2] == [11.0, 77.0]
    assert pd.isna(found["cpu_percent"].iloc[2])
