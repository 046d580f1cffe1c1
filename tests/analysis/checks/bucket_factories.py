"""Buckets, what they hold and how they are read, for the tests of the checks on S3."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.storage.size_classes import age_class, size_class
from tests.analysis.checks.check_factories import cards, judged, points, table, together

GB = 2**30
KIB = 2**10
#: A rule that somebody else made.
OTHERS: dict[str, Any] = {
    "ID": "expire",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 365},
}


def bucket(**changed: Any) -> dict[str, Any]:
    """A bucket of which everything is known, with one rule for a prefix."""
    values = {"resource_id": "b-1", "tags_read": True, "lifecycle": rules(OTHERS), "versioning": "Off"}
    return values | {"unfinished": 0.0, "unfinished_bytes": 0.0, "age_days": 300.0} | changed


def rules(*made: dict[str, Any]) -> str:
    return json.dumps(list(made))


def holding(
    gb: float, mean_kib: float, *, kind: str = "StandardStorage", region: str = "us-east-1", **more_gb: float
) -> DataFrame:
    """Sizes of the bucket by CloudWatch; `more_gb` in other storage types. The day before it held nothing."""
    objects = (gb + sum(value for name, value in more_gb.items() if name.endswith("Storage"))) * GB / (mean_kib * KIB)
    sizes = {f"BucketSizeBytes.{name}": value * GB for name, value in {kind: gb, **more_gb}.items()}
    return together(
        *(
            points(name, [0.0, value], resource_id="b-1", statistic="Average", region=region)
            for name, value in {**sizes, "NumberOfObjects": objects}.items()
        )
    )


def read(gb_a_day: float, gets_a_day: float, *, days: int = 60, silent_since: int = 0) -> DataFrame:
    """Requests of the whole bucket: something is asked of it every day; what is read stops `silent_since` days ago."""
    asked = points("AllRequests", [100.0] * days, resource_id="b-1")
    until = days - silent_since
    gets = points("GetRequests", [gets_a_day] * days, resource_id="b-1").head(until)
    bytes_ = points("BytesDownloaded", [gb_a_day * GB] * days, resource_id="b-1").head(until)
    return together(asked, *(part for part in (gets, bytes_) if gets_a_day and len(part)))


#: Objects of a listing: how many, KiB of each, how many days old.
Some = tuple[float, float, float]


def listed(*some: Some, whole: bool = True, refused: str = "", storage_class: str = "STANDARD") -> DataFrame:
    """What a listing of the bucket told."""
    head = {"resource_id": "b-1", "complete": whole and not refused, "requests": 5.0, "refused": refused}
    if refused:
        return table("s3_object_sizes", head)
    cells = [
        {
            "storage_class": storage_class,
            "size_class": float(size_class(int(kib * KIB))),
            "age_class": float(age_class(days)),
            "objects": float(objects),
            "bytes": objects * kib * KIB,
        }
        for objects, kib, days in some
    ]
    return table("s3_object_sizes", *(head | cell for cell in cells or [{"objects": 0.0, "bytes": 0.0}]))


def tables(row: dict[str, Any], *parts: DataFrame) -> dict[str, DataFrame]:
    """The bucket's tables, of its metrics and listings."""
    metrics = [part for part in parts if "metric" in part]
    listings = [part for part in parts if "size_class" in part]
    return {
        "s3_buckets": table("s3_buckets", row),
        **({"s3_metrics": together(*metrics)} if metrics else {}),
        **({"s3_object_sizes": together(*listings)} if listings else {}),
    }


def verdict(check_id: str, row: dict[str, Any], *metrics: DataFrame, **asked: Any) -> pd.Series[Any]:
    """What the check says of one bucket."""
    return judged(check_id, tables(row, *metrics), **asked).loc[row["resource_id"]]


def card(check_id: str, row: dict[str, Any], *metrics: DataFrame) -> Any:
    """The one card it makes."""
    (made,) = cards(check_id, tables(row, *metrics))
    return made


def put_rules(command: str) -> list[dict[str, Any]]:
    """The rules that a command sets."""
    text = command.partition("--lifecycle-configuration '")[2].partition("'")[0]
    found: list[dict[str, Any]] = json.loads(text)["Rules"]
    return found
