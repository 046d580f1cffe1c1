"""What an instance needs: CPU, memory, network and volume traffic of the last days, as high as they stand up to.

Percentiles of daily figures decide most instances for a fraction of the points; five-minute series are needed only
where those cannot tell. A metric without data stays missing: it is never zero.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import DAY_S, KEY, METRICS, SERIES_S

#: Columns of the table `ec2_metrics`; its metrics are called as `Metric` says.
EC2_METRICS = METRICS

#: A sample covers a minute at least: bytes per sample over this is never below the true rate.
_SHORTEST_SAMPLE_S = 60
_QUANTILE = 0.995


class Metric(StrEnum):
    """What is measured, whatever CloudWatch calls it."""

    CPU = "cpu"  # per cent of all vCPUs
    MEMORY = "memory"  # per cent in use
    NETWORK_IN = "network_in"  # bytes
    NETWORK_OUT = "network_out"
    EBS_READ_BYTES = "ebs_read_bytes"
    EBS_WRITE_BYTES = "ebs_write_bytes"
    EBS_READ_OPS = "ebs_read_ops"
    EBS_WRITE_OPS = "ebs_write_ops"
    CREDIT_BALANCE = "credit_balance"  # CPU credits
    SURPLUS_CREDITS = "surplus_credits"  # charged
    SURPLUS_BALANCE = "surplus_balance"  # borrowed; only unlimited instances do


#: Each traffic figure is the sum of two metrics, in the unit a type's baseline is given in.
TRAFFIC: dict[str, tuple[Metric, Metric, float]] = {
    "network_gbps": (Metric.NETWORK_IN, Metric.NETWORK_OUT, 8 / 1e9),
    "ebs_mb_s": (Metric.EBS_READ_BYTES, Metric.EBS_WRITE_BYTES, 1 / 1e6),
    "ebs_iops": (Metric.EBS_READ_OPS, Metric.EBS_WRITE_OPS, 1.0),
}


def empty_metrics() -> DataFrame:
    """The table `ec2_metrics` without rows."""
    return DataFrame({name: pd.Series(dtype=dtype) for name, dtype in EC2_METRICS.items()})


def demand(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """The demand of each instance.

    Args:
        instances: needs account_id, region, resource_id.
        ec2_metrics: columns `EC2_METRICS`.
    Returns:
        Same index; missing where nothing was measured:
        `cpu_percent`, `memory_percent`: p99.5 of the five-minute maxima, else p99.5 of the busiest day;
        `cpu_mean_percent` of the busiest day (burstable types); `cpu_days`, `memory_days`: days with data;
        `network_gbps`, `ebs_mb_s`, `ebs_iops`: p99.5 of five-minute rates, else an upper bound from daily maxima;
        `typical_*` of each: the median of the daily p99.5 (of traffic, of its larger half; of the mean, that of all
        days), below which it is not;
        `has_series`: whether five-minute series were there;
        `drained_days`: days on which burst credits fell below one; `surplus_credits`: charged in the window.
    """
    # Means of CPU, which alone may be there, tell no peak.
    series = ec2_metrics[ec2_metrics["period_s"].eq(SERIES_S) & ec2_metrics["statistic"].ne("Average")]
    index = pd.MultiIndex.from_frame(instances[KEY])
    has_series = pd.Series(index.isin(pd.MultiIndex.from_frame(series[KEY].drop_duplicates())), index=instances.index)
    parts = [of(instances, ec2_metrics) for of in (loads, traffic, credits)]
    return pd.concat([*parts, has_series.rename("has_series")], axis=1)


def loads(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """CPU and memory of `demand`."""
    daily = ec2_metrics[ec2_metrics["period_s"].eq(DAY_S)]
    series = ec2_metrics[ec2_metrics["period_s"].eq(SERIES_S)]
    index = pd.MultiIndex.from_frame(instances[KEY])
    found: dict[str, Series[Any]] = {}
    for metric in (Metric.CPU, Metric.MEMORY):
        days = _of(daily, metric, "p99.5").groupby(KEY)["value"]
        peaks = _of(series, metric, "Maximum").groupby(KEY)["value"]
        found[f"{metric}_percent"] = peaks.quantile(_QUANTILE).reindex(index).fillna(days.max().reindex(index))
        found[f"typical_{metric}_percent"] = days.median()
        found[f"{metric}_days"] = days.count().reindex(index).fillna(0)
    means = _of(daily, Metric.CPU, "Average").groupby(KEY)["value"]
    found["cpu_mean_percent"], found["typical_cpu_mean_percent"] = means.max(), means.mean()
    return _on(instances, found)


def traffic(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """Network and volume traffic of `demand`."""
    daily = ec2_metrics[ec2_metrics["period_s"].eq(DAY_S)]
    series = ec2_metrics[ec2_metrics["period_s"].eq(SERIES_S)]
    index = pd.MultiIndex.from_frame(instances[KEY])
    found: dict[str, Series[Any]] = {}
    for name, (one, other, scale) in TRAFFIC.items():
        sample_s = _sample_seconds(daily, one)
        exact = _together(series, one, other, "Sum").groupby(KEY)["value"].quantile(_QUANTILE) * scale / SERIES_S
        bound = _together(daily, one, other, "Maximum").groupby(KEY)["value"].max() * scale / sample_s
        found[name] = exact.reindex(index).fillna(bound.reindex(index))
        typical = [_of(daily, metric, "p99.5").groupby(KEY)["value"].median() for metric in (one, other)]
        found[f"typical_{name}"] = pd.concat(typical, axis=1).max(axis=1) * scale / sample_s
    return _on(instances, found)


def credits(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """Burst credits of `demand`."""
    daily = ec2_metrics[ec2_metrics["period_s"].eq(DAY_S)]
    balance = _of(daily, Metric.CREDIT_BALANCE, "Minimum")
    return _on(
        instances,
        {
            "drained_days": balance["value"].lt(1.0).groupby([balance[column] for column in KEY]).sum(),
            "surplus_credits": _of(daily, Metric.SURPLUS_CREDITS, "Sum").groupby(KEY)["value"].sum(),
        },
    )


def _on(instances: DataFrame, found: dict[str, Series[Any]]) -> DataFrame:
    """Figures by `KEY` as columns on the instances' index."""
    index = pd.MultiIndex.from_frame(instances[KEY])
    columns = DataFrame({name: values.reindex(index).to_numpy(dtype="float64") for name, values in found.items()})
    return columns.set_index(instances.index)


