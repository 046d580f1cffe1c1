"""`s3.noncurrent_versions`: versions that were replaced or deleted long ago and are still paid for in full."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import size_charts
from analysis.storage.bucket_use import bucket_sizes, noncurrent_bytes
from analysis.storage.bucket_words import REPLACES, not_told, unsized
from analysis.storage.classes import GB
from analysis.storage.lifecycle_rules import Rule, expires_versions, rule_commands, versions_rule
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="S03",
    groups=(Group.STORAGE,),
    resource="S3 bucket",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{noncurrent_gb:,.0f} of {held_gb:,.0f} GB are versions that were replaced or deleted, and no rule ends "
    "them",
    source="AWS S3 Storage Lens, noncurrent version bytes",
    words=Words(
        current="{noncurrent_gb:,.0f} GB of old versions",
        proposed="deleted after {keep_days:.0f} days",
        how="At most {noncurrent_gb:,.0f} GB × ${gb_usd:g} a GB-month, if all of them are older than {keep_days:.0f} "
        "days and more than {kept:.0f} deep; how many are is not told.",
        ignores="Versions of the last {keep_days:.0f} days, and the newest {kept:.0f} of each object, stay and cost.",
        risk="Old versions are the way back after a wrong overwrite or ransomware: {keep_days:.0f} days of it remain. "
        + REPLACES,
        effect="S3 deletes versions {keep_days:.0f} days after they were replaced, except the newest {kept:.0f}.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("Noncurrent versions", "noncurrent_gb", "GB", "S3 Storage Lens in CloudWatch", "last day"),
        Fact("Share", "noncurrent_percent", "%", "S3 Storage Lens and BucketSizeBytes", "last day"),
    ),
    chart=size_charts,
)
def noncurrent_versions(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_percent: float = 30,
    min_gb: float = 10,
    keep_days: float = 30,
    kept: float = 3,
) -> Verdicts:
    """S3 bucket that is full of old versions.

    A bucket with versioning keeps what is overwritten and deleted. Where more than `min_percent` of its bytes are such
    versions and no rule ends them, all of them together are the upper bound of the saving.
    """
    held = bucket_sizes(s3_buckets, s3_metrics)["total_bytes"]
    old = noncurrent_bytes(s3_buckets, s3_metrics)
    percent = old / held * 100
    price = prices.unit(s3_buckets, "s3.standard.gb_month")
    cost = old / GB * price["usd"]

    def added(row: Any) -> list[Rule]:
        return [versions_rule(max(1, round(keep_days)), max(1, round(kept)))]

    return verdicts(
        s3_buckets,
        saves=cost,
        fine=[
            (s3_buckets["versioning"].eq("Off"), "It keeps no versions."),
            (expires_versions(s3_buckets["lifecycle"]), "A lifecycle rule deletes old versions."),
            (held.lt(min_gb * GB), "It holds " + written(held / GB, ",.1f") + f" GB, less than {min_gb:.0f}."),
            (percent.lt(min_percent), "Old versions are " + written(percent) + " % of it."),
        ],
        insufficient=[
            *not_told(s3_buckets),
            (
                s3_buckets["versioning"].eq(""),
                "Whether it keeps versions: AWS did not tell. " + s3_buckets["unread"],
            ),
            unsized(held),
            (
                old.isna(),
                "How much of it is old versions: S3 Storage Lens with CloudWatch publishing (advanced metrics) tells, "
                "or an S3 Inventory of all versions.",
            ),
            unpriced(s3_buckets, cost, "of S3 Standard"),
        ],
        plus_minus=cost,
        details=DataFrame(
            {
                "noncurrent_gb": old / GB,
                "held_gb": held / GB,
                "noncurrent_percent": percent,
                "gb_usd": price["usd"],
                "monthly_cost": held / GB * price["usd"],
                "price_source": price["price_source"],
                "price_date": price["price_date"],
            }
        ).join(rule_commands(s3_buckets, added)),
    )
