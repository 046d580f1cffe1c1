"""`s3.intelligent_tiering`: data whose reading is uneven, left to S3 to move, where watching the objects pays."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import objects_or_reads
from analysis.storage.bucket_use import HOW_TO_WATCH, MONTH_DAYS, bucket_reads, bucket_sizes, standard_use
from analysis.storage.bucket_words import REPLACES, STAYS, mostly_small, not_told, small_ones, unsized
from analysis.storage.classes import GB, MIN_BYTES, STANDARD_IA, tiered
from analysis.storage.lifecycle_rules import Rule, move_rule, moves_objects, rule_commands
from analysis.storage.size_classes import bucket_objects, could_move, keys_needed
from analysis.verdicts import Verdicts, verdicts

_CLASS = "INTELLIGENT_TIERING"


@check(
    catalogue="S04",
    groups=(Group.STORAGE,),
    resource="S3 bucket",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    reason="{standard_gb:,.0f} GB in Standard, of which at least {unread_percent:.0f} % lie unread for a month",
    source="AWS S3 user guide, S3 Intelligent-Tiering",
    words=Words(
        current="STANDARD",
        proposed="INTELLIGENT_TIERING",
        how="{unread_gb:,.0f} GB × (${standard_usd:g} - ${infrequent_usd:g}), less {monitoring:,.2f} dollars a month "
        "for watching {objects:,.0f} objects. At most what was downloaded can have been read: {read_gb:,.1f} GB a "
        "month. Moving costs {transition:,.2f} dollars once, earned back in {repay_months:.1f} months.",
        ignores="What lies unread for 90 days costs $0.004 a GB, which is left out: the saving may be several times as "
        "much. For the first 30 days nothing is cheaper yet. {younger}{sized_by}",
        risk="Nothing is slower and reading costs nothing more. " + STAYS + REPLACES,
        effect="Objects above 128 KiB move to Intelligent-Tiering; S3 keeps each in the tier that its reading "
        "deserves.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("In Standard", "standard_gb", "GB", "CloudWatch, BucketSizeBytes", "last day"),
        Fact("Read", "read_gb", "GB a month", "CloudWatch, BytesDownloaded of the whole bucket", "Sum"),
        Fact("Mean object", "mean_kib", "KiB", "CloudWatch, BucketSizeBytes by NumberOfObjects"),
        Fact("In objects of 128 KiB or less", "small_gb", "GB", "S3, ListObjectsV2"),
    ),
    chart=objects_or_reads,
)
def intelligent_tiering(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    s3_object_sizes: DataFrame,
    prices: PriceBook,
    *,
    max_repay_months: float = 12,
    min_monthly_savings: float = 5,
) -> Verdicts:
    """S3 bucket whose objects are worth watching.

    Intelligent-Tiering charges for each object it watches and nothing for reading, so what is unread for 30 days costs
    little more than half. Below about 250 KB an object's watching costs more than that saves. No more can have been
    read than was downloaded: the rest is unread for certain, if it is 30 days old. Objects are counted by size and age
    where listing them, whole or by a sample, is worth it: those up to 128 KiB are neither moved nor watched.
    """
    sizes, reads = bucket_sizes(s3_buckets, s3_metrics), bucket_reads(s3_buckets, s3_metrics)
    objects = bucket_objects(s3_buckets, sizes, s3_object_sizes)
    use = standard_use(s3_buckets, sizes, reads, objects, after_days=0)
    sums = tiered(use, prices)
    gb, read_gb = use["standard_bytes"] / GB, use["read_bytes_a_month"] / GB
    watched = reads["watched_days"].ge(MONTH_DAYS)
    lasting_gb = use["lasting_bytes"] / GB
    kib = written((use["moving_bytes"] / use["moving_objects"]).where(use["moving_objects"].gt(0)) / 1024)
    hint = objects.told["hint"]

    def added(row: Any) -> list[Rule]:
        return [move_rule(_CLASS, 0)]

    return verdicts(
        s3_buckets,
        saves=sums["saving"],
        fine=[
            (gb.eq(0), "Nothing of it is in Standard."),
            (moves_objects(s3_buckets["lifecycle"]), "A lifecycle rule moves its objects already."),
            (
                use["mean_bytes"].lt(MIN_BYTES) & ~use["is_known"],
                "Do not: its objects are " + kib + " KiB on average, and those below 128 KiB are never moved to a "
                "cheaper tier." + hint,
            ),
            (
                mostly_small(use) & sums["most"].lt(min_monthly_savings),
                "Do not: " + small_ones(use) + ", and these are never moved to a cheaper tier. What is larger and 30 "
                "days old saves at most " + written(sums["most"], ",.2f") + " dollars a month.",
            ),
            (
                sums["most"].le(0),
                "Do not: watching " + written(use["moving_objects"], ",.0f") + " objects of " + kib + " KiB costs "
                + written(sums["monitoring"], ",.2f") + " dollars a month, "
                + written(-sums["most"], ",.2f") + " more than it saves if nothing is read." + hint,
            ),
            (
                sums["most"].lt(min_monthly_savings),
                "At most " + written(sums["most"], ".2f") + " dollars a month, even if nothing were read." + hint,
            ),
            (
                watched & (sums["saving"].le(0) | sums["repay_months"].gt(max_repay_months)),
                "Do not: " + written(read_gb, ",.0f") + " of " + written(gb, ",.0f") + " GB are read in a month; what "
                "is certainly unread saves " + written(sums["saving"], ",.2f") + " dollars a month, and moving costs "
                + written(sums["transition"], ",.2f") + ".",
            ),
        ],
        insufficient=[
            *not_told(s3_buckets),
            unsized(sizes["total_bytes"]),
            (use["mean_bytes"].isna(), "How many objects it holds: CloudWatch has no NumberOfObjects of it."),
            (
                ~watched,
                "How much of it is read: " + HOW_TO_WATCH + ". It pays from " + written(sums["even_percent"])
                + " % that lie unread for a month, and saves up to " + written(sums["most"], ",.2f")
                + " dollars a month; moving costs " + written(sums["transition"], ",.2f") + " once." + hint,
            ),
            unpriced(s3_buckets, sums["saving"], "of S3 Intelligent-Tiering"),
        ],
        plus_minus=sums["doubt"].clip(upper=sums["saving"]),
        details=DataFrame(
            {
                "standard_gb": gb,
                "small_gb": use["small_bytes"] / GB,
                "younger": _young(use),
                "sized_by": objects.told["words"],
                "needs": keys_needed(
                    s3_buckets,
                    sizes,
                    s3_object_sizes,
                    could_move(s3_buckets, sizes, STANDARD_IA, prices, min_monthly_savings),
                ),
                "read_gb": read_gb,
                "unread_gb": (lasting_gb - read_gb).clip(lower=0),
                "unread_percent": ((lasting_gb - read_gb) / gb * 100).clip(lower=0),
                "mean_kib": use["mean_bytes"] / 1024,
                "objects": use["moving_objects"],
                "monthly_cost": gb * sums["standard_usd"],
            }
        )
        .join(sums.drop(columns=["saving", "doubt"]))
        .join(rule_commands(s3_buckets, added)),
    )  # fmt: skip


def _young(use: DataFrame) -> Series[str]:
    young = (use["moving_bytes"] - use["lasting_bytes"]) / GB
    told = (
        written(young, ",.0f") + " GB in larger objects are younger than 30 days and in no sum but that of watching. "
    )
    return told.where(young.gt(0), "").astype("str")
