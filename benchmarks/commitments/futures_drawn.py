"""Organisations with thirteen months behind them and a year ahead, hour by hour, of which the optimiser knows nothing.

Other noise than its scenarios have: levels jump instead of wandering, hours are disturbed by gamma-distributed factors
that last for a while and by bursts, seasons come and go. Growth is -30 to +40 % a year; every tenth loses a service.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.commitments.purchase_offers import Offer
from analysis.commitments.usage import HourlyUsage

PAST_H, TERM_H = 396 * 24, 365 * 24
GROWTH = (-0.30, 0.40)
LOSES_A_SERVICE = 0.1
FAMILIES = ("m5", "c5", "r5", "m6g", "c6g", "t3")
_REGIONS = ("us-east-1", "eu-west-1")
#: Discounts without upfront payment for a year: of the family's EC2 Instance plan, of a Compute plan. Made up, in the
#: range that AWS's price list has.
_DISCOUNTS = {
    "m5": (0.37, 0.27),
    "c5": (0.37, 0.27),
    "r5": (0.37, 0.27),
    "m6g": (0.36, 0.27),
    "c6g": (0.36, 0.26),
    "t3": (0.37, 0.28),
}
_OTHERS = {"AmazonECS": 0.20, "AWSLambda": 0.12}

Hours = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Future:
    """One organisation: what it used, what it will use, what is on offer, and what became of it.

    Attributes:
        growth: of the term, as a share a year. goes_on: whether the past grew the same way.
        lost: part that left during the term, "" for none.
    """

    past: HourlyUsage
    term: HourlyUsage
    offers: list[Offer]
    growth: float
    goes_on: bool
    lost: str


def future(seed: int) -> Future:
    """The organisation of a seed."""
    rng = np.random.default_rng([seed, 20])
    lines = _lines(rng)
    goes_on = bool(rng.random() < 0.5)
    growth = float(rng.uniform(*GROWTH))
    before = growth if goes_on else float(rng.uniform(*GROWTH))
    hours = pd.date_range("2025-10-26", periods=PAST_H + TERM_H, freq="h")
    quantity = _quantity(lines, before, growth, rng)
    lost = _leaves(lines, quantity, rng)
    return Future(
        HourlyUsage(hours[:PAST_H], lines, quantity[:PAST_H]),
        HourlyUsage(hours[PAST_H:], lines, quantity[PAST_H:]),
        offers_for(lines),
        growth,
        goes_on,
        lost,
    )


def offers_for(lines: pd.DataFrame) -> list[Offer]:
    """A Compute plan, and an EC2 Instance plan for each family and region that is used; a year, nothing upfront."""
    family = lines["instance_type"].str.split(".").str[0]
    price = lines["on_demand"].to_numpy()
    compute = [
        _OTHERS[one] if one in _OTHERS else _DISCOUNTS[of][1] for one, of in zip(lines["service"], family, strict=True)
    ]
    offers = [Offer("Compute", 1, "No Upfront", price * (1 - np.array(compute)))]
    for (region, name), rows in lines[family.ne("")].groupby(["region", family[family.ne("")]]):
        rates = np.full(len(lines), np.nan)
        rates[rows.index] = price[rows.index] * (1 - _DISCOUNTS[name][0])
        offers.append(Offer("EC2Instance", 1, "No Upfront", rates, region, name))
    return offers


def _lines(rng: np.random.Generator) -> pd.DataFrame:
    families = rng.choice(FAMILIES, size=4, replace=False)
    rows = [
        (region, "AmazonEC2", f"BoxUsage:{family}.xlarge", f"{family}.xlarge", 0.192)
        for region in _REGIONS[: int(rng.integers(1, 3))]
        for family in families
    ]
    rows += [("us-east-1", "AmazonECS", "Fargate-vCPU-Hours:perCPU", "", 0.04048)]
    rows += [("us-east-1", "AWSLambda", "Lambda-GB-Second", "", 0.0000166667)]
    lines = pd.DataFrame(rows, columns=["region", "service", "usage_type", "instance_type", "on_demand"])
    return lines.assign(account_id="111122223333", platform="", units=np.nan)


def _quantity(lines: pd.DataFrame, before: float, growth: float, rng: np.random.Generator) -> Hours:
    count = len(lines)
    years = (np.arange(PAST_H + TERM_H) - PAST_H) / 8760
    trend = np.where(years < 0, np.log1p(before), np.log1p(growth)) * years
    shares = rng.dirichlet(np.full(count, 1.5)) * 100
    season = rng.uniform(0, 0.04) * np.sin(2 * np.pi * (years + rng.random()))
    jumps = np.stack([_jumps(len(years), rng) for _ in range(count)], axis=1)
    level = np.exp(trend + season + _jumps(len(years), rng))[:, None] * np.exp(jumps)
    spend = shares * level * _day(count, len(years), rng) * _disturbed(count, len(years), rng)
    return spend / lines["on_demand"].to_numpy()


def _jumps(length: int, rng: np.random.Generator) -> Hours:
    """Now and then the level steps up or down, as a release or a customer makes it."""
    steps = np.where(rng.random(length) < 2.5 / 8760, rng.laplace(0, 0.05, length), 0.0)
    at_cut = np.cumsum(steps)
    return at_cut - at_cut[min(PAST_H, length - 1)]


def _day(count: int, length: int, rng: np.random.Generator) -> Hours:
    """Days and weeks: from flat to office hours; mean about 1."""
    hour = np.arange(length)[:, None]
    depth = rng.choice([0.02, 0.15, 0.35, 0.5], size=count, p=[0.35, 0.3, 0.2, 0.15])
    weekend = rng.choice([0.0, 0.1, 0.4], size=count, p=[0.5, 0.3, 0.2])
    wave = 1 + depth * np.sin(2 * np.pi * (hour - rng.uniform(6, 12, count)) / 24)
    shape: Hours = wave * np.where((hour // 24 % 7) >= 5, 1 - weekend, 1.0)
    return shape


def _disturbed(count: int, length: int, rng: np.random.Generator) -> Hours:
    """Gamma factors that hold for six hours, and bursts of a day."""
    held = rng.gamma(60.0, 1 / 60.0, size=(-(-length // 6), count))
    bursts = 1 + (rng.random((-(-length // 24), count)) < 0.01) * rng.exponential(0.6, (-(-length // 24), count))
    disturbed: Hours = np.repeat(held, 6, axis=0)[:length] * np.repeat(bursts, 24, axis=0)[:length]
    return disturbed


def _leaves(lines: pd.DataFrame, quantity: Hours, rng: np.random.Generator) -> str:
    """Every tenth organisation gives up a family or a service some time in the term, within two weeks."""
    parts = (lines["service"] + " " + lines["instance_type"].str.split(".").str[0]).str.strip()
    part, when = str(rng.choice(parts.unique())), PAST_H + int(rng.uniform(0, TERM_H))
    if rng.random() >= LOSES_A_SERVICE:
        return ""
    fades = np.clip(1 - (np.arange(len(quantity)) - when) / (14 * 24), 0, 1)
    quantity[:, parts.eq(part).to_numpy()] *= fades[:, None]
    return part
