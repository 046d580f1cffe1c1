"""The charts of buckets that several checks show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.daily_metrics import daily_charts
from analysis.models import Chart, Series
from analysis.storage.bucket_use import bucket_sizes
from analysis.storage.classes import GB
from analysis.storage.size_classes import AGES, SIZE_LABELS, bucket_objects

#: Names of the lines of a chart of sizes, and from which day on and to which an object is in it.
_AGE_LINES = (("to 30 days old", 0, 30), ("to 180 days old", 30, 180), ("older", 180, float("inf")))


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


def object_charts(rows: DataFrame, tables: Mapping[str, Any], *, storage_class: str = "STANDARD") -> list[Chart | None]:
    """What each bucket holds by the size and age of its objects, all in one class; None where these are not known."""
    listed = tables["s3_object_sizes"]
    objects = bucket_objects(rows, bucket_sizes(rows, tables["s3_metrics"]), listed, storage_class)
    return [
        _by_size(objects.one(row)) if is_known else None
        for is_known, (_, row) in zip(objects.told["is_known"], rows.iterrows(), strict=True)
    ]


def objects_or_reads(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """Sizes and ages where they are known, else what was read."""
    both = zip(object_charts(rows, tables), read_charts(rows, tables), strict=True)
    return [objects or reads for objects, reads in both]


def objects_or_sizes(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """Sizes and ages where they are known, else what each class held."""
    both = zip(object_charts(rows, tables), size_charts(rows, tables), strict=True)
    return [objects or held for objects, held in both]


def _by_size(cells: DataFrame) -> Chart | None:
    days = cells["age_class"].map(dict(enumerate((0, *AGES))))
    lines = []
    for name, since, until in _AGE_LINES:
        inside = cells[days.ge(since) & days.lt(until)]
        held = inside.groupby("size_class")["bytes"].sum().reindex(range(len(SIZE_LABELS)), fill_value=0.0) / GB
        lines.append(Series(name, tuple(round(float(value), 2) for value in held)))
    return Chart("Held by size of objects", SIZE_LABELS, tuple(lines), unit="GB") if len(cells) else None


def request_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """All requests to each bucket, and those that read, day by day."""
    lines = {"All": ("AllRequests", "Sum"), "GET": ("GetRequests", "Sum")}
    return daily_charts(rows, tables["s3_metrics"], lines, title="Requests a day", unit="requests")
