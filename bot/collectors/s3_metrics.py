"""The table `s3_metrics`: how much each bucket holds in each class, and how often it is read where that is measured.

CloudWatch keeps them in the bucket's own region. Sizes cost nothing to keep and are always there, a day late; requests
are counted only where somebody switched that on, and versions only where Storage Lens publishes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS
from bot.aws import Aws, reading
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from bot.tables import typed

ACTIONS = (*metrics.ACTIONS, "s3:GetMetricsConfiguration")
SCOPE = Scope.ACCOUNT
OF = "s3_buckets"
#: `BucketSizeBytes` is told by storage type: `BucketSizeBytes.StandardStorage`; requests are those of whole buckets.
COLUMNS = METRICS
#: Days of requests that are looked at: data that was not read for so long may be archived.
REQUEST_DAYS = 180

_SPACE, _LENS = "AWS/S3", "AWS/S3/Storage-Lens"
_VERSIONS = "NonCurrentVersionStorageBytes"

Dimensions = tuple[tuple[str, str], ...]


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sizes and counts of every bucket; daily requests where they are measured for the whole bucket.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    lens = metrics.list_metrics(aws, here.account.id, here.region, _LENS, _VERSIONS)
    found = [
        _of_region(aws, replace(here, region=str(region)), list(part["resource_id"]), lens, window)
        for region, part in rows[rows["region"].ne("")].groupby("region")
    ]
    return pd.concat(found, ignore_index=True) if found else typed([], METRICS)


def _of_region(aws: Aws, place: Here, buckets: list[str], lens: list[Dimensions], window: Window) -> DataFrame:
    account_id, region = place.account.id, place.region
    sizes = metrics.list_metrics(aws, account_id, region, _SPACE, "BucketSizeBytes")
    requests = metrics.list_metrics(aws, account_id, region, _SPACE, "AllRequests")
    watched = _whole(aws, place, requests, set(buckets))
    daily = measure(aws, place, [*_sizes(sizes, set(buckets)), *_counts(buckets)], window)
    requested = measure(aws, place, _requests(watched), window, days=REQUEST_DAYS)
    # Storage Lens keeps the figures of all regions in its own.
    home = replace(place, region="us-east-1")
    versions = measure(aws, home, _versions(lens, set(buckets)), window).assign(region=region)
    return pd.concat([daily, requested, versions.astype(METRICS)], ignore_index=True)


def _sizes(listed: Iterable[Dimensions], buckets: set[str]) -> list[Query]:
    named = [(dict(dimensions), dimensions) for dimensions in listed]
    return [
        Query(
            of["BucketName"],
            f"BucketSizeBytes.{of['StorageType']}",
            _SPACE,
            "BucketSizeBytes",
            dimensions,
            "Average",
            DAY_S,
        )
        for of, dimensions in named
        if of.get("BucketName") in buckets and "StorageType" in of
    ]


def _counts(buckets: Iterable[str]) -> list[Query]:
    return [
        Query(
            bucket,
            "NumberOfObjects",
            _SPACE,
            "NumberOfObjects",
            (("BucketName", bucket), ("StorageType", "AllStorageTypes")),
            "Average",
            DAY_S,
        )
        for bucket in buckets
    ]


def _requests(watched: dict[str, Dimensions]) -> list[Query]:
    return [
        Query(bucket, name, _SPACE, name, dimensions, "Sum", DAY_S)
        for bucket, dimensions in watched.items()
        for name in ("AllRequests", "GetRequests", "BytesDownloaded")
    ]


def _versions(lens: Iterable[Dimensions], buckets: set[str]) -> list[Query]:
    """Noncurrent bytes by class, of one Storage Lens configuration: each of them tells the same."""
    named = [(dict(dimensions), dimensions) for dimensions in lens]
    of_buckets = [
        (of, dimensions)
        for of, dimensions in named
        if of.get("bucket_name") in buckets and of.get("record_type", "BUCKET") == "BUCKET"
    ]
    first = min((of.get("configuration_id", "") for of, _ in of_buckets), default="")
    return [
        Query(
            of["bucket_name"],
            f"{_VERSIONS}.{of.get('storage_class', '')}",
            _LENS,
            _VERSIONS,
            dimensions,
            "Average",
            DAY_S,
        )
        for of, dimensions in of_buckets
        if of.get("configuration_id", "") == first
    ]


def _whole(aws: Aws, place: Here, listed: Iterable[Dimensions], buckets: set[str]) -> dict[str, Dimensions]:
    """Of each bucket the request metrics that count the whole of it, not a prefix or a tag."""
    found: dict[str, Dimensions] = {}
    client = aws.client("s3", account_id=place.account.id, region=place.region)
    for dimensions in listed:
        of = dict(dimensions)
        bucket, filter_id = of.get("BucketName", ""), of.get("FilterId", "")
        if bucket not in buckets or bucket in found or not filter_id:
            continue
        try:
            with reading("s3:GetMetricsConfiguration", place.account.id):
                told = client.get_bucket_metrics_configuration(Bucket=bucket, Id=filter_id)
        except SourceUnavailable:
            # Requests of an unknown part of a bucket are no evidence of how it is read.
            continue
        if not told["MetricsConfiguration"].get("Filter"):
            found[bucket] = dimensions
    return found
