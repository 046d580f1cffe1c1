"""`s3.no_lifecycle`: a bucket that keeps everything for ever because nobody said otherwise."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group
from analysis.storage.bucket_charts import objects_or_sizes
from analysis.storage.bucket_use import bucket_sizes
from analysis.storage.bucket_words import REPLACES, not_told, unsized
from analysis.storage.classes import GB, MIN_BYTES
from analysis.storage.lifecycle_rules import Rule, abort_rule, rule_commands, versions_rule
from analysis.storage.size_classes import bucket_objects, keys_needed
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="S01",
    groups=(Group.STORAGE, Group.GOVERNANCE),
    resource="S3 bucket",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    reason="{held_gb:,.0f} GB and no lifecycle rule: everything is kept for ever, in the class it was written in",
    source="AWS Trusted Advisor, Amazon S3 Bucket Lifecycle Configuration",
    words=Words(
        current="no lifecycle rule",
        proposed="rules for unfinished uploads and old versions",
        how="{held_gb:,.0f} GB by CloudWatch. What a rule saves depends on what is no longer needed and on how the "
        "rest is read: `s3.infrequent_access`, `s3.intelligent_tiering` and `s3.archive` put figures to that. {aged}",
        ignores="How long the data is needed. Only its owner knows; an expiration rule is the biggest saving there is.",
        risk="The rules delete no current object. " + REPLACES,
        effect="Unfinished uploads are aborted after {abort_after_days:.0f} days; where the bucket keeps versions, "
        "those replaced {versions_days:.0f} days ago are deleted, except the newest {versions_kept:.0f}.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("Size", "held_gb", "GB", "CloudWatch, BucketSizeBytes of all classes", "last day"),
        Fact("Of it in Standard for a year or longer", "year_gb", "GB", "S3, ListObjectsV2"),
    ),
    chart=objects_or_sizes,
)
def no_lifecycle(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    s3_object_sizes: DataFrame,
    *,
    min_gb: float = 100,
    abort_after_days: float = 7,
    versions_days: float = 30,
    versions_kept: float = 3,
) -> Verdicts:
    """S3 bucket without a lifecycle rule.

    It saves nothing by itself; it says where nobody has decided yet what may go, and when.
    """
    sizes = bucket_sizes(s3_buckets, s3_metrics)
    held = sizes["total_bytes"]
    objects = bucket_objects(s3_buckets, sizes, s3_object_sizes)
    year, small = objects.of(s3_buckets, days=365), objects.of(s3_buckets, to=MIN_BYTES)
    aged = (
        "Of Standard, " + written(year["bytes"] / GB, ",.0f") + " GB are older than a year, and "
        + written(small["objects"], ",.0f") + " objects are of 128 KiB or less. "
    )  # fmt: skip
    gb = held / GB
    has_none = s3_buckets["lifecycle"].eq("[]")

    def added(row: Any) -> list[Rule]:
        kept = [] if row.versioning == "Off" else [versions_rule(round(versions_days), round(versions_kept))]
        return [abort_rule(max(1, round(abort_after_days))), *kept]

    return verdicts(
        s3_buckets,
        saves=Series(float("nan"), index=s3_buckets.index),
        fine=[
            (~has_none & s3_buckets["lifecycle"].ne(""), "It has lifecycle rules."),
            (gb.lt(min_gb), "It holds " + written(gb, ",.1f") + f" GB, less than {min_gb:.0f}."),
        ],
        insufficient=[*not_told(s3_buckets), unsized(held)],
        notice=(has_none, "It has no lifecycle rule and holds " + written(gb, ",.0f") + " GB."),
        details=DataFrame(
            {
                "held_gb": gb,
                "year_gb": year["bytes"] / GB,
                "aged": (aged + objects.told["words"]).where(objects.told["is_known"], ""),
                "needs": keys_needed(
                    s3_buckets, sizes, s3_object_sizes, s3_buckets["tags_read"] & has_none & gb.ge(min_gb)
                ),
            }
        ).join(rule_commands(s3_buckets, added)),
    )
