"""Volumes, instances and their traffic for the tests of the checks on EBS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS, SERIES_S
from tests.analysis.checks.check_factories import ACCOUNT, END, REGION, judged, table, together

MIB = 2**20


def volume(**changed: Any) -> dict[str, Any]:
    """A gp3 volume in use."""
    values = {"resource_id": "vol-1", "az": "us-east-1a", "volume_type": "gp3", "size_gib": 500, "iops": 3000.0}
    attached = {"state": "in-use", "instance_id": "i-1", "device": "/dev/sdf", "age_days": 200.0}
    return values | {"throughput_mib_s": 125.0} | attached | changed


def days(operations: float, mib: float, *, count: int = 14, resource_id: str = "vol-1") -> DataFrame:
    """So many days with these sums, read and written in equal parts."""
    return _both(operations, mib * MIB, count, DAY_S, resource_id)


def busy(iops: float, mib_s: float, *, resource_id: str = "vol-1", count: int = 14) -> DataFrame:
    """Days and two thousand five-minute sums of a steady load, with one burst that p99.9 leaves out."""
    daily = days(iops * DAY_S, mib_s * DAY_S, resource_id=resource_id, count=count)
    series = _both(iops * SERIES_S, mib_s * SERIES_S * MIB, 2000, SERIES_S, resource_id)
    last = series["time"].eq(series["time"].max())
    return together(daily, series.assign(value=series["value"].mask(last, series["value"] * 10)))


def verdict(check_id: str, row: dict[str, Any], metrics: DataFrame, *more: DataFrame, **asked: Any) -> pd.Series[Any]:
    """What the check says of one volume; `more` are its instances."""
    tables = {"ebs_volumes": table("ebs_volumes", row), "ebs_metrics": metrics}
    if more:
        tables["ec2_instances"] = more[0]
    return judged(check_id, tables, **asked).loc[row["resource_id"]]


def instance(**changed: Any) -> DataFrame:
    """The instance that the volume hangs on."""
    return table("ec2_instances", {"resource_id": "i-1", "state": "running"} | changed)


def _both(operations: float, total: float, count: int, period_s: int, resource_id: str) -> DataFrame:
    times = pd.date_range(end=END, periods=count + 1, freq=f"{period_s}s", inclusive="left")
    metrics = {"VolumeReadOps": operations, "VolumeWriteOps": operations, "VolumeReadBytes": total}
    metrics["VolumeWriteBytes"] = total
    names = np.repeat(list(metrics), count)
    rows = DataFrame(
        {"metric": names, "value": np.repeat(list(metrics.values()), count) / 2, "time": np.tile(times, 4)}
    )
    place = {"account_id": ACCOUNT, "region": REGION, "resource_id": resource_id}
    return rows.assign(**place, statistic="Sum", period_s=period_s)[list(METRICS)].astype(METRICS)
