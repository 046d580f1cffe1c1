"""Repairs apache-libcloud's table of EC2 prices: what it says of dedicated tenancy, and its zeros, are told apart.

Its table `ec2_linux` keeps one price per type and region, whichever of shared tenancy, dedicated tenancy and reserved
capacity ($0) came last. Within a family a price is in proportion to the size: so the right ones confirm each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.sizes import size_factor

#: Columns of a snapshot: dollars an hour of Linux on demand in shared tenancy.
SNAPSHOT: dict[str, str] = {"region": "str", "instance_type": "str", "hourly_usd": "float64"}
#: Two prices of a unit of size confirm each other within this share.
TOLERANCE = 0.02
#: Dedicated tenancy costs about a tenth more: a family that stands so far above its region's others may be priced so.
DEDICATED = (1.08, 1.13)
BASE_REGION = "us-east-1"

_FAMILIES = re.compile(r"(?:c|m|r|t|i|im|is|x|z|d)\d")


def repaired(listed: Mapping[str, Mapping[str, float]]) -> DataFrame:
    """The table with one right price per type and region, or none.

    A family's unit price is the lowest price per normalised size that another size confirms; a listed price within
    `TOLERANCE` of it stands, any other (0 among them) is made of it. Bare metal, families with an accelerator and
    families without such a pair are left out, and so are those whose prices may be of dedicated tenancy throughout.

    Args:
        listed: instance type → region → dollars an hour; 0 where it is not known.
    Returns:
        Columns `SNAPSHOT`, by region and type; a type that is not listed in a region has no price there.
    """
    rows = DataFrame(
        [(region, name, usd) for name, by_region in listed.items() for region, usd in by_region.items()],
        columns=list(SNAPSHOT),
    ).astype(SNAPSHOT)
    rows = rows.assign(family=family_of(rows["instance_type"]), size=size_factor(rows["instance_type"]))
    kept = rows["family"].str.match(_FAMILIES).fillna(False).astype(bool) & rows["size"].notna()
    rows = rows[kept].assign(unit=lambda kept: kept["hourly_usd"] / kept["size"])
    units = _confirmed(rows)
    units = units[~_perhaps_dedicated(units)]
    rows = rows.merge(units.rename("family_unit").reset_index(), on=["region", "family"])
    stands = rows["unit"].between(rows["family_unit"] * (1 - TOLERANCE), rows["family_unit"] * (1 + TOLERANCE))
    derived = (rows["family_unit"] * rows["size"]).round(6)
    found = rows.assign(hourly_usd=rows["hourly_usd"].where(stands, derived))[list(SNAPSHOT)]
    return found.sort_values(["region", "instance_type"], ignore_index=True)


def _confirmed(rows: DataFrame) -> Series[float]:
    """The lowest unit price that another size confirms, by region and family."""
    ordered = rows[rows["unit"].gt(0)].sort_values(["region", "family", "unit"])
    following = ordered.groupby(["region", "family"])["unit"].shift(-1)
    confirmed = ordered[following.le(ordered["unit"] * (1 + TOLERANCE))]
    return confirmed.groupby(["region", "family"])["unit"].min()


def _perhaps_dedicated(units: Series[float]) -> Series[bool]:
    """Families whose price, against us-east-1, is above that of the region's other families by what dedicated costs."""
    if BASE_REGION not in units.index.get_level_values("region"):
        return pd.Series(False, index=units.index)
    base = units.xs(BASE_REGION, level="region")
    ratio = units / base.reindex(units.index.get_level_values("family")).to_numpy(dtype="float64")
    usual = ratio.groupby(level="region").transform("median")
    above: Series[bool] = (ratio / usual).between(*DEDICATED)
    return above
