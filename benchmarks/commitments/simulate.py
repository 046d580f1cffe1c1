"""Seconds to simulate 13 months of hours, and how they grow: `python -m benchmarks.commitments.simulate`.

An organisation is made up: 12 accounts, instances of eight families, 12 reservations and 12 plans that cover about two
thirds of it. Beside it, on a case that it can do, a plain loop over hours, commitments and lines, and whether the
answers are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product
from typing import TypeVar

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.commitments.apply import apply
from analysis.commitments.hourly import hourly_usage
from analysis.commitments.units import line_units
from analysis.commitments.usage import HourlyUsage, Plan, Reservation
from tests.analysis.commitments.plain_loop import left_on_demand

Answer = TypeVar("Answer")
World = tuple[HourlyUsage, list[Reservation], list[Plan]]

MONTHS_13 = 395 * 24
ACCOUNTS = [f"{number:012d}" for number in range(1, 13)]
FAMILIES = {
    "m5": 0.024,
    "c5": 0.02125,
    "r5": 0.0315,
    "m6i": 0.024,
    "c6i": 0.02125,
    "r6i": 0.0315,
    "m7g": 0.0204,
    "t3": 0.0208,
}
SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge")
RUNS = 3


def world(hours: int, lines: int, seed: int = 7) -> World:
    """Usage with a day's rhythm and noise, and what is owned; lines beyond one of each kind are of further accounts."""
    random = np.random.default_rng(seed)
    kinds = [(account, f"{family}.{size}") for account, family, size in product(ACCOUNTS, FAMILIES, SIZES)]
    chosen = [kinds[at] for at in random.permutation(len(kinds))[:lines]]
    table = DataFrame(
        {
            "account_id": [account for account, _ in chosen],
            "region": "us-east-1",
            "service": "AmazonEC2",
            "usage_type": [f"BoxUsage:{kind}" for _, kind in chosen],
            "instance_type": [kind for _, kind in chosen],
            "platform": "Linux/UNIX",
            "zone": "",
        }
    )
    table["units"] = line_units(table)
    table["on_demand"] = (table["units"] * [FAMILIES[kind.partition(".")[0]] for _, kind in chosen]).round(6)
    clock = 1.0 + 0.4 * np.sin(np.arange(hours) * 2 * np.pi / 24)
    quantity = random.gamma(2.0, 2.0, lines) * clock[:, None] * random.gamma(20.0, 1 / 20, (hours, lines))
    usage = HourlyUsage(pd.date_range("2025-10-01", periods=hours, freq="h", tz="UTC"), table, quantity)
    return usage, _reservations(usage), _plans(usage)


def _reservations(usage: HourlyUsage) -> list[Reservation]:
    """Twelve, of the middle size of each family in turn, for a quarter of all units."""
    units = float((usage.quantity.mean(axis=0) * usage.lines["units"]).sum())
    return [
        Reservation(
            f"ri-{at:02d}", ACCOUNTS[at], "AmazonEC2", "us-east-1", f"{family}.2xlarge", "Linux/UNIX",
            max(1, round(units / 4 / 12 / 16)), 0.6 * 16 * FAMILIES[family], at % 3 != 2,
        )
        for at, family in zip(range(12), list(FAMILIES) * 2, strict=False)
    ]  # fmt: skip


def _plans(usage: HourlyUsage) -> list[Plan]:
    """Eight Compute plans and four of one family, for about 40 percent of what all costs on demand."""
    prices, on_demand = usage.lines["on_demand"].to_numpy(), float(usage.on_demand.sum(axis=1).mean())
    family = usage.lines["instance_type"].str.partition(".")[0]
    shares = {one: 0.60 + 0.02 * at for at, one in enumerate(FAMILIES)}
    rates = (prices * family.map(shares).to_numpy(np.float64)).round(6)
    compute = [
        Plan(f"compute-{at}", "Compute", ACCOUNTS[at], 0.025 * on_demand, (rates * (1 + 0.01 * at)).round(6))
        for at in range(8)
    ]
    of_family = [
        Plan(
            f"family-{one}", "EC2Instance", ACCOUNTS[at], 0.02 * on_demand,
            np.where(family.eq(one), (rates * 0.92).round(6), np.nan), "us-east-1", one,
        )
        for at, one in enumerate(list(FAMILIES)[:4])
    ]  # fmt: skip
    return [*compute, *of_family]


def seconds(run: Callable[[], Answer], runs: int = RUNS) -> tuple[float, Answer]:
    """The fastest of some runs, and their answer."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = run()
        taken.append(time.perf_counter() - start)
    return min(taken), answer


def main() -> None:
    print(f"{'hours':>7}{'lines':>7}{'commitments':>13}{'seconds':>9}{'used':>7}{'on demand left':>16}")
    for hours, lines in ((MONTHS_13 // 2, 250), (MONTHS_13 // 2, 500), (MONTHS_13, 250), (MONTHS_13, 500)):
        usage, reservations, plans = world(hours, lines)
        taken, found = seconds(lambda usage=usage, owned=(reservations, plans): apply(usage, *owned))  # type: ignore[misc]
        used = found.used.sum() / found.committed.sum()
        left = found.on_demand.sum() / usage.on_demand.sum()
        print(f"{hours:>7,}{lines:>7}{len(found.ids):>13}{taken:>9.2f}{used:>7.1%}{left:>16.1%}")

    usage, reservations, plans = world(24 * 7, 60)
    fast, found = seconds(lambda: apply(usage, reservations, plans))
    slow, plain = seconds(lambda: left_on_demand(usage, reservations, plans), runs=1)
    apart = float(np.abs(found.left - plain).max())
    print(f"\n168 hours, 60 lines, 24 commitments: a plain loop takes {slow:.2f} s, the simulation {fast:.3f} s,")
    print(f"{slow / fast:.0f} times as fast; what is left on demand differs by {apart:.0e} units at most.")
    if apart > 1e-9:
        raise SystemExit("The two do not agree.")

    usage, _, _ = world(92 * 24, 500)
    rows = as_rows(usage)
    taken, _ = seconds(lambda: hourly_usage(rows))
    print(f"\nReading {len(rows):,} rows by the hour (500 lines, 92 days): {taken:.2f} s.")


def as_rows(usage: HourlyUsage) -> DataFrame:
    """The rows of a hourly rollup of this usage, all of it on demand."""
    hours, lines = usage.quantity.shape
    of_lines = usage.lines.iloc[np.tile(np.arange(lines), hours)].reset_index(drop=True)
    quantity = usage.quantity.ravel()
    return DataFrame(
        {
            "hour": np.repeat(usage.hours.tz_localize(None), lines),
            "charge_category": "Usage",
            "sub_account_id": of_lines["account_id"],
            "region_id": of_lines["region"],
            "service_name": "Amazon Elastic Compute Cloud",
            "usage_type": of_lines["usage_type"],
            "operation": "RunInstances",
            "unit": "Hrs",
            "pricing_category": "Standard",
            "commitment_id": None,
            "billed_cost": quantity * of_lines["on_demand"],
            "list_cost": quantity * of_lines["on_demand"],
            "quantity": quantity,
        }
    )


if __name__ == "__main__":
    main()
