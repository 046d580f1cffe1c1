"""The charts of buckets that several checks show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.daily_metrics import daily_charts
from analysis.models import Chart
from analysis.storage.classes import GB


def size_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """What each bucket holds in Standard and in Standard-IA, day by day."""
    lines = {
        "Standard": ("BucketSizeBytes.StandardStorage", "Average"),
        "Standard-IA": ("BucketSizeBytes.StandardIAStorage", "Average"),
    }
    return daily_charts(rows, tables["s3_metrics"], lines, title="Held", unit="GB", scale=1 / GB)


def read_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """What was read of each bucket, day by day."""
    lines = {"Downloaded": ("BytesDownloaded", "Sum")}
    return daily_charts(rows, tables["s3_metrics"], lines, title="Read a day", unit="GB", scale=1 / GB)


def request_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """All requests to each bucket, and those that read, day by day."""
    lines = {"All": ("AllRequests", "Sum"), "GET": ("GetRequests", "Sum")}
    return daily_charts(rows, tables["s3_metrics"], lines, title="Requests a day", unit="requests")
