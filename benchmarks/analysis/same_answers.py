"""Whether two checkouts answer alike, to the last bit: `python -m benchmarks.analysis.same_answers OTHER_CHECKOUT`.

What makes analysis faster must not change an answer. Every column of every answer is compared by its bytes, on bills of
all families, wide and narrow, whole and on mornings with half-billed days.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.anomalies import detect
from analysis.forecasting import forecast, month_end
from analysis.trends import trend
from benchmarks.analysis.detection import SETS
from benchmarks.analysis.speed import many_bills
from tests.analysis import forecast_generators, generators
from tests.analysis.generators_labelled import labelled, mornings

Answer = Callable[[], pd.DataFrame]
SEEDS = range(9300, 9303)


def answers(few: bool) -> Iterator[tuple[str, Answer]]:
    """Names and questions; `few` asks one seed of each."""
    for seed in SEEDS[:1] if few else SEEDS:
        for name, families in SETS.items():
            bill = labelled(seed, families, series=60, length=300 if seed % 2 else 180)
            yield from _of_a_bill(f"{name}, {seed}", bill.daily)
            morning, until = next(iter(mornings(bill, seed, bill.daily["date"].max() - pd.Timedelta(days=20))))
            yield f"{name}, {seed}, half-billed {morning.date()}", lambda until=until: detect(until, return_all=True)  # type: ignore[misc]
        for name, families in {"known": forecast_generators.KNOWN, "apart": forecast_generators.APART}.items():
            daily = forecast_generators.long(forecast_generators.account(seed, families, series=60, length=470))
            yield from _ahead(f"forecast {name}, {seed}", daily)
        growing = generators.growing(seed).daily
        yield f"growing, {seed}", lambda growing=growing: trend(growing)  # type: ignore[misc]
    for keys, days in ((2500, 150), (500, 200), (7, 420), (1, 130), (30, 20), (5, 13), (3, 6), (2, 1)):
        wide = many_bills(keys, days)
        yield f"{keys} keys, {days} days", lambda wide=wide: detect(wide, return_all=True)  # type: ignore[misc]
        yield from _ahead(f"{keys} keys, {days} days", wide)


def _of_a_bill(name: str, daily: pd.DataFrame) -> Iterator[tuple[str, Answer]]:
    last, keys = daily["date"].max(), daily["key"].unique()
    few = daily[daily["key"].isin(keys[:3])]
    renamed = daily.assign(key=daily["key"].mask((daily["key"] == keys[1]) & (daily["date"] > last - _days(40)), "new"))
    in_yen = daily.assign(cost=daily["cost"] * np.where(daily["date"] > last - _days(25), 151.3, 1.0))
    holes = daily.assign(cost=daily["cost"].mask(np.random.default_rng(1).random(len(daily)) < 0.01))
    yield name, lambda: detect(daily, return_all=True)
    yield f"{name}, alerts", lambda: detect(daily)
    yield f"{name}, as of", lambda: detect(daily, as_of=last - _days(9), return_all=True)
    yield f"{name}, since", lambda: detect(daily, since=last - _days(30))
    yield f"{name}, since, all", lambda: detect(daily, since=last - _days(6), return_all=True)
    yield f"{name}, all matters", lambda: detect(daily, min_impact=0.0, min_pct=0.05, return_all=True)
    yield f"{name}, three keys", lambda: detect(few, return_all=True)
    yield f"{name}, one key", lambda: detect(daily[daily["key"] == keys[0]], return_all=True)
    yield f"{name}, young", lambda: detect(daily[daily["date"] > last - _days(40)], return_all=True)
    yield f"{name}, renamed", lambda: detect(renamed, return_all=True)
    yield f"{name}, another currency", lambda: detect(in_yen, return_all=True)
    yield f"{name}, holes", lambda: detect(holes, return_all=True)
    yield from _ahead(name, holes)


def _ahead(name: str, daily: pd.DataFrame) -> Iterator[tuple[str, Answer]]:
    last = daily["date"].max()
    yield f"{name}, forecast", lambda: forecast(daily)
    yield f"{name}, forecast of 90 days", lambda: forecast(daily[daily["date"] < last - _days(20)], 90)
    yield f"{name}, month end", lambda: month_end(daily, last - _days(17))
    yield f"{name}, trend", lambda: trend(daily)
    yield f"{name}, short trend", lambda: trend(daily, 30)


def _days(count: int) -> pd.Timedelta:
    return pd.Timedelta(days=count)


def digests(few: bool) -> dict[str, dict[str, str]]:
    """By answer and column."""
    return {name: {str(column): _digest(frame[column]) for column in frame} for name, frame in _asked(few)}


def _asked(few: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, answer in answers(few):
        yield name, answer()


def _digest(column: pd.Series[Any]) -> str:
    values = column.to_numpy()
    plain = values.tobytes() if values.dtype != object else "\x1f".join(map(str, values)).encode()
    return hashlib.sha256(plain).hexdigest()


def _of(checkout: Path, few: bool) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-P", str(Path(__file__).resolve()), str(checkout), "--digests", *["--few"] * few]
    told = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(checkout)}, check=True, stdout=subprocess.PIPE)
    answered: dict[str, dict[str, str]] = json.loads(told.stdout)
    return answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="the other checkout, its own code and generators")
    parser.add_argument("--few", action="store_true", help="one seed of each family")
    parser.add_argument(
        "--digests", action="store_true", help="print those of this checkout, for the other one to read"
    )
    given = parser.parse_args()
    if given.digests:
        print(json.dumps(digests(given.few)))
        return
    here, there = (_of(tree.resolve(), given.few) for tree in (Path(__file__).parents[2], given.checkout))
    odd = [f"{name}: {column}" for name in here for column in here[name] if here[name][column] != there[name][column]]
    print(f"{len(here):,} answers, {sum(map(len, here.values())):,} columns, {len(odd)} of them differ")
    for one in odd:
        print(f"  {one}")
    sys.exit(bool(odd))


if __name__ == "__main__":
    main()
