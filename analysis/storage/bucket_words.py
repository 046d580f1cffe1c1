"""What the checks on buckets say in the same words."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.figures import written
from analysis.pricing import PriceBook
from analysis.storage.classes import GB, StorageClass, billed_bytes, standard_item
from analysis.verdicts import Because

#: Behind every command that sets lifecycle rules.
REPLACES = (
    "The command replaces all lifecycle rules of the bucket: it holds those that were there at the scan. If somebody "
    "changed them since, scan again first."
)

#: Behind every command that moves objects.
STAYS = "Taking the rule away moves nothing back: objects that were moved would have to be copied. "


def not_told(buckets: DataFrame) -> list[Because]:
    """Buckets of which AWS did not tell what every check on buckets needs."""
    refused = (" " + buckets["unread"]).where(buckets["unread"].ne(""), "")
    return [
        (buckets["region"].eq(""), "Its region: its prices and its sizes are those of a region." + refused),
        (
            ~buckets["tags_read"],
            "Its tags: without them nobody knows whose it is, or if it is to be left alone." + refused,
        ),
        (
            buckets["lifecycle"].eq(""),
            "Its lifecycle rules: the call that sets one replaces them all, so they have to be known." + refused,
        ),
    ]


def unsized(total_bytes: Series[float]) -> Because:
    """Buckets whose size is not known."""
    return (
        total_bytes.isna(),
        "Its size: CloudWatch has no BucketSizeBytes of it in these days; a new bucket gets one after a day or two.",
    )


def mostly_small(use: DataFrame) -> Series[bool]:
    """Where sizes are known, and more than half of the objects, or of what they hold, are up to 128 KiB."""
    larger_bytes = use["moving_bytes"] + use["waiting_bytes"]
    return use["is_known"] & (use["small_objects"].gt(use["objects"] / 2) | use["small_bytes"].gt(larger_bytes))


def small_ones(use: DataFrame) -> Series[str]:
    """How many of the objects are small, and what they hold."""
    return (
        written(use["small_objects"], ",.0f") + " of its " + written(use["objects"], ",.0f")
        + " objects are of 128 KiB or less and hold " + written(use["small_bytes"] / GB, ",.0f") + " of "
        + written(use["standard_bytes"] / GB, ",.0f") + " GB"
    )  # fmt: skip


def small_loss(use: DataFrame, classes: tuple[StorageClass, ...], prices: PriceBook) -> Series[str]:
    """What moving the small ones too would cost once and save a month (less than nothing: lose), by class."""
    standard = prices.unit(use, standard_item(use))["usd"]
    told = pd.Series("", index=use.index, dtype="str")
    for to in classes:
        there = prices.unit(use, f"s3.{to.item}.gb_month")["usd"]
        then = billed_bytes(use["small_bytes"], use["small_objects"], to) / GB * there
        then = then + use["small_objects"] * to.standard_overhead / GB * standard
        once = use["small_objects"] / 1000 * prices.unit(use, f"s3.transition_{to.item}.thousand")["usd"]
        told = told + (
            f"{', ' if to != classes[0] else ''}to {to.title} costs " + written(once, ",.0f") + " dollars and saves "
            + written(use["small_bytes"] / GB * standard - then, ",.2f") + " a month"
        )  # fmt: skip
    return told


def ages_of(use: DataFrame) -> Series[str]:
    """What waits for a rule, where ages are known: it is in no sum."""
    waits = (
        written(use["waiting_bytes"] / GB, ",.0f") + " GB in larger objects are younger than "
        + written(use["after_days"]) + " days; they follow, as others become old, and are in no sum. "
    )  # fmt: skip
    return waits.where(use["waiting_bytes"].gt(0), "").astype("str")


def deleted_before(min_days: Series[float]) -> Series[str]:
    """Of buckets that have nothing of the age at which what a rule moves has been paid for."""
    return (
        "Do not: its objects are deleted before they have been in the other class for " + written(min_days)
        + " days, which are paid for in any case."
    )  # fmt: skip
