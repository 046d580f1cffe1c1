"""AWS's public list of EC2 Linux hours in shared tenancy, as shipped: us-east-1 by hand, and 35 regions of 2025-03-02.

A type that neither names has no price: m5.small does not exist, and its price is unknown, never zero and never half of
another's.
"""

from __future__ import annotations

import gzip
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

from analysis.rightsizing.catalog import family_of, size_of
from analysis.rightsizing.sizes import LARGE, size_factor

LIST_SOURCE = "AWS public list prices, us-east-1, Linux, shared tenancy"
LIST_DATE = date(2026, 8, 1)
LIST_REGION = "us-east-1"
SNAPSHOT_SOURCE = "AWS public list prices of the region, Linux, shared tenancy, as apache-libcloud ships them"

#: Written by `python -m bot.savings.price_snapshot`; its first line names its date.
SNAPSHOT_FILE = Path(__file__).parents[1] / "data" / "ec2_linux_snapshot.csv.gz"
_LIST_FILE = Path(__file__).parents[1] / "data" / "ec2_linux_us_east_1.csv"


def listed_hours(instances: DataFrame) -> DataFrame:
    """The shipped price of each row (needs region, instance_type).

    The list of us-east-1 comes first; there a size follows its family's `.large`, where the family has that size.

    Returns:
        Same index: `usd` (missing where unknown), `price_source`, `price_date`.
    """
    usd = _by_hand(instances)
    key = pd.MultiIndex.from_frame(instances[["region", "instance_type"]])
    shipped = pd.Series(_snapshot().reindex(key).to_numpy(dtype="float64"), index=instances.index)
    later = usd.isna() & shipped.notna()
    source = pd.Series(LIST_SOURCE, index=instances.index, dtype="str").mask(later, SNAPSHOT_SOURCE)
    day = pd.Series(LIST_DATE, index=instances.index, dtype="object").mask(later, snapshot_date())
    return DataFrame({"usd": usd.fillna(shipped), "price_source": source, "price_date": day})


@cache
def snapshot_date() -> date:
    """The day of the prices of all regions."""
    with gzip.open(SNAPSHOT_FILE, "rt", encoding="utf-8") as lines:
        return date.fromisoformat(lines.readline()[2:12])


def _by_hand(instances: DataFrame) -> Series[float]:
    by_type, by_family, sizes = _list()
    types = instances["instance_type"]
    family = family_of(types)
    exists = pd.MultiIndex.from_arrays([family, size_of(types)]).isin(sizes)
    scaled = family.map(by_family).astype("float64") * size_factor(types) / LARGE
    return types.map(by_type).astype("float64").fillna(scaled.where(exists)).where(instances["region"].eq(LIST_REGION))


@cache
def _list() -> tuple[dict[str, float], dict[str, float], list[tuple[str, str]]]:
    """Dollars an hour by type, of the `.large` by family whose price is linear in size, and each family's sizes."""
    rows = pd.read_csv(_LIST_FILE, keep_default_na=False)
    of_kind = {kind: dict(zip(part["name"], part["hourly_usd"], strict=True)) for kind, part in rows.groupby("kind")}
    sizes = [(row["name"], size) for row in rows.to_dict("records") for size in row["sizes"].split()]
    return of_kind["type"], of_kind["family"], sizes


@cache
def _snapshot() -> Series[float]:
    """Dollars an hour by region and type."""
    rows = pd.read_csv(SNAPSHOT_FILE, comment="#")
    return rows.set_index(["region", "instance_type"])["hourly_usd"]
