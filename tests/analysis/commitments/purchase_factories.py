"""Offers and usage for tests of what to buy, and a plain search of every amount to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.commitments.objective import Step, steps
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import Scenarios
from analysis.commitments.usage import HourlyUsage

Array = NDArray[np.float64]
NO = "No Upfront"


def offer(kind: str, *rates: float, years: int = 1, payment: str = NO, region: str = "", family: str = "") -> Offer:
    """With a rate for each line; nan where it covers nothing."""
    return Offer(kind, years, payment, np.array(rates, dtype=float), region, family)


def usage(quantity: Array, *types: str, on_demand: Sequence[float] | None = None) -> HourlyUsage:
    """Instances of EC2 in us-east-1, a line per type, a dollar an hour each."""
    lines = pd.DataFrame({"instance_type": list(types)}).assign(
        account_id="111122223333",
        region="us-east-1",
        service="AmazonEC2",
        usage_type="BoxUsage:" + pd.Series(types),
        platform="Linux/UNIX",
        units=4.0,
        on_demand=list(on_demand) if on_demand is not None else 1.0,
        zone="",
    )
    hours = pd.date_range("2026-01-01", periods=len(quantity), freq="h", tz="UTC")
    return HourlyUsage(hours, lines, np.asarray(quantity, dtype=float))


def steady(hours: int = 26 * 168, *levels: float) -> Array:
    """The same in every hour."""
    return np.tile(np.array(levels or (10.0,)), (hours, 1))


def drawn(spend: Array) -> Scenarios:
    """Scenarios of (groups, scenarios, hours), all hours of one month and of equal weight."""
    hours = spend.shape[2]
    return Scenarios(spend, np.ones(hours), np.zeros(hours, dtype=np.int64))


def small_case(seed: int, *, scenarios: int = 10) -> tuple[Scenarios, list[Offer], list[Step]]:
    """Three groups in scenarios that differ in level, with two EC2 Instance plans and a Compute plan."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(0.5, 1.3, (3, scenarios, 1)) * rng.uniform(2, 9, (3, 1, 1))
    spend = level * rng.uniform(0.4, 1.0, (3, scenarios, 8))
    compute = 1 - rng.uniform(0.12, 0.3, 3)
    own = compute - rng.uniform(0.03, 0.12, 3)
    nothing = float("nan")
    offers = [
        offer("Compute", *compute),
        offer("EC2Instance", own[0], nothing, nothing, family="m5"),
        offer("EC2Instance", nothing, own[1], nothing, family="c5"),
    ]
    return drawn(spend), offers, steps(offers, np.array([one.rates for one in offers]))


def tried(of: Scenarios, offers: Sequence[Offer], amounts: Array) -> tuple[Array, Array]:
    """Saving and utilisation of many amounts, (tries, scenarios) each, spelt out hour by hour and group by group."""
    count = of.spend.shape[1]
    saving, used = np.zeros((len(amounts), count)), np.zeros((len(amounts), count))
    for scenario, hour in product(range(count), range(of.spend.shape[2])):
        left = [np.full(len(amounts), one) for one in of.spend[:, scenario, hour]]
        for narrow in (True, False):
            for number, one in enumerate(offers):
                if (one.kind == "EC2Instance") != narrow:
                    continue
                budget = amounts[:, number].copy()
                for group in sorted(np.flatnonzero(np.isfinite(one.rates)), key=lambda at: one.rates[at]):
                    paid = np.minimum(budget, left[group] * one.rates[group])
                    budget -= paid
                    left[group] = left[group] - paid / one.rates[group]
                    saving[:, scenario] += paid / one.rates[group]
                    used[:, scenario] += paid
                saving[:, scenario] -= amounts[:, number]
    committed = amounts.sum(axis=1, keepdims=True) * of.spend.shape[2]
    return saving, np.divide(used, committed, out=np.ones_like(used), where=committed > 0)


def best_of_all(of: Scenarios, offers: Sequence[Offer], top: Array, *, chance: float | None, points: int = 13) -> float:
    """The best expected saving on a grid of all amounts, narrowed around the best of it again and again."""
    low, high = np.zeros(len(offers)), top.copy()
    best, at = 0.0, np.zeros(len(offers))
    for _ in range(7):
        axes = [np.linspace(a, b, points) for a, b in zip(low, high, strict=True)]
        grid = np.array(list(product(*axes)))
        saving, used = tried(of, offers, grid)
        fits = np.ones(len(grid), dtype=bool) if chance is None else (used < 0.95).mean(axis=1) <= chance + 1e-9
        worth = np.where(fits, saving.mean(axis=1), -np.inf)
        if worth.max() > best:
            best, at = float(worth.max()), grid[int(worth.argmax())]
        reach = (high - low) / 3.5
        low, high = np.maximum(at - reach, 0.0), np.minimum(at + reach, top)
    return best
