"""How often the bands of a whole horizon hold what came: `python -m benchmarks.analysis.totals [--accounts 12]`.

Totals of whole accounts, as `/cost forecast` tells them, on bills that nothing was chosen on: known families with other
seeds, and families held apart; four mornings each, four weeks apart, so that mornings of one account are no
independent draws.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from analysis.forecasting.totals import horizon_total
from tests.analysis import generators
from tests.analysis.forecast_generators import APART, KNOWN, account

HORIZONS = (7, 30, 90)
#: Days before the end on which forecasts are made.
BACK = (90, 117, 145, 174)
FAMILIES = {
    "known families, other seeds": (KNOWN, 9000),
    "ordinary bills, other seeds": (generators.FAMILIES, 9000),
    "families held apart": (APART, 9100),
}


def held(total: pd.Series[float], horizon: int) -> list[tuple[bool, bool, float]]:
    """Of each morning: whether the 80 and the 95 % band held the total, and the width of the first as a share."""
    found = []
    for back in BACK:
        known, came = total.iloc[:-back], float(total.iloc[len(total) - back :][:horizon].sum())
        daily = pd.DataFrame({"date": known.index, "key": "total", "cost": known.to_numpy()})
        told = horizon_total(daily, horizon).iloc[0]
        inside = [bool(told[f"lo{share}"] <= came <= told[f"hi{share}"]) for share in (80, 95)]
        found.append((inside[0], inside[1], float((told["hi80"] - told["lo80"]) / told["mean"])))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=12, help="accounts of each kind")
    count = parser.parse_args().accounts
    for name, (families, seed) in FAMILIES.items():
        totals = [account(seed + n, families, series=40, length=560).sum(axis=1) for n in range(count)]
        for horizon in HORIZONS:
            rows = np.array([row for total in totals for row in held(total, horizon)], dtype=float)
            in80, in95, width = rows.mean(axis=0)
            print(f"{name}, {horizon} days: {in80:.2f} / {in95:.2f} of {len(rows)}, 80 % band {width:.1%} wide")


if __name__ == "__main__":
    main()
