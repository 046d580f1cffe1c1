"""The storage classes of S3, and what an object costs in each: minimum sizes, overheads, transitions, reading.

S3 bills gigabytes of 2^30 bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import PriceBook

GB = 2**30
KIB = 2**10
#: No lifecycle rule moves a smaller object, unless told to; the IA classes bill at least as much.
MIN_BYTES = 128 * KIB

_TB = 2**10
MONTHS_A_YEAR = 12
#: A bucket that is so much older than the age looked for may have had objects of it.
_MARGIN_DAYS = 30
#: Gigabytes of an account in a region above which Standard costs less.
_TIERS = ((500 * _TB, "s3.standard_above_500tb.gb_month"), (50 * _TB, "s3.standard_next_450tb.gb_month"))
_FIRST_TIER = "s3.standard.gb_month"


@dataclass(frozen=True, slots=True)
class StorageClass:
    """A class to move objects to.

    Attributes:
        name: as lifecycle rules call it. title: as people do. item: in the price book, as `s3.<item>.gb_month`.
        min_bytes: an object is billed as at least so much. min_days: it is paid for at least so long.
        own_overhead, standard_overhead: bytes billed on top of each object, at its own price and at Standard's.
        waits: reading takes minutes to hours, after a restore.
    """

    name: str
    title: str
    item: str
    min_days: int
    min_bytes: int = 0
    own_overhead: int = 0
    standard_overhead: int = 0
    waits: bool = False


#: An archived object keeps its name and an index: bytes at the archive's price, and at Standard's.
_ARCHIVED = (32 * KIB, 8 * KIB)

STANDARD_IA = StorageClass("STANDARD_IA", "Standard-IA", "standard_ia", 30, min_bytes=MIN_BYTES)
GLACIER_IR = StorageClass("GLACIER_IR", "Glacier Instant Retrieval", "glacier_ir", 90, min_bytes=MIN_BYTES)
GLACIER = StorageClass("GLACIER", "Glacier Flexible Retrieval", "glacier", 90, 0, *_ARCHIVED, waits=True)
DEEP_ARCHIVE = StorageClass("DEEP_ARCHIVE", "Glacier Deep Archive", "deep_archive", 180, 0, *_ARCHIVED, waits=True)


def moved(buckets: DataFrame, to: StorageClass, prices: PriceBook) -> DataFrame:
    """What moving the Standard objects of each bucket to another class costs and saves.

    Args:
        buckets: needs account_id, region, standard_bytes (all that is held there), moving_bytes and moving_objects
            (what a rule moves at once), off (share by which these may be wrong; missing where the objects are taken to
            be all of the mean size), after_days (of the rule), oldest_days (of what moves; missing where unknown),
            age_days, and read_bytes_a_month, gets_a_month: what is read.
    Returns:
        Same index, dollars, missing where a price or a figure is unknown:
        `now` and `then` a month without reading, `reading` more a month, `transition` once,
        `saving` = now - then - reading a month, `repay_months` until the transition is earned back,
        `class_usd` a GB-month, `doubt`: how much less it saves a month if the sizes are spread as badly as they can be,
        or if a sample is as wrong as its mean; `ends_early`: objects are deleted before the class's minimum is over.
    """
    standard = prices.unit(buckets, standard_item(buckets))
    there = prices.unit(buckets, f"s3.{to.item}.gb_month")["usd"]
    objects, held = buckets["moving_objects"], buckets["moving_bytes"]
    now = held / GB * standard["usd"]
    then = billed_bytes(held, objects, to) / GB * there + objects * to.standard_overhead / GB * standard["usd"]
    transition = objects / 1000 * prices.unit(buckets, f"s3.transition_{to.item}.thousand")["usd"]
    reading = _reading(buckets, to, prices)
    saving = now - then - reading
    # Objects that are smaller than the rule's limit stay; together they hold at most this.
    small = (objects * MIN_BYTES / GB).clip(upper=held / GB) * (standard["usd"] - there)
    return DataFrame(
        {
            "now": now,
            "then": then,
            "reading": reading,
            "transition": transition,
            "saving": saving,
            "repay_months": (transition / saving).where(saving.gt(0)),
            "class_usd": there,
            "standard_usd": standard["usd"],
            "doubt": small.clip(lower=0).where(buckets["off"].isna(), saving.clip(lower=0) * buckets["off"]),
            "ends_early": _ends_early(buckets, to),
            "price_source": standard["price_source"],
            "price_date": standard["price_date"],
        }
    )


def tiered(buckets: DataFrame, prices: PriceBook) -> DataFrame:
    """What Intelligent-Tiering costs and saves at least: its infrequent tier only, for what is not read in a month.

    Args:
        buckets: as for `moved`, and lasting_bytes: of what moves, that is 30 days old; younger objects are not in the
            infrequent tier yet.
    Returns:
        Same index, dollars: `monitoring` a month, `transition` once, `most`: saved a month if nothing is read,
        `saving` a month for what is certainly unread, `even_percent` of the bytes that have to lie unread for 30 days
        to pay the monitoring, `repay_months`, `standard_usd`, `infrequent_usd`, `doubt`, `price_source`, `price_date`.
    """
    standard = prices.unit(buckets, standard_item(buckets))
    infrequent = prices.unit(buckets, "s3.standard_ia.gb_month")["usd"]
    objects, moving, gb = buckets["moving_objects"], buckets["moving_bytes"], buckets["lasting_bytes"] / GB
    each = prices.unit(buckets, "s3.intelligent_tiering_monitoring.thousand_objects_month")["usd"]
    # Smaller objects are neither watched nor moved.
    watched = moving.ge(objects * MIN_BYTES) | objects.isna()
    monitoring = (objects / 1000 * each).where(watched, 0.0)
    lower = standard["usd"] - infrequent
    most = (gb * lower).where(watched, 0.0) - monitoring
    unread = (gb - buckets["read_bytes_a_month"] / GB).clip(lower=0)
    saving = (unread * lower).where(watched, 0.0) - monitoring
    spread_badly = (objects * MIN_BYTES / GB).clip(upper=gb) * lower
    transition = objects / 1000 * prices.unit(buckets, "s3.transition_intelligent_tiering.thousand")["usd"]
    return DataFrame(
        {
            "monitoring": monitoring,
            "transition": transition,
            "most": most,
            "saving": saving,
            "even_percent": monitoring / (gb * lower) * 100,
            "repay_months": (transition / saving).where(saving.gt(0)),
            "standard_usd": standard["usd"],
            "infrequent_usd": infrequent,
            "doubt": spread_badly.where(buckets["off"].isna(), saving.clip(lower=0) * buckets["off"]),
            "price_source": standard["price_source"],
            "price_date": standard["price_date"],
        }
    )


def billed_bytes(held: Series[float], objects: Series[float], to: StorageClass) -> Series[float]:
    """Bytes that a class bills at its own price: no object below its minimum, if all are smaller or none is."""
    least = objects * to.min_bytes
    return held.where(held.ge(least), least) + objects * to.own_overhead


def standard_item(buckets: DataFrame) -> Series[str]:
    """The price of Standard that the last gigabyte of each bucket costs, by what its account holds in the region."""
    held = buckets.groupby(["account_id", "region"])["standard_bytes"].transform("sum") / GB
    item = pd.Series(_FIRST_TIER, index=buckets.index, dtype="str")
    for above, name in reversed(_TIERS):
        item = item.mask(held.gt(above), name)
    return item


def _ends_early(buckets: DataFrame, to: StorageClass) -> Series[bool]:
    """Whether nothing that a rule moves gets so old that the class's minimum is over, in a bucket of that age."""
    paid_until = buckets["after_days"] + to.min_days
    return buckets["oldest_days"].lt(paid_until) & buckets["age_days"].ge(paid_until + _MARGIN_DAYS)


