"""Charges that commitments have to do with, by day: usage they cover, usage they could, and what of them was unused."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
from pandas import DataFrame, Series

#: One row per day and what tells charges apart.
CHARGES: dict[str, str] = {
    "date": "datetime64[us]",
    "kind": "str",  # Savings Plan, Reserved; empty of usage that nothing covered
    "commitment_id": "str",
    "service": "str",  # canonical key
    "region": "str",
    "account": "str",  # who used it; of unused commitment its owner
    "family": "str",  # instance family; empty for what has none
    "is_unused": "bool",
    "cost": "float64",  # effective, dollars
    "on_demand": "float64",  # the same usage at on-demand prices; 0 of unused commitment, missing where not told
}
#: `:r5.xlarge`, `:db.r5.large`, `:cache.m5.large`, `ESInstance:r5.large`, `Node:ra3.xlplus`, `:ml.m5.large`.
_TYPE = re.compile(r":(?:db\.|cache\.|ml\.)?([a-z][a-z0-9-]*)\.[a-z0-9-]+")
#: What charges may be summed by.
DIMENSIONS = ("date", "kind", "commitment_id", "service", "region", "account", "family")


def family_of(usage_type: str) -> str:
    """`r5` of `EUW1-BoxUsage:r5.xlarge`; empty for what is no instance."""
    found = _TYPE.search(usage_type)
    return found[1] if found else ""


def summed(charges: DataFrame, values: Series[float], by: Sequence[str]) -> Series[float]:
    """Sums by dimensions; missing where a value of a group is missing, so that a part never looks like a whole.

    Args:
        values: on the index of `charges`.
        by: of `DIMENSIONS`, at least one.
    """
    keys = [charges[name] for name in by]
    lacking = values.isna().groupby(keys).any()
    return values.groupby(keys).sum().mask(lacking)


def share(part: Series[float], whole: Series[float]) -> Series[float]:
    """`part` of `whole`, 0 to 1; missing where there is nothing to have a part of."""
    return part / whole.where(whole.gt(0))


def between(charges: DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> DataFrame:
    """Those of the days [start, end)."""
    return charges[charges["date"].ge(start) & charges["date"].lt(end)]
