"""What an hour costs: the account's own bill first, AWS's list second (asked, else shipped), and otherwise unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.prices.ec2_list import LIST_DATE, LIST_REGION, LIST_SOURCE, listed_hours
from analysis.prices.units import LIVE_SOURCE, UnitPrices
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.sizes import size_factor

__all__ = ["LIST_DATE", "LIST_REGION", "LIST_SOURCE", "PriceBook", "list_hour", "size_factor", "unpriced"]

HOURS_A_MONTH = 730
DAYS_A_MONTH = 30.4
#: What every gp3 volume includes (AWS: "General Purpose SSD volumes").
GP3_IOPS, GP3_MIB_S = 3_000, 125
IO2_FIRST_TIER_IOPS = 32_000

OWN_SOURCE = "your own bill, last 30 days"
OWN_FAMILY_SOURCE = "your own bill, last 30 days, by size within the family"

_TYPE_KEY = ["account_id", "region", "instance_type"]

#: Account id of a rate that is the mean of the organisation.
ORGANISATION = ""
#: Columns of own rates: dollars an hour per account ("" is the organisation's mean), region and instance type.
OWN_RATES = ("account_id", "region", "instance_type", "hourly_usd")


def no_own_rates() -> DataFrame:
    """Own rates of an organisation whose bill is not known."""
    empty = DataFrame({name: Series(dtype="str") for name in OWN_RATES})
    return empty.astype({"hourly_usd": "float64"})


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Hourly prices of Linux instances in shared tenancy, and prices of all other units.

    Args:
        own: rates that were really paid (columns `OWN_RATES`); may be empty.
        own_date: the last billing day behind them.
        units: prices of what is no instance.
    """

    own: DataFrame = field(default_factory=no_own_rates)
    own_date: date | None = None
    units: UnitPrices = field(default_factory=UnitPrices)

    def unit(self, rows: DataFrame, item: str | Series[str]) -> DataFrame:
        """What one unit of `item` costs for each row: `usd`, `price_source`, `price_date`; see `UnitPrices.unit`."""
        return self.units.unit(rows, item)

    def billed(self, rows: DataFrame, service: str, usage_types: Series[str]) -> DataFrame:
        """What one unit of a usage type costs on each row's own bill; see `UnitPrices.billed`."""
        return self.units.billed(rows, service, usage_types)

    def ec2_hour(self, instances: DataFrame) -> DataFrame:
        """What each row costs now (needs account_id, region, instance_type; platform and tenancy where they are known).

        Returns:
            Same index: `hourly_usd` (missing where unknown), `list_usd`, `price_source`, `price_date`. Looked up in
            this order: this type on the account's bill, AWS's list (asked, else shipped), this type on the
            organisation's bill, its family on a bill scaled by size. The organisation's mean comes after the list,
            because commitments that cover other accounts are mixed into it. Licensed or dedicated rows have no price.
        """
        paid = self.own.groupby(_TYPE_KEY)["hourly_usd"].median()
        listed = self._listed(instances)
        everywhere = _looked_up(instances.assign(account_id=ORGANISATION), paid, _TYPE_KEY)
        ranked = (
            (_looked_up(instances, paid, _TYPE_KEY), OWN_SOURCE, self.own_date),
            (listed["usd"], listed["price_source"], listed["price_date"]),
            (everywhere, OWN_SOURCE, self.own_date),
            (self._family_hour(instances), OWN_FAMILY_SOURCE, self.own_date),
        )
        other = _is_other(instances)
        return _first_known(
            instances.index,
            listed["usd"].mask(other),
            tuple((price.mask(other), source, day) for price, source, day in ranked),
        )

    def ebs_month(self, volumes: DataFrame) -> Series[float]:
        """Dollars a month of each volume: capacity, IOPS and throughput as provisioned; missing where one is unknown.

        Args:
            volumes: needs account_id, region, volume_type, size_gib, iops, throughput_mib_s.
        """
        kind = volumes["volume_type"]
        capacity = volumes["size_gib"] * self.unit(volumes, "ebs." + kind + ".gib_month")["usd"]
        paid_iops = (volumes["iops"] - GP3_IOPS).clip(lower=0).where(kind.eq("gp3"), volumes["iops"])
        paid_iops = paid_iops.where(kind.isin(["gp3", "io1", "io2"]), 0.0)
        # gp3 that tells none has what is included; of io1 and io2 every one is paid for.
        paid_iops = paid_iops.where(kind.isin(["io1", "io2"]), paid_iops.fillna(0.0))
        # Above this, io2's IOPS have tiers of their own, which no list here tells.
        paid_iops = paid_iops.mask(kind.eq("io2") & paid_iops.gt(IO2_FIRST_TIER_IOPS))
        paid_mib_s = (volumes["throughput_mib_s"] - GP3_MIB_S).clip(lower=0).where(kind.eq("gp3"), 0.0).fillna(0.0)
        iops = (paid_iops * self.unit(volumes, "ebs." + kind + ".iops_month")["usd"]).where(paid_iops.ne(0), 0.0)
        mib_s = (paid_mib_s * self.unit(volumes, "ebs.gp3.mib_s_month")["usd"]).where(paid_mib_s.gt(0), 0.0)
        return capacity + iops + mib_s

    def ec2_hour_instead(self, pairs: DataFrame) -> DataFrame:
        """What each row would cost as another type, on the same footing as what it costs now.

        A type on the public list costs that price less the discount that the current type has; another size of the
        same family costs in proportion to its size; any other type what a bill shows for its family.

        Args:
            pairs: needs account_id, region, instance_type, instance_type_now, hourly_usd_now, list_usd_now.
        """
        types, now = pairs["instance_type"], pairs["instance_type_now"]
        scaled = pairs["hourly_usd_now"] * size_factor(types) / size_factor(now)
        same_family = scaled.where(family_of(types).eq(family_of(now)))
        listed = self._listed(pairs)
        discount = (pairs["hourly_usd_now"] / pairs["list_usd_now"]).fillna(1.0)
        return _first_known(
            pairs.index,
            listed["usd"],
            (
                (listed["usd"] * discount, listed["price_source"], listed["price_date"]),
                (same_family, OWN_FAMILY_SOURCE, self.own_date),
                (self._family_hour(pairs), OWN_FAMILY_SOURCE, self.own_date),
            ),
        )

    def _listed(self, instances: DataFrame) -> DataFrame:
        """AWS's list of each row: as asked of AWS, else as shipped; `usd`, `price_source`, `price_date`."""
        shipped = listed_hours(instances)
        asked = self.units.live_of(instances, "ec2.linux." + instances["instance_type"].astype("str") + ".hour")
        use = asked["usd"].gt(0)
        return DataFrame(
            {
                "usd": shipped["usd"].mask(use, asked["usd"]),
                "price_source": shipped["price_source"].mask(use, LIVE_SOURCE),
                "price_date": shipped["price_date"].mask(use, asked["price_date"]),
            }
        )

    def _family_hour(self, instances: DataFrame) -> Series[float]:
        """The dearest unit price a bill shows for the family in that region, times the size.

        The dearest, because a cheaper one is a commitment that is used up by other instances.
        """
        keyed = instances[["account_id", "region"]].assign(family=family_of(instances["instance_type"]))
        units = self.own.assign(
            family=family_of(self.own["instance_type"]),
            unit=self.own["hourly_usd"] / size_factor(self.own["instance_type"]),
        )
        in_account, in_region = ["account_id", "region", "family"], ["region", "family"]
        unit = _looked_up(keyed, units.groupby(in_account)["unit"].max(), in_account)
        unit = unit.fillna(_looked_up(keyed, units.groupby(in_region)["unit"].max(), in_region))
        return unit * size_factor(instances["instance_type"])


