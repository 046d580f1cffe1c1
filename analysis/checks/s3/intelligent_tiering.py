"""`s3.intelligent_tiering`: data whose reading is uneven, left to S3 to move, where watching the objects pays."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import read_charts
from analysis.storage.bucket_use import HOW_TO_WATCH, MONTH_DAYS, bucket_reads, bucket_sizes, standard_use
from analysis.storage.bucket_words import REPLACES, STAYS, not_told, unsized
from analysis.storage.classes import GB, MIN_BYTES, tiered
from analysis.storage.lifecycle_rules import Rule, move_rule, moves_objects, rule_commands
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
        "much. Objects are taken to be of the mean size, {mean_kib:,.0f} KiB.",
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
    ),
    chart=read_charts,
)
def intelligent_tiering(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_repay_months: float = 12,
    min_monthly_savings: float = 5,
) -> Verdicts:
    """S3 bucket whose objects are worth watching.

    Intelligent-Tiering charges for each object it watches and nothing for reading, so what is unread for 30 days costs
    little more than half. Below about 250 KB an object's watching costs more than that saves. No more can have been
    read than was downloaded: the rest is unread for certain.
    """
    sizes, reads = bucket_sizes(s3_buckets, s3_metrics), bucket_reads(s3_buckets, s3_metrics)
    use = standard_use(s3_buckets, sizes, reads)
    sums = tiered(use, prices)
    gb, read_gb = use["standard_bytes"] / GB, use["read_bytes_a_month"] / GB
    watched = reads["watched_days"].ge(MONTH_DAYS)
    kib = written(use["mean_bytes"] / 1024)

    def added(row: Any) -> list[Rule]:
        return [move_rule(_CLASS, 0)]

    return verdicts(
        s3_buckets,
        saves=sums["saving"],
        fine=[
            (gb.eq(0), "Nothing of it is in Standard."),
            (moves_objects(s3_buckets["lifecycle"]), "A lifecycle rule moves its objects already."),
            (
                use["mean_bytes"].lt(MIN_BYTES),
                "Do not: its objects are " + kib + " KiB on average, and those below 128 KiB are never moved to a "
                "cheaper tier.",
            ),
            (
                sums["most"].le(0),
                "Do not: watching " + written(use["objects"], ",.0f") + " objects of " + kib + " KiB costs "
                + written(sums["monitoring"], ",.2f") + " dollars a month, "
                + written(-sums["most"], ",.2f") + " more than it saves if nothing is read.",
            ),
            (
                sums["most"].lt(min_monthly_savings),
                "At most " + written(sums["most"], ".2f") + " dollars a month, even if nothing were read.",
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
                + " dollars a month; moving costs " + written(sums["transition"], ",.2f") + " once.",
            ),
            unpriced(s3_buckets, sums["saving"], "of S3 Intelligent-Tiering"),
        ],
        plus_minus=sums["doubt"].clip(upper=sums["saving"]),
        details=DataFrame(
            {
                "standard_gb": gb,
                "read_gb": read_gb,
                "unread_gb": (gb - read_gb).clip(lower=0),
                "unread_percent": ((1 - read_gb / gb) * 100).clip(lower=0),
                "mean_kib": use["mean_bytes"] / 1024,
                "objects": use["objects"],
                "monthly_cost": gb * sums["standard_usd"],
            }
        )
        .join(sums.drop(columns=["saving", "doubt"]))
        .join(rule_commands(s3_buckets, added)),
    )  # fmt: skip
