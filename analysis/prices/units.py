"""Prices of a unit, by item: what the bill shows, AWS's price list, the snapshot that is shipped; else unknown.

An item is named `<service>.<what>.<unit>`, such as `ebs.gp3.gib_month`; `analysis/data/list_prices.csv` has those that
are shipped, with their date. A price of another region than the snapshot's is never guessed from it.

Where an item has tiers, free units or several kinds under one name on the bill, a bill shows a mean that is no price:
`analysis/data/price_list_keys.csv` says so, and so does the source. A mean over tiers is never above the list's first
tier, so it still comes first; one over several kinds comes last.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

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

_FILE = Path(__file__).parents[1] / "data" / "list_prices.csv"
_KEYS_FILE = Path(__file__).parents[1] / "data" / "price_list_keys.csv"


class OwnRate(StrEnum):
    """What the account's own mean over 30 days says of an item's price."""

    PRICE = "price"  # one unit has one price
    MEAN = "mean"  # a mean over tiers and free units: what is paid, and no more than that
    KINDS = "kinds"  # a mean over things that cost differently and have one name
    NONE = "none"  # nothing


def no_units(columns: dict[str, str]) -> DataFrame:
    """A table of prices without rows."""
    return DataFrame({name: Series(dtype=dtype) for name, dtype in columns.items()})


_NAN = float("nan")
#: Dollars a unit, who says so, and of when that is.
_Price = tuple[float, "str | None", "date | None"]
_UNKNOWN: _Price = (_NAN, None, None)


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
    _paid: dict[tuple[str, str, str, str], float] = field(init=False, repr=False, compare=False)
    _live: dict[tuple[str, str], tuple[float, date]] = field(init=False, repr=False, compare=False)
    _known: dict[tuple[str, str, str], _Price] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        own = self.own.drop_duplicates(["account_id", "region", "service", "usage_type"])
        names = zip(own["account_id"], own["region"], own["service"], own["usage_type"], strict=True)
        object.__setattr__(self, "_paid", dict(zip(names, own["usd"].tolist(), strict=True)))
        live = self.live.drop_duplicates(["region", "item"])
        said = zip(live["usd"].tolist(), live["date"].dt.date, strict=True)
        object.__setattr__(self, "_live", dict(zip(zip(live["region"], live["item"], strict=True), said, strict=True)))

    def live_of(self, rows: DataFrame, items: Series[str]) -> DataFrame:
        """What AWS's list says of each row's item in its region: `usd` (missing where unknown), `price_date`."""
        told = self.live.drop_duplicates(["region", "item"]).set_index(["region", "item"])
        index = pd.MultiIndex.from_arrays([rows["region"].replace("", LIST_REGION), items])
        day = told["date"].reindex(index).dt.date.astype("object").to_numpy()
        usd = told["usd"].reindex(index).to_numpy(dtype="float64")
        return DataFrame({"usd": usd, "price_date": day}, index=rows.index)

    def unit(self, rows: DataFrame, item: str | Series[str]) -> DataFrame:
        """What one unit of `item` costs for each row (needs account_id, region).

        Returns:
            Same index: `usd` (missing where unknown), `price_source`, `price_date`; the account's own bill first, then
            AWS's list of the region, then the snapshot for its region.
        """
        items = [item] * len(rows) if isinstance(item, str) else item.tolist()
        told = [self._price(*key) for key in zip(rows["account_id"], rows["region"], items, strict=True)]
        return _as_table(told, rows.index)

    def billed(self, rows: DataFrame, service: str, usage_types: Series[str]) -> DataFrame:
        """What one unit of a usage type costs on each row's own bill (needs account_id, region).

        Args:
            service: as the bill calls it. usage_types: without the region's prefix, on the same index.
        Returns:
            Same index: `usd` (missing where the bill does not show it), `price_source`, `price_date`.
        """
        keys = zip(rows["account_id"], rows["region"], usage_types, strict=True)
        paid = [self._paid.get((account, region, service, usage_type), _NAN) for account, region, usage_type in keys]
        usd = pd.Series(paid, index=rows.index, dtype="float64")
        return DataFrame({"usd": usd.where(usd.gt(0)), "price_source": OWN_SOURCE, "price_date": self.own_date})

    def _price(self, account_id: str, region: str, item: str) -> _Price:
        """The price of one item in one account and region; each is looked up once."""
        key = (account_id, region, item)
        if key not in self._known:
            ranked = self._ranked(account_id, region or LIST_REGION, item)
            self._known[key] = next((price for price in ranked if price[0] > 0), _UNKNOWN)
        return self._known[key]

    def _ranked(self, account_id: str, region: str, item: str) -> list[_Price]:
        """What each source says of an item, the one that counts first."""
        listed, named = _items().get(item, {}), _item_keys().get(item, {})
        key = (account_id, region, listed.get("service", ""), listed.get("usage_type", ""))
        own = self._paid.get(key, _NAN) * named.get("per", 1.0)
        says = named.get("own", OwnRate.PRICE.value)
        live_usd, live_day = self._live.get((region, item), (_NAN, None))
        shipped = listed.get("usd", _NAN) if region == LIST_REGION else _NAN
        return [
            (own if says == OwnRate.PRICE.value else _NAN, OWN_SOURCE, self.own_date),
            (own if says == OwnRate.MEAN.value else _NAN, OWN_MEAN_SOURCE, self.own_date),
            (live_usd, LIVE_SOURCE, live_day),
            (shipped, LIST_SOURCE, listed.get("date")),
            (own if says == OwnRate.KINDS.value else _NAN, OWN_KINDS_SOURCE, self.own_date),
        ]


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


@cache
def _items() -> dict[str, dict[Hashable, Any]]:
    """The rows of `_listed`, by item."""
    rows = _listed()
    return {str(item): row for item, row in zip(rows.index, rows.to_dict("records"), strict=True)}


@cache
def _item_keys() -> dict[str, dict[Hashable, Any]]:
    """The rows of `listed_keys`, by item."""
    rows = listed_keys()
    return {str(item): row for item, row in zip(rows.index, rows.to_dict("records"), strict=True)}


def _as_table(prices: list[_Price], index: pd.Index) -> DataFrame:
    usd, sources, days = zip(*prices, strict=True) if prices else ((), (), ())
    return DataFrame(
        {
            "usd": pd.Series(usd, index=index, dtype="float64"),
            "price_source": pd.Series(sources, index=index, dtype="str"),
            "price_date": pd.Series(days, index=index, dtype="object"),
        }
    )