def daily_values(ec2_metrics: DataFrame, metric: Metric, statistic: str) -> DataFrame:
    """One row per instance (index `KEY`) and one column per day; missing where a day has no data."""
    rows = _of(ec2_metrics[ec2_metrics["period_s"].eq(DAY_S)], metric, statistic)
    return rows.pivot_table(index=KEY, columns="time", values="value", aggfunc="max")


def _of(points: DataFrame, metric: Metric, statistic: str) -> DataFrame:
    """One row per instance and time; of several series of a metric (memory, by dimensions) the highest counts."""
    rows = points[points["metric"].eq(metric.value) & points["statistic"].eq(statistic)]
    return rows.groupby([*KEY, "time"])["value"].max().reset_index()


def _together(points: DataFrame, one: Metric, other: Metric, statistic: str) -> DataFrame:
    """Both metrics added up at each time; a time at which one is missing is left out."""
    both = points[points["metric"].isin([one.value, other.value]) & points["statistic"].eq(statistic)]
    summed = both.groupby([*KEY, "time"])["value"].agg(["sum", "count"]).reset_index()
    return summed[summed["count"].eq(2)].rename(columns={"sum": "value"})


def _sample_seconds(daily: DataFrame, metric: Metric) -> Series[float]:
    """How long one sample lasts, from the samples of the fullest day: 300 s, or 60 s with detailed monitoring."""
    samples = _of(daily, metric, "SampleCount").groupby(KEY)["value"].max()
    everyone = daily[KEY].drop_duplicates().set_index(KEY).index
    return (DAY_S / samples).reindex(everyone).fillna(_SHORTEST_SAMPLE_S).clip(lower=_SHORTEST_SAMPLE_S, upper=SERIES_S)
