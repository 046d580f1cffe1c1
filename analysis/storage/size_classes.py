"""How large and how old the objects of buckets are: all of them, or a sample that fits what CloudWatch counts.

A listing is kept as counts and bytes by storage class, size and age. Where there is none, or where a sample is too far
from what CloudWatch counts, nothing is known but the mean.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import KEY
from analysis.figures import written
from analysis.pricing import PriceBook
from analysis.storage.classes import GB, KIB, MIN_BYTES, StorageClass, standard_item
from analysis.storage.lifecycle_rules import moves_objects

#: Upper bounds of the size classes in bytes, each inside its class: a rule for "greater than" leaves it where it is.
SIZES = (16 * KIB, 64 * KIB, MIN_BYTES, 256 * KIB, 2**20, 16 * 2**20, 128 * 2**20)
#: Days from which the age classes count: where transitions are allowed, and where each class's minimum ends after them.
AGES = (30, 60, 90, 120, 180, 270, 365)
#: Labels of the size classes.
SIZE_LABELS = (
    "to 16 KiB", "to 64 KiB", "to 128 KiB", "to 256 KiB", "to 1 MiB", "to 16 MiB", "to 128 MiB", "larger",
)  # fmt: skip

#: Kinds of evidence: a bucket that a few requests list whole, and one that they only sample.
NEEDS_ALL_KEYS, NEEDS_KEY_SAMPLE = "all_keys", "key_sample"
NEEDS_KEYS = (NEEDS_ALL_KEYS, NEEDS_KEY_SAMPLE)
KEYS_A_PAGE = 1000  # what S3 lists at most
#: LIST requests that are made of one bucket in a scan, at most.
MOST_PAGES = 10

#: A sample whose mean object is so many times larger or smaller than CloudWatch's shows another bucket.
_MOST_OFF = 2.0
#: No sample is nearer than this share, even if its mean is.
_LEAST_OFF = 0.05
_STANDARD = "STANDARD"


def size_class(size: int) -> int:
    """The number of the class that an object of so many bytes is in."""
    return bisect_left(SIZES, size)


def age_class(days: float) -> int:
    """The number of the class that an object of so many days is in."""
    return bisect_right(AGES, days)


@dataclass(frozen=True, slots=True)
class Objects:
    """What is known of the objects of each bucket in one storage class.

    `told` has the buckets' index: `is_known` (sizes and ages are those of the objects), `off` (share by which a
    sample may be wrong: as much as its mean differs from CloudWatch's; 0 where all were listed, missing where nothing
    is known), `words` (what the
    figures of a card stand on, in a sentence) and `hint` (how they would become exact, after a space; empty where they
    are).
    `cells` has `KEY`, `size_class`, `age_class`, `objects`, `bytes` of the known ones: as listed where all were, else
    scaled to the bytes that CloudWatch tells of the class.
    """

    told: DataFrame
    cells: DataFrame

    def of(self, buckets: DataFrame, *, over: int = 0, to: float = float("inf"), days: float = 0) -> DataFrame:
        """`objects` and `bytes` of sizes above `over` and up to `to` bytes that are `days` old or older.

        The bounds are taken inwards to those of the classes, so there are at least so many; missing where not known.
        """
        first_size = 0 if not over else bisect_left(SIZES, over) + 1
        last_size = bisect_right(SIZES, to) - 1 if to != float("inf") else len(SIZES)
        first_age = bisect_left((0, *AGES), days)
        inside = self.cells["size_class"].between(first_size, last_size) & self.cells["age_class"].ge(first_age)
        return _sums(buckets, self.cells[inside]).where(self.told["is_known"])

    def oldest_days(self, buckets: DataFrame, *, over: int) -> Series[float]:
        """Days from which the age class counts that holds the oldest object above `over` bytes."""
        larger = self.cells[self.cells["size_class"].gt(bisect_left(SIZES, over)) & self.cells["objects"].gt(0)]
        oldest = larger.groupby(KEY)["age_class"].max().map(dict(enumerate((0.0, *map(float, AGES)))))
        return oldest.reindex(pd.MultiIndex.from_frame(buckets[KEY])).set_axis(buckets.index).astype("float64")

    def one(self, bucket: Series[Any]) -> DataFrame:
        """The cells of one bucket."""
        return self.cells[self.cells[KEY].eq(bucket[KEY]).all(axis=1)]


def bucket_objects(
    buckets: DataFrame, sizes: DataFrame, s3_object_sizes: DataFrame, storage_class: str = _STANDARD
) -> Objects:
    """What listings tell of the objects of each bucket in one storage class.

    Args:
        buckets: columns of `s3_buckets`. sizes: of them, by `bucket_use.bucket_sizes`.
        s3_object_sizes: a row for each bucket, storage class, size class and age class that keys were found of; of a
            bucket without keys, or that refused, a row with no class.
    """
    asked = _asked(buckets, s3_object_sizes)
    held = s3_object_sizes[s3_object_sizes["storage_class"].eq(storage_class)]
    listed = _sums(buckets, held)
    in_class = _held_bytes(buckets, sizes, storage_class)
    ratio = asked["mean_bytes"] / _counted_mean(buckets, sizes)
    off = ratio.where(ratio.ge(1), 1 / ratio) - 1
    complete = asked["complete"].eq(1)
    fits = off.le(_MOST_OFF - 1) & listed["bytes"].gt(0) & in_class.gt(0)
    is_known = complete | fits
    factor = (in_class / listed["bytes"]).where(fits & ~complete, 1.0)
    hint = _hint(asked, off).where(~is_known, "")
    told = DataFrame(
        {
            "is_known": is_known,
            "off": off.clip(lower=_LEAST_OFF).where(~complete, 0.0).where(is_known),
            "words": _words(buckets, asked, sizes, complete).where(is_known, _mean(sizes) + hint),
            "hint": hint,
        }
    )
    cells = held.merge(buckets.loc[is_known, KEY].assign(factor=factor), on=KEY)
    scaled = cells[["objects", "bytes"]].mul(cells["factor"], axis=0)
    return Objects(told, cells[[*KEY, "size_class", "age_class"]].join(scaled))


def keys_needed(buckets: DataFrame, sizes: DataFrame, s3_object_sizes: DataFrame, worth: Series[bool]) -> Series[str]:
    """The kind of listing that each bucket still needs where it is `worth` the requests; empty where it needs none."""
    asked = _asked(buckets, s3_object_sizes)["complete"].notna()
    missing = worth.fillna(False).astype(bool) & ~asked & ~buckets["ignored"] & buckets["region"].ne("")
    whole = sizes["objects"].le(MOST_PAGES * KEYS_A_PAGE)
    kind = pd.Series(NEEDS_KEY_SAMPLE, index=buckets.index, dtype="str").mask(whole, NEEDS_ALL_KEYS)
    return kind.where(missing & sizes["objects"].notna(), "")


def could_move(
    buckets: DataFrame, sizes: DataFrame, to: StorageClass, prices: PriceBook, at_least: float
) -> Series[bool]:
    """Buckets that may be given a rule, and whose objects would save so many dollars a month were all of them large."""
    may = buckets["tags_read"] & buckets["lifecycle"].ne("") & ~moves_objects(buckets["lifecycle"])
    use = buckets.assign(standard_bytes=sizes["standard_bytes"])
    less = prices.unit(use, standard_item(use))["usd"] - prices.unit(use, f"s3.{to.item}.gb_month")["usd"]
    return may & (sizes["standard_bytes"] / GB * less).ge(at_least)


def _asked(buckets: DataFrame, s3_object_sizes: DataFrame) -> DataFrame:
    """Of each bucket that was asked: `complete` (0 or 1), `requests`, `refused`, and `keys`, `mean_bytes` it listed."""
    by_bucket = s3_object_sizes.assign(complete=s3_object_sizes["complete"].astype("float64")).groupby(KEY)
    found = by_bucket.agg(
        complete=("complete", "max"), requests=("requests", "max"), refused=("refused", "max"),
        keys=("objects", "sum"), size=("bytes", "sum"),
    )  # fmt: skip
    found["mean_bytes"] = (found["size"] / found["keys"]).where(found["keys"].gt(0))
    here = found.reindex(pd.MultiIndex.from_frame(buckets[KEY])).set_axis(buckets.index)
    return here.assign(refused=here["refused"].fillna("").astype("str"))


def _held_bytes(buckets: DataFrame, sizes: DataFrame, storage_class: str) -> Series[float]:
    """Bytes of the class by CloudWatch, without the parts of unfinished uploads: those are no objects."""
    column = {"STANDARD": "standard_bytes", "STANDARD_IA": "ia_bytes", "GLACIER_IR": "gir_bytes"}[storage_class]
    parts = buckets["unfinished_bytes"].fillna(0.0) if storage_class == _STANDARD else 0.0
    return (sizes[column] - parts).clip(lower=0)


def _counted_mean(buckets: DataFrame, sizes: DataFrame) -> Series[float]:
    """CloudWatch's mean of an object, without the bytes of parts."""
    held = (sizes["total_bytes"] - buckets["unfinished_bytes"].fillna(0.0)).clip(lower=0)
    return (held / sizes["objects"]).where(sizes["objects"].gt(0) & held.gt(0))


