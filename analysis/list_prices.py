"""Prices of a unit, by item: what the bill shows, AWS's price list, the snapshot that is shipped; else unknown.

An item is named `<service>.<what>.<unit>`, such as `ebs.gp3.gib_month`; `analysis/data/list_prices.csv` has those that
are shipped, with their date. A price of another region than the snapshot's is never guessed from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

LIST_SOURCE = "AWS public list prices, us-east-1"
LIST_REGION = "us-east-1"
LIVE_SOURCE = "AWS Price List API"
OWN_SOURCE = "your own bill, last 30 days"

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

    def unit(self, rows: DataFrame, item: str | Series[str]) -> DataFrame:
        """What one unit of `item` costs for each row (needs account_id, region).

        Returns:
            Same index: `usd` (missing where unknown), `price_source`, `price_date`; the account's own bill first, then
            AWS's list of the region, then the snapshot for its region.
        """
        items = pd.Series(item, index=rows.index, dtype="str") if isinstance(item, str) else item.astype("str")
        keyed = DataFrame(
            {
                "account_id": rows["account_id"],
                "region": rows["region"],
                "item": items,
                "usage_type": items.map(_listed()["usage_type"]),
                "service": items.map(_listed()["service"]),
            }
        )
        paid = self.own.set_index(["account_id", "region", "service", "usage_type"])["usd"]
        paid = paid[~paid.index.duplicated()]
        told = self.live.set_index(["region", "item"]) if len(self.live) else self.live
        listed = items.map(_listed()["usd"]).where(rows["region"].isin([LIST_REGION, ""]))
        own = _looked_up(keyed, paid, ["account_id", "region", "service", "usage_type"])
        live = _looked_up(keyed, told["usd"], ["region", "item"]) if len(self.live) else listed * float("nan")
        live_date = told["date"].max().date() if len(self.live) else None
        found = DataFrame(
            {
                "usd": pd.Series(float("nan"), index=rows.index),
                "price_source": pd.Series(pd.NA, index=rows.index, dtype="str"),
                "price_date": pd.Series(None, index=rows.index, dtype="object"),
            }
        )
        snapshot = items.map(_listed()["date"])
        for price, source, day in (
            (own, OWN_SOURCE, self.own_date),
            (live, LIVE_SOURCE, live_date),
            (listed, LIST_SOURCE, snapshot),
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


@cache
def _listed() -> DataFrame:
    """The shipped prices by item: usd, unit, what the bill calls it (service, usage_type; empty: no own rate), date."""
    rows = pd.read_csv(_FILE, dtype={"service": "str", "usage_type": "str"}, keep_default_na=False)
    return rows.assign(date=[date.fromisoformat(day) for day in rows["date"]]).set_index("item")


def _looked_up(rows: DataFrame, values: Series[float], key: list[str]) -> Series[float]:
    """`values` for each row, by the columns `key`; missing where there is none."""
    index = pd.MultiIndex.from_frame(rows[key])
    return pd.Series(values.reindex(index).to_numpy(dtype="float64"), index=rows.index)