def _first_known(
    index: pd.Index,
    listed: Series[float],
    ranked: tuple[tuple[Series[float], str | Series[str], date | Series[Any] | None], ...],
) -> DataFrame:
    """The first known price above zero, with its source and date."""
    priced = DataFrame(
        {
            "hourly_usd": pd.Series(float("nan"), index=index),
            "list_usd": listed,
            "price_source": pd.Series(pd.NA, index=index, dtype="str"),
            "price_date": pd.Series(None, index=index, dtype="object"),
        }
    )
    for price, source, day in ranked:
        use = priced["hourly_usd"].isna() & price.gt(0)
        priced.loc[use, "hourly_usd"] = price[use]
        priced.loc[use, "price_source"] = source[use] if isinstance(source, Series) else source
        priced.loc[use, "price_date"] = day[use] if isinstance(day, Series) else day
    return priced


def _is_other(instances: DataFrame) -> Series[bool]:
    """Rows that are known not to run Linux in shared tenancy, which is all that is priced here."""
    usual = {"platform": ("", "Linux/UNIX"), "tenancy": ("", "default")}
    other = pd.Series(False, index=instances.index)
    for column, values in usual.items():
        if column in instances:
            other |= ~instances[column].fillna("").isin(values)
    return other


def list_hour(instances: DataFrame) -> Series[float]:
    """AWS's public price of each row as shipped (needs region, instance_type); missing where it is not known."""
    return listed_hours(instances)["usd"]


def _looked_up(rows: DataFrame, values: Series[float], key: list[str]) -> Series[float]:
    """`values` for each row, by the columns `key`; missing where there is none."""
    index = pd.MultiIndex.from_frame(rows[key])
    return pd.Series(values.reindex(index).to_numpy(dtype="float64"), index=rows.index)


def unpriced(rows: DataFrame, cost: Series[float], what: str | Series[str]) -> tuple[Series[bool], Series[str]]:
    """The rows whose price is unknown, and the sentence that says so; for `verdicts(insufficient=…)`.

    Args:
        what: behind "The price", as "of gp3 volumes".
    """
    named = what if isinstance(what, Series) else pd.Series(what, index=rows.index, dtype="str")
    where = rows["region"].where(rows["region"].ne(""), "every region")
    why = (
        "The price " + named + " in " + where + ": neither on your own bill nor in AWS's price list as costbot has it; "
        "allow pricing:GetProducts, or wait for the next bill."
    )
    return cost.isna(), why
