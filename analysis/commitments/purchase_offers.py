"""What may be bought: Savings Plans and reservations on offer, with the rate of every line of usage under each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.commitments.units import family, platform_key, size_flexible
from analysis.commitments.usage import Floats

RESERVED = "Reserved"
#: Share of a commitment that is paid on the day it is bought.
UPFRONT = {"No Upfront": 0.0, "Partial Upfront": 0.5, "All Upfront": 1.0}
#: In which order AWS applies them; within one of these, the higher discount first.
#: Source: AWS, "Understanding how Savings Plans are applied".
TIERS = {RESERVED: 0, "EC2Instance": 1, "Database": 2, "SageMaker": 2, "Compute": 3}


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan or a family of reservations, of which any amount an hour may be bought.

    Attributes:
        kind: one of `PLAN_KINDS`, or `Reserved`.
        payment: as AWS spells it; see `UPFRONT`.
        rates: dollars a unit of each line's quantity, (lines,), upfront part included; missing where it covers nothing.
        service, platform: of reservations; "" for plans.
        family: m5, db.r6g, …; a whole type where the reservation has no size flexibility; "" for plans of any family.
    """

    kind: str
    years: int
    payment: str
    rates: Floats
    region: str = ""
    family: str = ""
    service: str = ""
    platform: str = ""

    @property
    def upfront_share(self) -> float:
        return UPFRONT[self.payment]

    @property
    def name(self) -> str:
        """As a person reads it: EC2Instance m5 us-east-1, 1 year, No Upfront."""
        what = " ".join(part for part in (self.kind, self.service, self.family, self.platform, self.region) if part)
        return f"{what}, {self.years} year{'s' if self.years > 1 else ''}, {self.payment}"


def plan_offers(lines: DataFrame, rates: DataFrame) -> list[Offer]:
    """The Savings Plans on offer for these lines.

    A line whose platform is known takes only a rate of that platform; two rates that would both do and differ are none.

    Args:
        lines: columns `LINES`. rates: columns `SAVINGS_PLAN_RATES`.
    """
    found = []
    for key, of_plan in rates.groupby(["plan_type", "years", "payment"], sort=True):
        kind, years, payment = cast(tuple[str, int, str], key)
        per_unit = _plan_rates(lines, of_plan)
        if kind != "EC2Instance":
            found += [Offer(kind, years, payment, per_unit)] if np.isfinite(per_unit).any() else []
            continue
        for (region, sizes), inside in _cells(lines, per_unit, ("region",)):
            found.append(Offer(kind, years, payment, np.where(inside, per_unit, np.nan), region, sizes))
    return found


def reserved_offers(
    lines: DataFrame, items: Series[str], rates: DataFrame, *, offering_class: str = "standard"
) -> list[Offer]:
    """The reservations on offer for these lines.

    Args:
        lines: columns `LINES`.
        items: the price item of each line (`ec2.linux.m5.large.hour`), missing where none may be reserved.
        rates: columns `RESERVED_RATES`.
    """
    found = []
    of_class = rates[rates["offering_class"].eq(offering_class)]
    for key, offered in of_class.groupby(["years", "payment"], sort=True):
        years, payment = cast(tuple[int, str], key)
        known = offered.drop_duplicates(["region", "item"], keep=False).set_index(["region", "item"])["hourly_usd"]
        wanted = list(zip(lines["region"], items, strict=True))
        per_unit = known.reindex(wanted).to_numpy(dtype="float64")
        for (region, service, platform, sizes), inside in _cells(lines, per_unit, ("region", "service", "platform")):
            hourly = np.where(inside, per_unit, np.nan)
            found.append(Offer(RESERVED, years, payment, hourly, region, sizes, service, platform))
    return found


def _plan_rates(lines: DataFrame, of_plan: DataFrame) -> Floats:
    numbered = lines.reset_index(drop=True).rename_axis("line").reset_index()
    columns = ["region", "usage_type", "product_description", "usd"]
    met = numbered[["line", "region", "usage_type", "platform"]].merge(of_plan[columns], on=["region", "usage_type"])
    own, offered = met["platform"].map(platform_key), met["product_description"].map(platform_key)
    right = met[own.eq("") | offered.eq("") | own.eq(offered)]
    dollars = right.groupby("line")["usd"].agg(["min", "max"]).reindex(numbered["line"])
    return dollars["min"].where(dollars["min"].eq(dollars["max"])).to_numpy(dtype="float64")


def _cells(
    lines: DataFrame, per_unit: Floats, by: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], NDArray[np.bool_]]]:
    """The lines that have a rate, by these columns and what a purchase covers of the sizes."""
    covered = lines.reset_index(drop=True)[np.isfinite(per_unit)]
    sizes = covered["instance_type"].map(family)
    if "platform" in by:
        about = covered[["service", "instance_type", "platform"]].itertuples(index=False, name=None)
        flexible = np.array([size_flexible(*one) for one in about], dtype=bool)
        sizes = sizes.where(flexible & covered["units"].gt(0), covered["instance_type"])
    named = covered.assign(family=sizes)
    for key, rows in named[named["family"].ne("")].groupby([*by, "family"], sort=True):
        yield cast(tuple[str, ...], key), np.isin(np.arange(len(per_unit)), rows.index)
