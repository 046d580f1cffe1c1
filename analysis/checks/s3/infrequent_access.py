"""`s3.infrequent_access`: data in Standard that is read less than once a month, where moving it really pays."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import objects_or_reads
from analysis.storage.bucket_use import HOW_TO_WATCH, MONTH_DAYS, bucket_reads, bucket_sizes, standard_use
from analysis.storage.bucket_words import (
    REPLACES,
    STAYS,
    ages_of,
    deleted_before,
    mostly_small,
    not_told,
    small_loss,
    small_ones,
    unsized,
)  # fmt: skip
from analysis.storage.classes import GB, GLACIER_IR, MIN_BYTES, STANDARD_IA, better_class, better_of, moved
from analysis.storage.lifecycle_rules import Rule, move_rule, moves_objects, rule_commands
from analysis.storage.size_classes import bucket_objects, could_move, keys_needed
from analysis.verdicts import Verdicts, verdicts

_CLASSES = (STANDARD_IA, GLACIER_IR)
#: S3 moves nothing to Standard-IA that is younger; younger objects are the ones that are read.
_AFTER_DAYS = 30


@check(
    catalogue="S05",
    groups=(Group.STORAGE,),
    resource="S3 bucket",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{standard_gb:,.0f} GB in Standard, of which {read_percent:.1f} % are read in a month: {title} costs less",
    source="AWS S3 user guide, storage classes for infrequently accessed objects",
    words=Words(
        current="STANDARD",
        proposed="{class_name}",
        how="{moving_gb:,.0f} GB × ${standard_usd:g} = {now:,.2f} dollars a month; in {title} × ${class_usd:g}, "
        "{then:,.2f}, and {reading:,.2f} for reading {read_gb:,.1f} GB a month. Moving {objects:,.0f} objects costs "
        "{transition:,.2f} once, earned back in {repay_months:.1f} months.",
        ignores="{younger}{sized_by} Each object is paid for at least {min_days:.0f} days once it is moved, "
        "even if it is deleted before.",
        risk="Reading costs ${retrieval_usd:g} a GB from then on: if the whole bucket were read once a month, it would "
        "cost {whole_reading:,.2f} dollars. " + STAYS + REPLACES,
        effect="Objects above 128 KiB move to {title} 30 days after they were written. They are read as before.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("In Standard", "standard_gb", "GB", "CloudWatch, BucketSizeBytes", "last day"),
        Fact("Read", "read_gb", "GB a month", "CloudWatch, BytesDownloaded of the whole bucket", "Sum"),
        Fact("Requests counted", "watched_days", "days", "CloudWatch, AllRequests"),
        Fact("Mean object", "mean_kib", "KiB", "CloudWatch, BucketSizeBytes by NumberOfObjects"),
        Fact("In objects of 128 KiB or less", "small_gb", "GB", "S3, ListObjectsV2"),
    ),
    chart=objects_or_reads,
)
def infrequent_access(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    s3_object_sizes: DataFrame,
    prices: PriceBook,
    *,
    max_repay_months: float = 12,
    max_read_percent: float = 100,
    min_monthly_savings: float = 5,
) -> Verdicts:
    """S3 bucket whose data is read too rarely for Standard.

    Standard-IA and Glacier Instant Retrieval store for less and charge for reading, for each object that is moved, and
    for at least 128 KiB an object. What is left is the saving; where even unread data would lose, the sum says so.
    Objects are counted by size and age where listing them, whole or by a sample, is worth it: smaller ones stay,
    younger ones wait.
    """
    sizes, reads = bucket_sizes(s3_buckets, s3_metrics), bucket_reads(s3_buckets, s3_metrics)
    objects = bucket_objects(s3_buckets, sizes, s3_object_sizes)
    use = standard_use(s3_buckets, sizes, reads, objects, after_days=_AFTER_DAYS)
    unread = use.assign(read_bytes_a_month=0.0, gets_a_month=0.0)
    if_unread = [moved(unread, one, prices) for one in _CLASSES]
    best, _ = better_of(if_unread, _CLASSES)
    chosen, name = better_class(use, _CLASSES, prices)
    watched = reads["watched_days"].ge(MONTH_DAYS)
    read_percent = use["read_bytes_a_month"] / use["standard_bytes"] * 100
    gb = use["standard_bytes"] / GB
    min_days = name.map({one.name: float(one.min_days) for one in _CLASSES})
    titles = {one.name: one.title for one in _CLASSES}
    retrieval = prices.unit(s3_buckets, "s3.retrieval_" + name.str.lower() + ".gb")["usd"]
    loses = best["saving"].le(0) | best["repay_months"].gt(max_repay_months)
    hint = objects.told["hint"]
    billed = use["mean_bytes"].lt(MIN_BYTES).map({True: ", each billed as 128 KB", False: ""}).astype("str")
    sums = [
        f"to {one.title} costs "
        + written(found["transition"], ",.0f")
        + " dollars and saves "
        + written(found["saving"], ",.2f")
        + " a month"
        for one, found in zip(_CLASSES, if_unread, strict=True)
    ]
    lost = (
        written(use["objects"], ",.0f") + " objects of " + written(use["mean_bytes"] / 1024) + " KiB" + billed
        + ": even if nothing is read, moving them " + sums[0] + ", " + sums[1] + "." + hint
    )  # fmt: skip
    small = (
        "Do not: " + small_ones(use) + "; moving them too, even if nothing is read, "
        + small_loss(use, _CLASSES, prices) + ". What is larger and 30 days old saves at most "
        + written(best["saving"], ",.2f") + "."
    )  # fmt: skip

    def added(row: Any) -> list[Rule]:
        return [move_rule(row.class_name, _AFTER_DAYS)]

    return verdicts(
        s3_buckets,
        saves=chosen["saving"].where(chosen["repay_months"].le(max_repay_months) & read_percent.lt(max_read_percent)),
        fine=[
            (gb.eq(0), "Nothing of it is in Standard."),
            (moves_objects(s3_buckets["lifecycle"]), "A lifecycle rule moves its objects already."),
            (mostly_small(use) & best["saving"].lt(min_monthly_savings), small),
            (
                use["is_known"] & use["moving_objects"].eq(0),
                "Nothing of it is larger than 128 KiB and 30 days old: a rule would move nothing now.",
            ),
            (best["ends_early"], deleted_before(min_days)),
            (loses, "Do not: " + lost),
            (
                best["saving"].lt(min_monthly_savings),
                "At most " + written(best["saving"], ".2f") + " dollars a month, even if nothing were read." + hint,
            ),
            (
                watched & (chosen["saving"].le(0) | read_percent.ge(max_read_percent)
                           | chosen["repay_months"].gt(max_repay_months)),
                "Do not: " + written(read_percent) + " % of it are read in a month, which costs "
                + written(chosen["reading"], ",.2f") + " dollars there, and storage "
                + written(chosen["now"] - chosen["then"], ",.2f") + " less.",
            ),
        ],
        insufficient=[
            *not_told(s3_buckets),
            unsized(sizes["total_bytes"]),
            (use["mean_bytes"].isna(), "How many objects it holds: CloudWatch has no NumberOfObjects of it."),
            (
                ~watched,
                "How often it is read: " + HOW_TO_WATCH + ". Unread, it would save up to "
                + written(best["saving"], ",.2f") + " dollars a month." + hint,
            ),
            unpriced(s3_buckets, chosen["saving"], "of S3's infrequent classes"),
        ],
        plus_minus=chosen["doubt"].clip(upper=chosen["saving"]),
        details=DataFrame(
            {
                "standard_gb": gb,
                "moving_gb": use["moving_bytes"] / GB,
                "small_gb": use["small_bytes"] / GB,
                "younger": ages_of(use),
                "sized_by": objects.told["words"],
                "needs": keys_needed(
                    s3_buckets,
                    sizes,
                    s3_object_sizes,
                    could_move(s3_buckets, sizes, GLACIER_IR, prices, min_monthly_savings),
                ),
                "read_gb": use["read_bytes_a_month"] / GB,
                "read_percent": read_percent,
                "mean_kib": use["mean_bytes"] / 1024,
                "objects": use["moving_objects"],
                "watched_days": reads["watched_days"],
                "class_name": name,
                "title": name.map(titles),
                "min_days": min_days,
                "retrieval_usd": retrieval,
                "whole_reading": gb * retrieval,
                "monthly_cost": gb * chosen["standard_usd"],
            }
        )
        .join(chosen.drop(columns=["saving", "doubt"]))
        .join(rule_commands(s3_buckets.assign(class_name=name), added)),
    )  # fmt: skip
