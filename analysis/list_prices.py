"""Prices of a unit, by item: what the bill shows, AWS's price list, the snapshot that is shipped; else unknown.

An item is named `<service>.<what>.<unit>`, such as `ebs.gp3.gib_month`; `analysis/data/list_prices.csv` has those that
are shipped, with their date. A price of another region than the snapshot's is never guessed from it.

Where an item has tiers, free units or several kinds under one name on the bill, a bill shows a mean that is no price:
`analysis/data/price_list_keys.csv` says so, and so does the source. A mean over tiers is never above the list's first
tier, so it still comes first; one over several kinds comes last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

LIST_SOURCE = "AWS public list prices, us-east-1"
LIST_REGION = "us-east-1"
LIVE_SOURCE = "AWS Price List API"
OWN_SOURCE = "your own bill, last 30 days"
OWN_MEAN_SOURCE = "your own bill, last 30 days, a mean over price tiers and free units"
OWN_KINDS_SOURCE = "your own bill, last 30 days, a mean over several kinds of one name"

#: Columns of what a bill shows: dollars a unit of a usage type (without its region's prefix), and its last day.
OWN_UNITS: dict[str, str] = {
    "account_id": "str",  # empty for the mean of the organisation
    "region": "str",
    "service": "str",
    "usage_type": "str",
    "usd": "float64",
}
#: Columns of AWS's own price list.
LIVE_UNITS: dict[str, str] = {"region": "str", "item": "str", "usd": "float64", "date": "datetime64[us]"}

_FILE = Path(__file__).parent / "data" / "list_prices.csv"
_KEYS_FILE = Path(__file__).parent / "data" / "price_list_keys.csv"


class OwnRate(StrEnum):
    """What the account's own mean over 30 days says of an item's price."""

    PRICE = "price"  # one unit has one price
    MEAN = "mean"  # a mean over tiers and free units: what is paid, and no more than that
    KINDS = "kinds"  # a mean over things that cost differently and have one name
    NONE = "none"  # nothing


def no_units(columns: dict[str, str]) -> DataFrame:
    """A table of prices without rows."""
    return DataFrame({name: Series(dtype=dtype) for name, dtype in columns.items()})


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """Prices of units.

    Args:
        own: columns `OWN_UNITS`, what was really paid; may be empty. own_date: the last billing day behind them.
        live: columns `LIVE_UNITS`, AWS's price list; may be empty.
    """

    own: DataFrame = field(default_factory=lambda: no_units(OWN_UNITS))
    own_date: date | None = None
    live: DataFrame = field(default_factory=lambda: no_units(LIVE_UNITS))

    def live_of(self, rows: DataFrame, items: Series[str]) -> DataFrame:
        """What AWS's list says of each row's item in its region: `usd` (missing where unknown), `price_date`."""
        told = self.live.drop_duplicates(["region", "item"]).set_index(["region", "item"])
        index = pd.MultiIndex.from_arrays([rows["region"].replace("", LIST_REGION), items])
        day = told["date"].reindex(index).dt.date.astype("object").to_numpy()
        usd = told["usd"].reindex(index).to_numpy(dtype="float64")
        return DataFrame({"usd": usd, "price_date": day}, index=rows.index)

    def _own_of(self, rows: DataFrame, items: Series[str]) -> Series[float]:
        """What the account paid for one unit of its item; missing where its bill does not show it."""
        key = ["account_id", "region", "service", "usage_type"]
        keyed = DataFrame(
            {
                "account_id": rows["account_id"],
                "region": rows["region"].replace("", LIST_REGION),
                "service": items.map(_listed()["service"]),
                "usage_type": items.map(_listed()["usage_type"]),
            }
        )
        paid = self.own.set_index(key)["usd"]
        billed = _looked_up(keyed, paid[~paid.index.duplicated()], key)
        return billed * items.map(listed_keys()["per"]).fillna(1.0).astype("float64")

    def unit(self, rows: DataFrame, item: str | Series[str]) -> DataFrame:
        """What one unit of `item` costs for each row (needs account_id, region).

        Returns:
            Same index: `usd` (missing where unknown), `price_source`, `price_date`; the account's own bill first, then
            AWS's list of the region, then the snapshot for its region.
        """
        items = pd.Series(item, index=rows.index, dtype="str") if isinstance(item, str) else item.astype("str")
        own, live = self._own_of(rows, items), self.live_of(rows, items)
        listed = items.map(_listed()["usd"]).where(rows["region"].isin([LIST_REGION, ""]))
        says = items.map(listed_keys()["own"]).fillna(OwnRate.PRICE.value)
        found = DataFrame(
            {
                "usd": pd.Series(float("nan"), index=rows.index),
                "price_source": pd.Series(pd.NA, index=rows.index, dtype="str"),
                "price_date": pd.Series(None, index=rows.index, dtype="object"),
            }
        )
        for price, source, day in (
            (own.where(says.eq(OwnRate.PRICE.value)), OWN_SOURCE, self.own_date),
            (own.where(says.eq(OwnRate.MEAN.value)), OWN_MEAN_SOURCE, self.own_date),
            (live["usd"], LIVE_SOURCE, live["price_date"]),
            (listed, LIST_SOURCE, items.map(_listed()["date"])),
            (own.where(says.eq(OwnRate.KINDS.value)), OWN_KINDS_SOURCE, self.own_date),
        ):
            use = found["usd"].isna() & price.gt(0)
            found.loc[use, "usd"] = price[use]
            found.loc[use, "price_source"] = source
            found.loc[use, "price_date"] = day[use] if isinstance(day, Series) else day
        return found

    def billed(self, rows: DataFrame, service: str, usage_types: Series[str]) -> DataFrame:
        """What one unit of a usage type costs on each row's own bill (needs account_id, region).

        Args:
            service: as the bill calls it. usage_types: without the region's prefix, on the same index.
        Returns:
            Same index: `usd` (missing where the bill does not show it), `price_source`, `price_date`.
        """
        key = ["account_id", "region", "service", "usage_type"]
        paid = self.own.set_index(key)["usd"]
        keyed = rows[["account_id", "region"]].assign(service=service, usage_type=usage_types.astype("str"))
        usd = _looked_up(keyed, paid[~paid.index.duplicated()], key)
        return DataFrame({"usd": usd.where(usd.gt(0)), "price_source": OWN_SOURCE, "price_date": self.own_date})


def list_usd(item: str) -> float:
    """The shipped price of an item, in us-east-1.

    Raises:
        KeyError: nothing of that name is shipped.
    """
    return float(_listed()["usd"][item])


def billed_units() -> dict[tuple[str, str], frozenset[str]]:
    """How the bill counts each (service, usage type) that items name, as `unit_key` spells it."""
    units = _listed()[["service", "usage_type"]].join(listed_keys()["unit"], how="inner")
    units = units[units["usage_type"].ne("")]
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in units.to_dict("records"):
        key = (row["service"], row["usage_type"])
        found[key] = found.get(key, frozenset()) | {unit_key(unit) for unit in row["unit"].split("|")}
    return found


def unit_key(unit: str) -> str:
    """One spelling for a unit: `Hrs` of Cost Explorer and `Hours` of FOCUS are `hr`."""
    words = unit.strip().lower().replace("gib/second", "gibps").replace("_", "-")
    for pattern, short in ((r"\bhours?\b|\bhrs?\b", "hr"), (r"\bmonths?\b|\bmo\b", "mo"), (r"\bseconds?\b", "second")):
        words = re.sub(pattern, short, words)
    return re.sub(r"(?<=[a-z]{3})s\b", "", words)


@cache
def listed_keys() -> DataFrame:
    """How AWS's list and the bill name each item; columns of `price_list_keys.csv`, by item.

    `unit` is what one unit of the list and of the bill is called (several with |), `per` how many of them the item is,
    `tier` which of several paid tiers it is (empty: it has one price only), `own` an `OwnRate`.
    """
    rows = pd.read_csv(_KEYS_FILE, dtype="str", keep_default_na=False)
    return rows.assign(per=rows["per"].replace("", "1").astype("float64")).set_index("item")


@cache
def _listed() -> DataFrame:
    """The shipped prices by item: usd, unit, what the bill calls it (service, usage_type; empty: no own rate), date."""
    rows = pd.read_csv(_FILE, dtype={"service": "str", "usage_type": "str"}, keep_default_na=False)
    return rows.assign(date=[date.fromisoformat(day) for day in rows["date"]]).set_index("item")


def _looked_up(rows: DataFrame, values: Series[float], key: list[str]) -> Series[float]:
    """`values` for each row, by the columns `key`; missing where there is none."""
    index = pd.MultiIndex.from_frame(rows[key])
    return pd.Series(values.reindex(index).to_numpy(dtype="float64"), index=rows.index)
