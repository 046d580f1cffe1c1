"""What each bucket holds and how it is read, of the metrics that S3 sends to CloudWatch."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import DAY_S, KEY
from analysis.storage.classes import MIN_BYTES
from analysis.storage.size_classes import Objects

MONTH_DAYS = 30
#: Request metrics that came later than this are still being sent.
_STILL_DAYS = 3

#: Storage types of objects themselves; every other type is overhead, or parts of a restore.
_HELD = (
    "StandardStorage", "StandardIAStorage", "OneZoneIAStorage", "ReducedRedundancyStorage",
    "GlacierInstantRetrievalStorage", "GlacierStorage", "DeepArchiveStorage", "IntelligentTieringFAStorage",
    "IntelligentTieringIAStorage", "IntelligentTieringAIAStorage", "IntelligentTieringAAStorage",
    "IntelligentTieringDAAStorage",
)  # fmt: skip
_SIZE = "BucketSizeBytes"

#: How to learn how a bucket is read.
HOW_TO_WATCH = (
    "request metrics of the whole bucket for 30 days (aws s3api put-bucket-metrics-configuration, billed as custom "
    "metrics), or Storage Class Analysis"
)


def bucket_sizes(buckets: DataFrame, s3_metrics: DataFrame) -> DataFrame:
    """What each bucket (needs `KEY`) held at the last measurement.

    Returns:
        Same index, missing where unknown: `total_bytes`, `objects` (all of them, noncurrent versions and parts too),
        `mean_bytes` of an object, `standard_bytes`, and `ia_bytes`, `ia_overhead`, `gir_bytes`, `gir_overhead`: bytes
        in the classes with a minimum size, and those billed on top of it.
    """
    latest = _by_metric(buckets, _latest(s3_metrics))
    held = [_column(latest, f"{_SIZE}.{kind}") for kind in _HELD]
    known = pd.concat(held, axis=1).notna().any(axis=1)
    total = pd.concat(held, axis=1).sum(axis=1).where(known)
    objects = _column(latest, "NumberOfObjects")
    return DataFrame(
        {
            "total_bytes": total,
            "objects": objects,
            "mean_bytes": (total / objects).where(objects.gt(0)),
            # CloudWatch tells no zero: a class that a known bucket has nothing in has no metric.
            **{
                name: _column(latest, f"{_SIZE}.{kind}").fillna(0.0).where(known)
                for name, kind in (
                    ("standard_bytes", "StandardStorage"),
                    ("ia_bytes", "StandardIAStorage"),
                    ("ia_overhead", "StandardIASizeOverhead"),
                    ("gir_bytes", "GlacierInstantRetrievalStorage"),
                    ("gir_overhead", "GlacierInstantRetrievalSizeOverhead"),
                )
            },
        }
    )


def bucket_reads(buckets: DataFrame, s3_metrics: DataFrame) -> DataFrame:
    """How each bucket was read, where requests of the whole of it are counted.

    S3 sends nothing for a request that nobody makes: silence is zero only between the first request of any kind and
    the last, if that is recent.

    Returns:
        Same index: `watched_days` (0 where requests are not counted); missing there: `read_bytes_a_month`,
        `gets_a_month` (of the last 30 days, or the mean of all if that is more), `unread_days` since the day of the
        last GET.
    """
    daily = s3_metrics[s3_metrics["period_s"].eq(DAY_S) & s3_metrics["statistic"].eq("Sum")]
    end = s3_metrics["time"].max() + pd.Timedelta(days=1)
    seen = daily[daily["metric"].eq("AllRequests") & daily["value"].gt(0)].groupby(KEY)["time"]
    first, last = _by_key(buckets, seen.min()), _by_key(buckets, seen.max())
    still = (end - last).dt.days.le(_STILL_DAYS)
    watched = (end - first).dt.days.where(still).fillna(0).astype("float64")
    read = daily[daily["metric"].eq("GetRequests") & daily["value"].gt(0)].groupby(KEY)["time"].max()
    since = (end - _by_key(buckets, read)).dt.days.astype("float64") - 1
    return DataFrame(
        {
            "watched_days": watched,
            "read_bytes_a_month": _a_month(buckets, daily, "BytesDownloaded", end, watched),
            "gets_a_month": _a_month(buckets, daily, "GetRequests", end, watched),
            "unread_days": since.fillna(watched).where(watched.gt(0)),
        }
    )


def standard_use(
    buckets: DataFrame, sizes: DataFrame, reads: DataFrame, objects: Objects, *, after_days: float
) -> DataFrame:
    """The columns that `classes.moved` and `tiered` need, and those that cards tell.

    Args:
        objects: those in Standard. after_days: of the rule that would move them. What it moves is larger than 128 KiB
            and as old; where neither sizes nor ages are known, all objects are taken to be old and of the mean size.
    Returns:
        Same index; beside those columns: `objects` and `mean_bytes` of all in Standard, `small_objects` and
        `small_bytes` of those up to 128 KiB and `waiting_bytes` of the larger ones that are younger (missing where not
        known), `is_known`.
    """
    all_of_mean = sizes["standard_bytes"] / sizes["mean_bytes"]
    larger = objects.of(buckets, over=MIN_BYTES)
    moving = objects.of(buckets, over=MIN_BYTES, days=after_days)
    lasting = objects.of(buckets, over=MIN_BYTES, days=max(after_days, MONTH_DAYS))
    small = objects.of(buckets, to=MIN_BYTES)
    is_known = objects.told["is_known"]
    return buckets[[*KEY, "age_days"]].assign(
        standard_bytes=sizes["standard_bytes"],
        mean_bytes=sizes["mean_bytes"],
        objects=(larger["objects"] + small["objects"]).where(is_known, all_of_mean),
        moving_bytes=moving["bytes"].where(is_known, sizes["standard_bytes"]),
        moving_objects=moving["objects"].where(is_known, all_of_mean),
        lasting_bytes=lasting["bytes"].where(is_known, sizes["standard_bytes"]),
        small_objects=small["objects"],
        small_bytes=small["bytes"],
        waiting_bytes=larger["bytes"] - moving["bytes"],
        oldest_days=objects.oldest_days(buckets, over=MIN_BYTES),
        after_days=after_days,
        off=objects.told["off"],
        is_known=is_known,
        read_bytes_a_month=reads["read_bytes_a_month"],
        gets_a_month=reads["gets_a_month"],
    )


def noncurrent_bytes(buckets: DataFrame, s3_metrics: DataFrame) -> Series[float]:
    """Bytes of noncurrent versions, where Storage Lens publishes them."""
    latest = _latest(s3_metrics)
    of_lens = latest[latest.index.get_level_values("metric").str.startswith("NonCurrentVersionStorageBytes")]
    return _by_key(buckets, of_lens.groupby(level=KEY).sum()).astype("float64")


def _a_month(
    buckets: DataFrame, daily: DataFrame, metric: str, end: pd.Timestamp, watched: Series[float]
) -> Series[float]:
    points = daily[daily["metric"].eq(metric)]
    recent = points[points["time"].ge(end - pd.Timedelta(days=MONTH_DAYS))].groupby(KEY)["value"].sum()
    ever = _by_key(buckets, points.groupby(KEY)["value"].sum()).astype("float64").fillna(0.0)
    lately = _by_key(buckets, recent).astype("float64").fillna(0.0)
    mean = ever / watched.where(watched.gt(0)) * MONTH_DAYS
    return lately.where(lately.ge(mean), mean).where(watched.gt(0))


def _latest(s3_metrics: DataFrame) -> Series[float]:
    """The last mean of a day, by bucket and metric."""
    daily = s3_metrics[s3_metrics["period_s"].eq(DAY_S) & s3_metrics["statistic"].eq("Average")]
    return daily.sort_values("time").groupby([*KEY, "metric"])["value"].last()


def _by_metric(buckets: DataFrame, latest: Series[float]) -> DataFrame:
    """The last values of each bucket, a column for each metric that there is."""
    if latest.empty:
        return DataFrame(index=buckets.index)
    wide = latest.unstack("metric")
    found = wide.reindex(pd.MultiIndex.from_frame(buckets[KEY])).to_numpy(dtype="float64")
    return DataFrame(found, index=buckets.index, columns=wide.columns.astype("str"))


def _column(latest: DataFrame, metric: str) -> Series[float]:
    return latest[metric] if metric in latest else pd.Series(float("nan"), index=latest.index)


def _by_key(buckets: DataFrame, values: Series[Any]) -> Series[Any]:
    return values.reindex(pd.MultiIndex.from_frame(buckets[KEY])).set_axis(buckets.index)
