"""`s3.small_objects`: objects in an infrequent class that are billed as 128 KB and would be cheaper in Standard."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_charts import size_charts
from analysis.storage.bucket_use import bucket_sizes
from analysis.storage.bucket_words import unsized
from analysis.storage.classes import GB, MIN_BYTES
from analysis.verdicts import Verdicts, verdicts

#: (column of sizes, column of overhead, item, title)
_CLASSES = (
    ("ia_bytes", "ia_overhead", "standard_ia", "Standard-IA"),
    ("gir_bytes", "gir_overhead", "glacier_ir", "Glacier Instant Retrieval"),
)


@check(
    catalogue="S07",
    groups=(Group.STORAGE,),
    resource="S3 bucket",
    action=Action.UPGRADE,
    effort=Effort.HIGH,
    risk=Risk.MEDIUM,
    reason="{held_gb:,.1f} GB in {title} are billed as {billed_gb:,.1f} GB: its objects are smaller than 128 KB",
    source="AWS S3 user guide, minimum billable object size of the infrequent classes",
    words=Words(
        current="{title}",
        proposed="STANDARD",
        how="({held_gb:,.1f} + {overhead_gb:,.1f} GB) × ${class_usd:g}, less {held_gb:,.1f} GB × ${standard_usd:g} in "
        "Standard. Copying at most {objects:,.0f} objects back costs up to {once:,.2f} dollars once, with reading "
        "them, which is earned back in {repay_months:.1f} months.",
        ignores="Early-deletion fees for objects that have not been there for {min_days:.0f} days. Larger objects of "
        "the bucket may stay: only those below {even_kib:.0f} KB are cheaper in Standard.",
        risk="In a bucket with versioning each copy leaves the old version behind, which has to be deleted too. A "
        "lifecycle rule cannot move objects back to Standard.",
        effect="The small objects are copied over themselves into Standard, and stay there.",
        steps="List the objects with S3 Inventory (size and storage class), keep those in {title} below {even_kib:.0f} "
        "KB, and copy them onto themselves with an S3 Batch Operations job with storage class STANDARD. Then narrow "
        "the rule that moved them: ObjectSizeGreaterThan 131072 in its filter.",
    ),
    evidence=(
        Fact("Held", "held_gb", "GB", "CloudWatch, BucketSizeBytes", "last day"),
        Fact("Billed on top", "overhead_gb", "GB", "CloudWatch, BucketSizeBytes of the size overhead", "last day"),
    ),
    chart=size_charts,
)
def small_objects(
    s3_buckets: DataFrame,
    s3_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_repay_months: float = 12,
) -> Verdicts:
    """S3 bucket with objects too small for their class.

    Standard-IA and Glacier Instant Retrieval bill at least 128 KB an object; CloudWatch tells what is billed on top of
    the real size. Where that makes the class dearer than Standard, going back is the saving.
    """
    sizes = bucket_sizes(s3_buckets, s3_metrics)
    standard = prices.unit(s3_buckets, "s3.standard.gb_month")
    found = [_of_class(s3_buckets, sizes, standard["usd"], prices, *names) for names in _CLASSES]
    first, other = (one["saving"].where(one["overhead_gb"].gt(0)) for one in found)
    second = other.gt(first) | (first.isna() & other.notna())
    dearer = found[0].where(~second, found[1])
    over = found[0]["overhead_gb"].fillna(0).add(found[1]["overhead_gb"].fillna(0)).gt(0)
    return verdicts(
        s3_buckets,
        saves=dearer["saving"],
        fine=[
            (sizes["total_bytes"].notna() & ~over, "Nothing of it is billed above its size."),
            (
                over & dearer["saving"].le(0),
                "It is billed as " + written(dearer["billed_gb"], ",.1f") + " GB, and still costs "
                + written(-dearer["saving"], ",.2f") + " dollars a month less than in Standard.",
            ),
            (
                dearer["repay_months"].gt(max_repay_months),
                "Do not: Standard is " + written(dearer["saving"], ",.2f") + " dollars a month cheaper, but copying "
                "the objects back costs up to " + written(dearer["once"], ",.2f") + ".",
            ),
        ],
        insufficient=[
            (~s3_buckets["tags_read"], "Its tags: nobody knows if it is to be left alone. " + s3_buckets["unread"]),
            unsized(sizes["total_bytes"]),
            (sizes["objects"].isna(), "How many objects it holds: CloudWatch has no NumberOfObjects of it."),
            unpriced(s3_buckets, dearer["saving"] + dearer["once"], "of S3's infrequent classes"),
        ],
        details=dearer.drop(columns="saving").assign(
            standard_usd=standard["usd"],
            monthly_cost=dearer["billed_gb"] * dearer["class_usd"],
            objects=sizes["objects"],
            price_source=standard["price_source"],
            price_date=standard["price_date"],
        ),
    )  # fmt: skip


def _of_class(
    buckets: DataFrame, sizes: DataFrame, standard: pd.Series[float], prices: PriceBook, *names: str
) -> DataFrame:
    """What a bucket's objects in one class cost more than in Standard, and what copying them back costs once."""
    held_name, overhead_name, item, title = names
    there = prices.unit(buckets, f"s3.{item}.gb_month")["usd"]
    held, overhead = sizes[held_name] / GB, sizes[overhead_name] / GB
    saving = (held + overhead) * there - held * standard
    copies = sizes["objects"] / 1000 * prices.unit(buckets, "s3.put_standard.thousand")["usd"]
    once = copies + held * prices.unit(buckets, f"s3.retrieval_{item}.gb")["usd"]
    return DataFrame(
        {
            "title": title,
            "held_gb": held,
            "overhead_gb": overhead,
            "billed_gb": held + overhead,
            "class_usd": there,
            "even_kib": MIN_BYTES / 1024 * there / standard,
            "min_days": 30.0 if item == "standard_ia" else 90.0,
            "saving": saving,
            "once": once,
            "repay_months": (once / saving).where(saving.gt(0)),
        }
    )
