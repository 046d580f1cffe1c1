"""What a proposal takes to work out: `python -m benchmarks.commitments.purchase` (13 months by the hour, 500 lines).

Lines are instances of 20 families in three regions; on offer are a Compute plan and an EC2 Instance plan for every
family and region, for a year with nothing upfront. Timed are the grouping of lines, the drawing of 200 scenarios, the
search for the best mix within the limit of risk, and the whole proposal with every offer alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.commitments.objective import grouped, steps
from analysis.commitments.purchase import propose
from analysis.commitments.purchase_mix import Limits, best_mix
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import scenarios
from analysis.commitments.scenarios_outlook import outlook
from analysis.commitments.usage import HourlyUsage

LINES, MONTHS = 500, 13
_GENERATIONS = [f"{letter}{number}" for letter in "cmrt" for number in (4, 5, 6, 7, 8)]
_REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
_SIZES = ("large", "xlarge", "2xlarge", "4xlarge")

Found = TypeVar("Found")


def case(lines: int, months: int, seed: int = 7) -> tuple[HourlyUsage, list[Offer]]:
    """So much usage, and what is on offer for it."""
    rng = np.random.default_rng(seed)
    family, size, region = rng.choice(_GENERATIONS, lines), rng.choice(_SIZES, lines), rng.choice(_REGIONS, lines)
    table = pd.DataFrame({"region": region, "instance_type": pd.Series(family) + "." + size}).assign(
        account_id="111122223333", service="AmazonEC2", platform="Linux/UNIX", units=np.nan, on_demand=0.1, zone=""
    )
    table["usage_type"] = "BoxUsage:" + table["instance_type"]
    hours = np.arange(months * 730)
    wave = 1 + 0.5 * rng.random(lines) * np.sin(hours[:, None] * 2 * np.pi / 24)
    quantity = rng.lognormal(1, 1, lines) * wave * rng.lognormal(0, 0.1, (len(hours), lines))
    axis = pd.date_range("2025-10-01", periods=len(hours), freq="h", tz="UTC")
    discount = pd.Series(family).map({name: 0.2 + 0.01 * n for n, name in enumerate(_GENERATIONS)}).to_numpy()
    offers = [Offer("Compute", 1, "No Upfront", 0.1 * (1 - discount))]
    for (where, name), rows in table.groupby(["region", pd.Series(family)]):
        rates = np.full(lines, np.nan)
        rates[rows.index] = 0.1 * (1 - discount[rows.index] - 0.1)
        offers.append(Offer("EC2Instance", 1, "No Upfront", rates, where, name))
    return HourlyUsage(axis, table, quantity), offers


def measured(lines: int, months: int) -> str:
    """A row of the table."""
    usage, offers = case(lines, months)
    group_s, groups = _timed(lambda: grouped(usage, offers))
    draw_s, drawn = _timed(lambda: scenarios(usage, groups, outlook(groups.spend), years=1))
    order = steps(offers, groups.ratios)
    mix_s, _ = _timed(lambda: best_mix(drawn, order, len(offers), Limits()))
    all_s, _ = _timed(lambda: propose(usage, offers))
    cells = " | ".join(f"{seconds:.2f}" for seconds in (group_s, draw_s, mix_s, all_s))
    return f"| {lines} | {months} | {len(groups.spend)} | {len(offers)} | {cells} |"


def _timed(work: Callable[[], Found]) -> tuple[float, Found]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commitments.purchase", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="*", default=[125, 250, 500, 1000])
    parser.add_argument("--months", type=int, nargs="*", default=[3, 6, 13])
    given = parser.parse_args(arguments)
    print("| lines | months | groups | offers | group, s | draw, s | best mix, s | whole proposal, s |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for lines in given.lines:
        print(measured(lines, MONTHS), flush=True)
    for months in given.months:
        if months != MONTHS:
            print(measured(LINES, months), flush=True)


if __name__ == "__main__":
    main()
