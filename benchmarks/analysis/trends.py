"""How often the direction of a cost is told right, beside the usual ways: `python -m benchmarks.analysis.trends`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.theil_sen import slopes
from analysis.trends import FLAT, trend
from tests.analysis.forecast_generators import COURSES, directions
from tests.analysis.generators import Growing, growing

Values = NDArray[np.float64]

#: No choice was made on these.
SEEDS = range(9000, 9008)
WINDOW = 60
MONTH = 30.4375


def first_to_last(wide: Values) -> Values:
    return (wide[-1] / wide[-WINDOW]) ** (MONTH / (WINDOW - 1)) - 1


def month_over_month(wide: Values) -> Values:
    return wide[-30:].sum(axis=0) / wide[-60:-30].sum(axis=0) - 1


def least_squares(wide: Values) -> Values:
    window = wide[-WINDOW:]
    place = np.arange(WINDOW) - (WINDOW - 1) / 2
    return (place @ window) / (place**2).sum() * MONTH / window.mean(axis=0)


def theil_sen(wide: Values) -> Values:
    return np.expm1(slopes(np.log(np.maximum(wide[-WINDOW:], 0.01))) * MONTH)


PEERS: dict[str, Callable[[Values], Values]] = {
    "first to last": first_to_last,
    "month over month": month_over_month,
    "least squares": least_squares,
    "Theil-Sen on logs": theil_sen,
}


def right(bills: list[Growing]) -> dict[str, float]:
    """Share of directions told right, by method."""
    told: dict[str, list[bool]] = {name: [] for name in ("costbot", *PEERS)}
    for bill in bills:
        truth = np.array([direction(rate) for rate in pd.Series(bill.growth).sort_index()])
        told["costbot"] += list(trend(bill.daily).sort_values("key")["direction"].to_numpy() == truth)
        wide = bill.daily.pivot(index="date", columns="key", values="cost").sort_index(axis=1).to_numpy()
        for name, run in PEERS.items():
            told[name] += list(np.array([direction(rate) for rate in run(wide)]) == truth)
    return {name: float(np.mean(hits)) for name, hits in told.items()}


def direction(per_month: float) -> str:
    return "up" if per_month >= FLAT else "down" if per_month <= -FLAT else "flat"


def report() -> None:
    table = {"growing": right([growing(seed) for seed in SEEDS])}
    table |= {course: right([directions(seed, course) for seed in SEEDS]) for course in COURSES}
    print(pd.DataFrame(table).round(3).to_string())


if __name__ == "__main__":
    report()
