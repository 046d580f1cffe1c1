"""What snapshots cost, and how much of that goes away with one of them."""

from __future__ import annotations

from pandas import DataFrame

from analysis.daily_metrics import KEY
from analysis.pricing import PriceBook

#: What EC2 names as the volume of a snapshot that was copied from another.
COPIED = "vol-ffffffff"


def snapshot_month(snapshots: DataFrame, prices: PriceBook) -> DataFrame:
    """What each snapshot costs at most, in dollars a month.

    A snapshot holds the blocks that changed since the one before, so its volume's size is an upper bound; where EC2
    tells the size of all blocks that a restore reads, that is the lower one of two.

    Returns:
        Same index: `held_gib`, `usd` a month (missing where unknown), `gib_month_usd`, `price_source`, `price_date`,
        and `plus_minus`: the dollars that may stay. They are 0 only for the single snapshot of a volume whose size of
        blocks is told; else other snapshots may need its blocks, or the volume was never full.
    """
    item = snapshots["tier"].map({"standard": "ebs.snapshot.gib_month", "archive": "ebs.snapshot_archive.gib_month"})
    price = prices.unit(snapshots, item.fillna("unknown").astype("str"))
    held = snapshots["full_gib"].fillna(snapshots["size_gib"])
    usd = held * price["usd"]
    alone = ~snapshots.duplicated(["account_id", "region", "volume_id"], keep=False)
    exact = alone & snapshots["full_gib"].notna() & ~snapshots["volume_id"].isin(["", COPIED])
    return DataFrame(
        {
            "held_gib": held,
            "usd": usd,
            "gib_month_usd": price["usd"],
            "price_source": price["price_source"],
            "price_date": price["price_date"],
            "plus_minus": usd.mask(exact, 0.0),
        }
    )


def of_images(snapshots: DataFrame, ec2_images: DataFrame) -> DataFrame:
    """The image that each snapshot belongs to: same index, `image_id`, empty where there is none."""
    disks = ec2_images.assign(snapshot_id=ec2_images["snapshot_ids"].str.split(" ")).explode("snapshot_id")
    disks = disks[disks["snapshot_id"].notna() & disks["snapshot_id"].ne("")]
    disks = disks.drop_duplicates(["account_id", "region", "snapshot_id"])
    images = disks.set_index(["account_id", "region", "snapshot_id"])["resource_id"]
    found = images.reindex(snapshots.set_index(KEY).index).set_axis(snapshots.index)
    return DataFrame({"image_id": found.fillna("").astype("str")})


def source_exists(snapshots: DataFrame, ebs_volumes: DataFrame) -> DataFrame:
    """Whether the volume of each snapshot is still in its account and region: same index, `exists`."""
    volumes = ebs_volumes.set_index(KEY).index
    named = snapshots.set_index(["account_id", "region", "volume_id"]).index
    return DataFrame({"exists": named.isin(volumes)}, index=snapshots.index)
