"""`s3.archive`: data that nobody has read for half a year and that may wait hours when somebody does."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import request_charts
from analysis.storage.bucket_use import HOW_TO_WATCH, bucket_reads, bucket_sizes, standard_use
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
from analysis.storage.classes import DEEP_ARCHIVE, GB, GLACIER, better_class
from analysis.storage.lifecycle_rules import Rule, move_rule, moves_objects, rule_commands
from analysis.storage.size_classes import bucket_objects, could_move, keys_needed
from analysis.verdicts import Verdicts, verdicts

_CLASSES = (GLACIER, DEEP_ARCHIVE)


@check(
    catalogue="S06",
    groups=(Group.STORAGE,),
    resource="S3 bucket",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.HIGH,
    reason="{standard_gb:,.0f} GB in Standard, and nothing of it was read in {unread_days:.0f} days",
    source="AWS S3 user guide, storage classes for rarely accessed objects",
    words=Words(
        current="STANDARD",
        proposed="{class_name}",
        how="{moving_gb:,.0f} GB × ${standard_usd:g} = {now:,.2f} dollars a month; in {title} × ${class_usd:g} and "
        "40 KB more an object, {then:,.2f}. Moving {objects:,.0f} objects costs {transition:,.2f} once, earned back in "
        "{repay_months:.1f} months.",
        ignores="Restores: each costs by the GB and the request. {younger}{sized_by}",
        risk="Whatever reads an archived object fails until it is restored, which takes hours. Ask its owner. Each "
        "object is paid for {min_days:.0f} days at least. " + STAYS + REPLACES,
        effect="Objects above 128 KiB that are {after_days:.0f} days old move to {title}.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("In Standard", "standard_gb", "GB", "CloudWatch, BucketSizeBytes", "last day"),
        Fact("Not read for", "unread_days", "days", "CloudWatch, GetRequests of the whole bucket"),
        Fact("Mean object", "mean_kib", "KiB", "CloudWatch, BucketSizeBytes by NumberOfObjects"),
        Fact("Larger and older than the rule's days", "old_gb", "GB", "S3, ListObjectsV2"),
    ),
    chart=request_charts,
)
def archive(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    s3_object_sizes: DataFrame,
    prices: PriceBook,
    *,
    after_days: float = 180,
    max_repay_months: float = 24,
    min_monthly_savings: float = 5,
) -> Verdicts:
    """S3 bucket that nobody reads.

    Not one GET in `after_days` of requests that were counted. Flexible Retrieval and Deep Archive store for a sixth and
    a twenty-third of Standard's price, bill 40 KB on top of each object and charge for moving it: what repays within
    `max_repay_months` is offered, to be agreed with the owner. Objects are counted by size and age where listing them,
    whole or by a sample, is worth it: smaller ones stay, younger ones wait.
    """
    sizes, reads = bucket_sizes(s3_buckets, s3_metrics), bucket_reads(s3_buckets, s3_metrics)
    objects = bucket_objects(s3_buckets, sizes, s3_object_sizes)
    use = standard_use(s3_buckets, sizes, reads, objects, after_days=after_days)
    use = use.assign(read_bytes_a_month=0.0, gets_a_month=0.0)
    best, name = better_class(use, _CLASSES, prices)
    gb = use["standard_bytes"] / GB
    unread_days = reads["unread_days"]
    titles = name.map({one.name: one.title for one in _CLASSES}).astype("str")
    min_days = name.map({one.name: float(one.min_days) for one in _CLASSES})
    hint = objects.told["hint"]
    small = (
        "Do not: " + small_ones(use) + "; moving them too " + small_loss(use, _CLASSES, prices)
        + f". What is larger and {after_days:.0f} days old saves at most " + written(best["saving"], ",.2f") + "."
    )  # fmt: skip
    moved_kib = (use["moving_bytes"] / use["moving_objects"]).where(use["moving_objects"].gt(0)) / 1024
    loses = best["saving"].le(0) | best["repay_months"].gt(max_repay_months)

    def added(row: Any) -> list[Rule]:
        return [move_rule(row.class_name, round(after_days))]

    return verdicts(
        s3_buckets,
        saves=best["saving"],
        fine=[
            (gb.eq(0), "Nothing of it is in Standard."),
            (moves_objects(s3_buckets["lifecycle"]), "A lifecycle rule moves its objects already."),
            (mostly_small(use) & best["saving"].lt(min_monthly_savings), small),
            (
                use["is_known"] & use["moving_objects"].eq(0),
                f"Nothing of it is larger than 128 KiB and {after_days:.0f} days old: a rule would move nothing now.",
            ),
            (best["ends_early"], deleted_before(min_days)),
            (
                loses,
                "Do not: moving " + written(use["moving_objects"], ",.0f") + " objects of "
                + written(moved_kib) + " KiB to " + titles + " costs "
                + written(best["transition"], ",.0f") + " dollars and saves " + written(best["saving"], ",.2f")
                + " a month, which repays in " + written(best["repay_months"]) + " months."
                + hint,
            ),
            (
                best["saving"].lt(min_monthly_savings),
                "At most " + written(best["saving"], ".2f") + " dollars a month, even if it is never read." + hint,
            ),
            (
                unread_days.lt(reads["watched_days"]) & unread_days.lt(after_days),
                "It was read " + written(unread_days) + " days ago.",
            ),
        ],
        insufficient=[
            *not_told(s3_buckets),
            unsized(sizes["total_bytes"]),
            (use["mean_bytes"].isna(), "How many objects it holds: CloudWatch has no NumberOfObjects of it."),
            (
                ~unread_days.ge(after_days),
                f"Whether it was read in {after_days:.0f} days: " + HOW_TO_WATCH + "; so far "
                + written(reads["watched_days"]) + " days are known. It would save up to "
                + written(best["saving"], ",.2f") + " dollars a month." + hint,
            ),
            unpriced(s3_buckets, best["saving"], "of S3's archives"),
        ],
        plus_minus=best["doubt"].clip(upper=best["saving"]),
        details=DataFrame(
            {
                "standard_gb": gb,
                "moving_gb": use["moving_bytes"] / GB,
                "old_gb": (use["moving_bytes"] / GB).where(use["is_known"]),
                "younger": ages_of(use),
                "sized_by": objects.told["words"],
                "needs": keys_needed(
                    s3_buckets,
                    sizes,
                    s3_object_sizes,
                    could_move(s3_buckets, sizes, DEEP_ARCHIVE, prices, min_monthly_savings),
                ),
                "unread_days": unread_days,
                "mean_kib": use["mean_bytes"] / 1024,
                "objects": use["moving_objects"],
                "class_name": name,
                "title": titles,
                "min_days": min_days,
                "monthly_cost": gb * best["standard_usd"],
            }
        )
        .join(best.drop(columns=["saving", "doubt"]))
        .join(rule_commands(s3_buckets.assign(class_name=name), added)),
    )  # fmt: skip
