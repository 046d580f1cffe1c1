"""The charts of volumes that several checks show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, daily_charts
from analysis.models import Chart
from analysis.storage.volume_load import MIB


def operations_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """What each volume read and wrote, in operations a day."""
    lines = {"Read": ("VolumeReadOps", "Sum"), "Written": ("VolumeWriteOps", "Sum")}
    return daily_charts(rows, tables["ebs_metrics"], lines, title="Operations a day", unit="operations")


def throughput_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """What each volume carried on the mean of each day."""
    lines = {"Read": ("VolumeReadBytes", "Sum"), "Written": ("VolumeWriteBytes", "Sum")}
    return daily_charts(
        rows, tables["ebs_metrics"], lines, title="Mean throughput of each day", unit="MiB/s", scale=1 / (DAY_S * MIB)
    )