def _reading(buckets: DataFrame, to: StorageClass, prices: PriceBook) -> Series[float]:
    """Dollars a month that reading costs more than in Standard; archives are for what is not read at all."""
    if to.waits:
        return buckets["read_bytes_a_month"].mask(buckets["read_bytes_a_month"].gt(0)) * 0.0
    retrieval = prices.unit(buckets, f"s3.retrieval_{to.item}.gb")["usd"]
    more = (
        prices.unit(buckets, f"s3.get_{to.item}.thousand")["usd"]
        - prices.unit(buckets, "s3.get_standard.thousand")["usd"]
    )
    return buckets["read_bytes_a_month"] / GB * retrieval + buckets["gets_a_month"] / 1000 * more


def better_class(
    use: DataFrame, classes: tuple[StorageClass, StorageClass], prices: PriceBook
) -> tuple[DataFrame, Series[str]]:
    """Of two classes the one that saves more in the first year, as `moved` tells it, and its name.

    One that objects leave before its minimum is over is taken only where both are left so.
    """
    return better_of([moved(use, storage, prices) for storage in classes], classes)


def better_of(found: Sequence[DataFrame], classes: tuple[StorageClass, StorageClass]) -> tuple[DataFrame, Series[str]]:
    """As `better_class`, of what `moved` told of both."""
    one, other = found
    year = [
        (each["saving"] * MONTHS_A_YEAR - each["transition"]).mask(each["ends_early"], -float("inf")) for each in found
    ]
    better = year[1].gt(year[0]) | (year[0].isna() & year[1].notna())
    name = pd.Series(classes[0].name, index=one.index, dtype="str").mask(better, classes[1].name)
    return one.where(~better, other), name
