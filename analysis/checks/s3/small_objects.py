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
from analysis.storage.size_classes import SIZES, bucket_objects, keys_needed
from analysis.verdicts import Verdicts, verdicts

#: Dollars a month that are billed on top, from which on a bucket is listed.
_WORTH_LISTING = 5.0
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
        how="({back_gb:,.1f} + {back_overhead_gb:,.1f} GB) × ${class_usd:g}, less {back_gb:,.1f} GB × "
        "${standard_usd:g} in Standard. Copying {at_most}{objects:,.0f} objects back costs up to {once:,.2f} dollars "
        "once, with reading them, which is earned back in {repay_months:.1f} months.",
        ignores="Early-deletion fees for objects that have not been there for {min_days:.0f} days. Larger objects of "
        "the bucket may stay: only those below {even_kib:.0f} KB are cheaper in Standard. {sized_by}",
        risk="In a bucket with versioning each copy leaves the old version behind, which has to be deleted too. A "
        "lifecycle rule cannot move objects back to Standard.",
        effect="The small objects are copied over themselves into Standard, and stay there.",
        steps="List the objects with S3 Inventory (size and storage class), keep those in {title} below "
        "{up_to_kib:.0f} KB, and copy them onto themselves with an S3 Batch Operations job with storage class "
        "STANDARD. Then narrow the rule that moved them: ObjectSizeGreaterThan 131072 in its filter.",
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
    s3_object_sizes: DataFrame,
    prices: PriceBook,
    *,
    max_repay_months: float = 12,
) -> Verdicts:
    """S3 bucket with objects too small for their class.

    Standard-IA and Glacier Instant Retrieval bill at least 128 KB an object; CloudWatch tells what is billed on top of
    the real size. Where that makes the class dearer than Standard, going back is the saving. Where objects are counted
    by size, only those go back that are cheaper there.
    """
    sizes = bucket_sizes(s3_buckets, s3_metrics)
    standard = prices.unit(s3_buckets, "s3.standard.gb_month")
    found = [_of_class(s3_buckets, sizes, s3_object_sizes, standard["usd"], prices, *names) for names in _CLASSES]
    first, other = (one["saving"].where(one["overhead_gb"].gt(0)) for one in found)
    second = other.gt(first) | (first.isna() & other.notna())
    dearer = found[0].where(~second, found[1])
    above = found[0]["above_usd"].fillna(0) + found[1]["above_usd"].fillna(0)
    over = found[0]["overhead_gb"].fillna(0).add(found[1]["overhead_gb"].fillna(0)).gt(0)
    return verdicts(
        s3_buckets,
        saves=dearer["saving"],
        fine=[
            (sizes["total_bytes"].notna() & ~over, "Nothing of it is billed above its size."),
            (
                over & dearer["saving"].le(0),
                "It is billed as " + written(dearer["billed_gb"], ",.1f") + " GB, and still costs "
                + written(-dearer["saving"], ",.2f") + " dollars a month less than in Standard." + dearer["hint"],
            ),
            (
                dearer["repay_months"].gt(max_repay_months),
                "Do not: Standard is " + written(dearer["saving"], ",.2f") + " dollars a month cheaper, but copying "
                "the objects back costs up to " + written(dearer["once"], ",.2f") + "." + dearer["hint"],
            ),
        ],
        insufficient=[
            (~s3_buckets["tags_read"], "Its tags: nobody knows if it is to be left alone. " + s3_buckets["unread"]),
            unsized(sizes["total_bytes"]),
            (sizes["objects"].isna(), "How many objects it holds: CloudWatch has no NumberOfObjects of it."),
            unpriced(s3_buckets, dearer["saving"] + dearer["once"], "of S3's infrequent classes"),
        ],
        plus_minus=(dearer["saving"] * dearer["off"]).clip(lower=0, upper=dearer["saving"]),
        details=dearer.drop(columns=["saving", "above_usd", "hint", "off"]).assign(
            standard_usd=standard["usd"],
            monthly_cost=dearer["billed_gb"] * dearer["class_usd"],
            needs=keys_needed(
                s3_buckets, sizes, s3_object_sizes, s3_buckets["tags_read"] & above.ge(_WORTH_LISTING)
            ),
            price_source=standard["price_source"],
            price_date=standard["price_date"],
        ),
    )  # fmt: skip


def _of_class(
    buckets: DataFrame,
    sizes: DataFrame,
    s3_object_sizes: DataFrame,
    standard: pd.Series[float],
    prices: PriceBook,
    *names: str,
) -> DataFrame:
    """What a bucket's objects in one class cost more than in Standard, and what copying them back costs once.

    Where sizes are known, `back_gb` and `objects` are those up to the size class below which going back saves most.
    """
    held_name, overhead_name, item, title = names
    there = prices.unit(buckets, f"s3.{item}.gb_month")["usd"]
    held, overhead = sizes[held_name] / GB, sizes[overhead_name] / GB
    even_kib = MIN_BYTES / 1024 * there / standard
    listed = bucket_objects(buckets, sizes, s3_object_sizes, item.upper())
    is_known = listed.told["is_known"]
    back = DataFrame({"gb": held, "overhead_gb": overhead, "objects": sizes["objects"], "up_to_kib": even_kib})
    back["saving"] = (held + overhead) * there - held * standard
    best = pd.Series(float("-inf"), index=buckets.index)
    for size in (one for one in SIZES if one <= MIN_BYTES):
        small = listed.of(buckets, to=size)
        some = DataFrame({"gb": small["bytes"] / GB, "objects": small["objects"], "up_to_kib": size / 1024})
        some["overhead_gb"] = small["objects"] * MIN_BYTES / GB - some["gb"]
        some["saving"] = (some["gb"] + some["overhead_gb"]) * there - some["gb"] * standard
        better = is_known & some["saving"].gt(best)
        best = best.mask(better, some["saving"])
        back = back.mask(better, some[list(back.columns)])
    copies = back["objects"] / 1000 * prices.unit(buckets, "s3.put_standard.thousand")["usd"]
    once = copies + back["gb"] * prices.unit(buckets, f"s3.retrieval_{item}.gb")["usd"]
    return DataFrame(
        {
            "title": title,
            "held_gb": held,
            "overhead_gb": overhead,
            "billed_gb": held + overhead,
            "above_usd": overhead * there,
            "class_usd": there,
            "even_kib": even_kib,
            "min_days": 30.0 if item == "standard_ia" else 90.0,
            "back_gb": back["gb"],
            "back_overhead_gb": back["overhead_gb"],
            "objects": back["objects"],
            "up_to_kib": back["up_to_kib"],
            "at_most": is_known.map({True: "", False: "at most "}).astype("str"),
            "sized_by": listed.told["words"].where(
                is_known, "All objects are taken to be alike." + listed.told["hint"]
            ),
            "hint": listed.told["hint"],
            "off": listed.told["off"],
            "saving": back["saving"],
            "once": once,
            "repay_months": (once / back["saving"]).where(back["saving"].gt(0)),
        }
    )