def _words(buckets: DataFrame, asked: DataFrame, sizes: DataFrame, complete: Series[bool]) -> Series[str]:
    """What a listing is, for a card."""
    keys = written(asked["keys"], ",.0f")
    kept = buckets["versioning"].eq("Off").map({True: "", False: " Old versions are taken for current ones."})
    sampled = (
        "Sizes and ages are those of " + keys + " objects, listed in " + written(asked["requests"]) + " requests "
        "spread over the bucket's keys, and scaled to its size; their mean is "
        + written(asked["mean_bytes"] / KIB, ",.0f") + " KiB, CloudWatch's "
        + written(sizes["mean_bytes"] / KIB, ",.0f") + "." + kept.astype("str")
    )  # fmt: skip
    return sampled.mask(complete, "Sizes and ages are those of all " + keys + " objects, which were listed.")


def _mean(sizes: DataFrame) -> Series[str]:
    return (
        "Objects are taken to be of the mean size, " + written(sizes["mean_bytes"] / KIB) + " KiB, and old enough; the "
        "rule leaves those below 128 KiB where they are."
    )


def _hint(asked: DataFrame, off: Series[float]) -> Series[str]:
    """Why a listing does not tell, and what would."""
    sampled = " A sample of " + written(asked["keys"], ",.0f") + " objects "
    told = (sampled + "has none of this class; S3 Inventory would tell sizes and ages.").where(asked["keys"].gt(0), "")
    told = told.mask(
        off.gt(_MOST_OFF - 1),
        sampled + "has a mean of " + written(asked["mean_bytes"] / KIB) + " KiB, too far from that to stand for the "
        "bucket; S3 Inventory would tell sizes and ages.",
    )
    refused = " " + asked["refused"] + " Listing its keys would tell sizes and ages."
    return told.mask(asked["refused"].ne(""), refused).astype("str")


def _sums(buckets: DataFrame, cells: DataFrame) -> DataFrame:
    """`objects` and `bytes` of all cells of each bucket."""
    sums = cells.groupby(KEY)[["objects", "bytes"]].sum()
    return sums.reindex(pd.MultiIndex.from_frame(buckets[KEY])).set_axis(buckets.index).fillna(0.0)
