"""Usage as it was before any commitment, from costs by the hour: the table of `analysis/rollups/hourly.sql`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, DatetimeIndex, Series, Timestamp

from analysis.commitments import hourly_lines
from analysis.commitments.units import line_units
from analysis.commitments.usage import LINES, Floats, HourlyUsage

Places = NDArray[np.integer[Any]]

#: What tells lines apart. Bills that were read before there were operations have none: every platform is unknown.
_KEYS = ["sub_account_id", "region_id", "service_name", "usage_type", "operation", "unit"]
_MEASURES = ["commitment_id", "billed_cost", "list_cost", "quantity"]


def hourly_usage(rows: DataFrame, *, until: Timestamp | None = None) -> HourlyUsage:
    """Usage by hour and line at its on-demand quantity and price, whatever paid for it.

    What a reservation or a plan covered comes back as if it had run on demand. A line's price is its list price, the
    mean over all its hours where it changed; where a row has no list price and ran on demand, what was billed.

    A platform is known from the line's operation. Without it, usage of several platforms (or engines) is one line at
    their mean price, which fits every reservation of its size: reservations are then taken to cover more than they may.

    Args:
        rows: needs `hour` (UTC; naive or aware), `charge_category`, `sub_account_id`, `region_id`, `service_name`,
            `usage_type`, `unit`, `pricing_category`, `commitment_id`, `billed_cost`, `list_cost`, `quantity`;
            `operation` where it is known. Of a table with `provider`, only AWS's rows are read.
        until: hours from this one on have not arrived whole and are left out; aware.
    Returns:
        The hours that have any row; an hour without one is missing, not idle. In an hour that is there, a line without
        a row was not used. A line with a quantity that is missing is left out, its rows cannot be added up; one without
        any price has none.
    """
    return hourly_parts(rows, until=until).usage


@dataclass(frozen=True, slots=True)
class Part:
    """What of the usage one commitment paid for: the lines that it touched, and their quantity, (hours, lines)."""

    lines: Places
    quantity: Floats

    def whole(self, lines: int) -> Floats:
        """The quantity with a column for each of so many lines."""
        found = np.zeros((len(self.quantity), lines))
        found[:, self.lines] = self.quantity
        return found


@dataclass(frozen=True, slots=True)
class Parts:
    """All usage, and what of it each commitment paid for; what ran on demand is in none of them."""

    usage: HourlyUsage
    of: Mapping[str, Part]


def hourly_parts(rows: DataFrame, paid_by: Series[str] | None = None, *, until: Timestamp | None = None) -> Parts:
    """`hourly_usage`, told apart by what paid for it.

    Args:
        rows: as of `hourly_usage`. paid_by: for each of them, in their order; "" for usage that ran on demand.
    """
    hours_of = _utc(rows["hour"])
    is_seen = hours_of < until if until is not None else hours_of.notna()
    if "provider" in rows:
        is_seen &= rows["provider"].eq("AWS")
    hours = DatetimeIndex(hours_of[is_seen].unique()).sort_values()
    is_usage = is_seen & rows["charge_category"].eq("Usage") & rows["usage_type"].notna()
    usage = rows.loc[is_usage, [name for name in (*_KEYS, *_MEASURES) if name in rows]]
    line_of, lines = _lines(usage)
    hour_of = hours.get_indexer(DatetimeIndex(hours_of[is_usage]))
    quantity = _sums(hour_of, line_of, usage["quantity"], (len(hours), len(lines)))
    committable = lines["usage_type"].map(hourly_lines.can_be_committed).to_numpy(np.bool_)
    is_kept = committable & ~np.isnan(quantity).any(axis=0)
    kept = np.flatnonzero(is_kept)
    table = _described(lines, _prices(usage, line_of, len(lines))).loc[kept].reset_index(drop=True)
    # A line's place among all of them becomes its place among those that are kept.
    place_of = np.where(is_kept, np.cumsum(is_kept) - 1, -1)[line_of]
    found = {}
    payers = np.full(len(usage), "", dtype=object) if paid_by is None else paid_by.to_numpy()[is_usage.to_numpy()]
    codes, names = pd.factorize(payers)
    for code, name in enumerate(names):
        if name == "":
            continue
        own = (codes == code) & (place_of >= 0)
        touched, at = np.unique(place_of[own], return_inverse=True)
        paid = _sums(hour_of[own], at, usage["quantity"][own], (len(hours), len(touched)))
        found[str(name)] = Part(touched, np.maximum(paid, 0.0))
    return Parts(HourlyUsage(hours, table, np.maximum(quantity[:, kept], 0.0)), found)


def _utc(hour: Series[Timestamp]) -> Series[Timestamp]:
    return hour.dt.tz_localize("UTC") if hour.dt.tz is None else hour.dt.tz_convert("UTC")


def _lines(usage: DataFrame) -> tuple[Places, DataFrame]:
    """Which line each row is of, and the lines, with text in every column `_KEYS`."""
    names = [name for name in _KEYS if name in usage]
    line_of = usage.groupby(names, sort=True, dropna=False).ngroup().to_numpy()
    _, first = np.unique(line_of, return_index=True)
    lines = usage.iloc[first][names].reindex(columns=_KEYS).reset_index(drop=True)
    return line_of, lines.astype("object").fillna("").astype("str")


def _sums(hour_of: Places, line_of: Places, values: Series[float], shape: tuple[int, int]) -> Floats:
    flat = np.bincount(hour_of * shape[1] + line_of, weights=values.to_numpy(np.float64), minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def _prices(usage: DataFrame, line_of: Places, lines: int) -> Floats:
    """Dollars a unit, the mean over all hours; missing where no row has both a price and a quantity."""
    on_demand = usage["commitment_id"].isna() | usage["commitment_id"].eq("")
    cost = usage["list_cost"].fillna(usage["billed_cost"].where(on_demand))
    priced = (cost.notna() & usage["quantity"].gt(0)).to_numpy()
    dollars = np.bincount(line_of[priced], weights=cost[priced].to_numpy(np.float64), minlength=lines)
    quantity = np.bincount(line_of[priced], weights=usage["quantity"][priced].to_numpy(np.float64), minlength=lines)
    prices: Floats = np.divide(dollars, quantity, out=np.full(lines, np.nan), where=quantity > 0)
    return prices


def _described(lines: DataFrame, prices: Floats) -> DataFrame:
    usage_types = lines["usage_type"]
    table = DataFrame(
        {
            "account_id": lines["sub_account_id"],
            "region": [hourly_lines.region(*both) for both in zip(lines["region_id"], usage_types, strict=True)],
            "service": lines["service_name"].map(hourly_lines.service_code),
            "usage_type": usage_types,
            "instance_type": usage_types.map(hourly_lines.instance_type),
            "platform": lines["operation"].map(hourly_lines.platform),
            "on_demand": prices,
            "zone": "",
        }
    )
    table["units"] = line_units(table)
    return table[list(LINES)].astype(LINES)
