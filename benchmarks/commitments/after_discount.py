"""Seconds to weigh savings against commitments: `python -m benchmarks.commitments.after_discount`.

The organisation of `simulate` with 24 commitments, which twelve accounts own, or one; every second saving stops an
instance, the others halve one. All are simulated alone and together, and some are held against two whole simulations.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from analysis.commitments.after_discount_lines import Change, Saving, changes
from analysis.commitments.after_discount_owned import Owned
from analysis.commitments.after_discount_together import weigh
from analysis.commitments.after_discount_usage import Moved
from analysis.commitments.apply import apply
from analysis.commitments.usage import Floats, HourlyUsage
from benchmarks.commitments.simulate import ACCOUNTS, SIZES, seconds, world

CHECKED = 5


def savings(usage: HourlyUsage, count: int, seed: int = 7) -> list[Saving]:
    """Stopped and halved instances of lines drawn at random."""
    random = np.random.default_rng(seed)
    found = []
    for at, line in enumerate(random.integers(len(usage.lines), size=count)):
        row = usage.lines.loc[line]
        family, _, size = row["instance_type"].partition(".")
        price = float(row["on_demand"])
        moved = [Moved("AmazonEC2", 1.0, price, row["instance_type"], "Linux/UNIX", "BoxUsage")]
        if at % 2 and size != SIZES[0]:
            smaller = f"{family}.{SIZES[SIZES.index(size) - 1]}"
            moved.append(Moved("AmazonEC2", -1.0, price / 2, smaller, "Linux/UNIX", "BoxUsage"))
        found.append(Saving(row["account_id"], row["region"], tuple(moved)))
    return found


def main() -> None:
    print(f"{'hours':>7}{'lines':>7}{'owners':>8}{'savings':>9}{'seconds':>9}{'alone':>8}{'together':>10}{'error':>9}")
    for days, owners in ((28, 12), (28, 1), (60, 1)):
        usage, reservations, plans = world(24 * days, 500)
        whole, found = changes(usage, savings(usage, 200))
        known = [change for change in found if change is not None]
        plans = [replace(plan, rates=_longer(plan.rates, whole)) for plan in plans]
        if owners == 1:
            reservations = [replace(one, owner_id=ACCOUNTS[0]) for one in reservations]
            plans = [replace(plan, owner_id=ACCOUNTS[0]) for plan in plans]
        owned = Owned(tuple(reservations), tuple(plans), {}, {}, ())
        taken, weighed = seconds(partial(weigh, whole, owned, known, lambda alone: [None] * len(alone)), runs=1)
        listed = sum(change.on_demand * change.monthly for change in known)
        alone, together = (1 - sum(one) / listed for one in zip(*((w.alone, w.together) for w in weighed), strict=True))
        error = max(
            abs(one.alone / change.monthly - (change.on_demand - _twice(whole, owned, change)))
            for one, change in list(zip(weighed, known, strict=True))[:CHECKED]
        )
        print(
            f"{24 * days:>7,}{len(whole.lines):>7}{owners:>8}{len(known):>9}{taken:>9.2f}{alone:>8.1%}{together:>10.1%}"
            f"{error:>9.0e}"
        )


def _longer(rates: Floats, usage: HourlyUsage) -> Floats:
    """New lines are covered by no plan: a guess at their rate would be one of the benchmark."""
    return np.concatenate([rates, np.full(len(usage.lines) - len(rates), np.nan)])


def _twice(usage: HourlyUsage, owned: Owned, change: Change) -> float:
    """Dollars of all hours that two simulations differ by."""
    quantity = usage.quantity.copy()
    for line, more in change.lines.items():
        quantity[:, line] = np.maximum(quantity[:, line] + more, 0.0)
    without = HourlyUsage(usage.hours, usage.lines, quantity)
    before, after = (apply(one, owned.reservations, owned.plans) for one in (usage, without))
    return float(before.on_demand.sum() - after.on_demand.sum())


if __name__ == "__main__":
    main()
