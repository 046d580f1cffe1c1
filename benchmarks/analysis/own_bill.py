"""A user's own bill: what costbot and others would have told, and how well each does on it.

Nobody knows which of its days were incidents. So three things are shown: what each tells of the last days; how each
finds incidents of known kind that are put into copies of the bill's own series; and forecasts of stretches that are
over, against what came.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis.anomalies import detect, episodes
from analysis.anomalies.episodes import MAX_GAP_DAYS
from analysis.forecasting import forecast
from benchmarks.analysis import detection, forecasts
from benchmarks.analysis.bill_files import BadBill, Bill
from benchmarks.peers.detectors import DETECTORS, Detector
from benchmarks.peers.forecasters import FORECASTERS, MODELS, Forecaster
from tests.analysis.generators import Incident, Labelled
from tests.analysis.generators_incidents import DAYS_LEFT, LEAST_DOLLARS, LEAST_NEW, LEAST_SHARE, QUIET_DAYS
from tests.analysis.generators_labelled import one_key

#: Days replayed, copies of the bill that incidents are put into, and the seed of the first.
DAYS, COPIES, SEED = 90, 5, 1

#: Share of the keys that can carry an incident which get one.
INCIDENT_SHARE = 0.65

#: Days without which nothing can be said, and days before a forecast.
LEAST_DAYS, LEAST_HISTORY = 45, 60

#: Keys, the dearest, that models which take seconds a key are asked about.
MODEL_KEYS = 12

Step = Callable[[str], None]


def compare(
    bill: Bill,
    *,
    days: int = DAYS,
    copies: int = COPIES,
    seed: int = SEED,
    models: Mapping[str, Forecaster] | None = None,
    progress: bool = True,
) -> None:
    """Print what was found, the three parts one after the other.

    Args:
        days: how many of the last days are replayed.
        copies: of the bill, each with other incidents; seeds count up from `seed`.
        models: forecasters of few keys; those of the extra `peers` that are installed when None.
    Raises:
        BadBill: it has too few days.
    """
    wide = as_wide(bill.daily)
    if len(wide) < LEAST_DAYS:
        raise BadBill(f"the bill has {len(wide)} days; at least {LEAST_DAYS} are needed to know what is usual.")
    models = installed() if models is None else models
    labelled = [with_incidents(wide, number) for number in range(seed, seed + copies)] if enough(wide) else []
    backs = [back for back in forecasts.BACK if len(wide) - back >= LEAST_HISTORY]
    steps = (
        (1 + len(DETECTORS)) * (1 + len(labelled)) + len(backs) * (1 + len(FORECASTERS)) * 2 + len(backs) * len(models)
    )
    print(facts(bill, wide))
    with _bar(steps, progress) as step:
        print(replayed(bill.daily, days, step))
        print(_incidents(labelled, len(wide), seed, step))
        print(_forecasts(wide, backs, models, step))


def as_wide(daily: pd.DataFrame) -> pd.DataFrame:
    """Days × keys in order of both; 0 where a day has no row."""
    table = daily.pivot(index="date", columns="key", values="cost").fillna(0.0)
    days = pd.date_range(table.index[0], table.index[-1], freq="D", name="date")
    return table.reindex(days, fill_value=0.0).sort_index(axis=1)


def facts(bill: Bill, wide: pd.DataFrame) -> str:
    first, last = (f"{day:%Y-%m-%d}" for day in (wide.index[0], wide.index[-1]))
    return (
        f"{wide.shape[1]:,} keys, {len(wide)} days from {first} to {last}, {wide.to_numpy().sum():,.2f} in all; "
        f"read as {bill.read_as}"
    )


def replayed(daily: pd.DataFrame, days: int, step: Step) -> str:
    """What each tells on the last `days` mornings, and how much of it costbot tells too."""
    since = daily["date"].max() - pd.Timedelta(days=days - 1)
    months = daily["key"].nunique() * days / detection.DAYS_PER_MONTH
    rows, mine = [f"replay of the last {days} days, each morning knowing what came before:"], pd.DataFrame()
    head = f"  {'':26s}{'alerts':>8s}{'a series-month':>16s}{'off expectation':>17s}{'told by costbot too':>21s}"
    rows.append(head)
    for name, detector in {"costbot": detect, **DETECTORS}.items():
        step(name)
        flags = detector(daily)
        told = episodes(flags[flags["alert_date"] >= since])
        mine = told if name == "costbot" else mine
        same = "" if name == "costbot" else f"{shared(told, mine)} of {len(told)}"
        dollars = told["impact"].abs().sum()
        rows.append(f"  {name:26s}{len(told):8d}{len(told) / months:16.3f}{dollars:17,.0f}{same:>21s}")
    rows += [f"  costbot: {line}" for line in dearest(mine)]
    return "\n".join(rows)


def shared(told: pd.DataFrame, mine: pd.DataFrame) -> int:
    """How many of `told` are about a key, a direction and days that one of `mine` is about."""
    gap = pd.Timedelta(days=MAX_GAP_DAYS)
    count = 0
    for one in told.itertuples():
        same = mine[(mine["key"] == one.key) & (mine["direction"] == one.direction)]
        count += bool(((same["start"] <= one.end + gap) & (same["end"] >= one.start - gap)).any())
    return count


def dearest(told: pd.DataFrame, most: int = 5) -> list[str]:
    ranked = told.reindex(told["impact"].abs().sort_values(ascending=False, kind="stable").index).head(most)
    return [
        f"{one.start:%Y-%m-%d} {one.kind} of {one.key}, {one.impact:+,.0f} over {int(one.days)} days, "
        f"told {one.alert_date:%Y-%m-%d}"
        for one in ranked.itertuples()
    ]


def enough(wide: pd.DataFrame) -> bool:
    """Whether an incident has a place in it: days to learn from before it, and days to be told on."""
    return len(wide) > QUIET_DAYS + DAYS_LEFT


def with_incidents(wide: pd.DataFrame, seed: int) -> Labelled:
    """A copy of the bill with incidents in the series that can carry one and were there from the beginning."""
    rng = np.random.default_rng(seed)
    days = pd.DatetimeIndex(wide.index)
    frames: list[pd.DataFrame] = []
    truth: list[Incident] = []
    for key in wide.columns:
        values = wide[key].to_numpy(dtype=float)
        began = bool(np.any(values[:7] > 0))
        frame, incidents = one_key(key, values.copy(), days, rng, INCIDENT_SHARE if began else 0.0)
        frames.append(frame)
        truth += incidents
    return Labelled(pd.concat(frames, ignore_index=True), tuple(truth))


def _incidents(labelled: Sequence[Labelled], days: int, seed: int, step: Step) -> str:
    if not labelled:
        return f"incidents put into copies: the bill has {days} days, {QUIET_DAYS + DAYS_LEFT + 1} are needed for that"
    count = sum(len(bill.incidents) for bill in labelled)
    if not count:
        return (
            f"incidents put into copies: no series is steady and large enough (${LEAST_DOLLARS:.0f} a day) to carry one"
        )
    rows = [
        f"{count} incidents put into {len(labelled)} copies (seeds {seed} to {seed + len(labelled) - 1}), from large "
        f"down to ${LEAST_DOLLARS:.0f} and {LEAST_SHARE:.0%}, a new key ${LEAST_NEW:.0f}:",
        "  what anyone tells of the bill's own days counts as wrong here, which it need not be: compare the rows",
    ]
    for name, detector in {"costbot": detect, **DETECTORS}.items():
        found = scored(labelled, detector, partial(step, name))
        rows.append("  " + found.row(name))
        rows += ["  " + row for row in found.by_kind() if name == "costbot"]
    return "\n".join(rows)


def scored(labelled: Sequence[Labelled], detector: Detector, step: Callable[[], None]) -> detection.Score:
    def each() -> Iterator[Labelled]:
        for bill in labelled:
            step()
            yield bill

    return detection.score(each(), detector)


def _forecasts(wide: pd.DataFrame, backs: Sequence[int], models: Mapping[str, Forecaster], step: Step) -> str:
    if not backs:
        return f"forecasts: the bill has {len(wide)} days, {LEAST_HISTORY + min(forecasts.BACK)} are needed to rehearse"
    every: dict[str, Forecaster] = {"costbot": forecast, **FORECASTERS}
    dearest_keys = sorted(wide.sum().nlargest(MODEL_KEYS).index)
    rows = [f"forecasts of {forecasts.HORIZON} days, made {', '.join(map(str, backs))} days before the end:"]
    rows += rehearsed(wide, backs, every, step)
    if models:
        rows.append(f"  of the {len(dearest_keys)} dearest keys alone, beside models that take seconds a key:")
        rows += rehearsed(wide[dearest_keys], backs, every | dict(models), step)
    else:
        rows.append("  Prophet and AutoETS are not installed: pip install 'costbot[peers]' puts them beside")
    return "\n".join(rows)


def rehearsed(
    wide: pd.DataFrame, backs: Sequence[int], forecasters: Mapping[str, Forecaster], step: Step
) -> Iterator[str]:
    for name, run in forecasters.items():
        score = forecasts.Score()
        for back in backs:
            step(name)
            known, after = wide.iloc[:-back], wide.iloc[len(wide) - back :][: forecasts.HORIZON]
            score.add(known.to_numpy(), after.to_numpy(), forecasts.bands(run, known))
        yield f"  {name:18s} {score.line()}"


def installed() -> dict[str, Forecaster]:
    """Of the models, those that can be imported."""
    modules = {"Prophet": "prophet", "AutoETS": "statsforecast", "Theta": "statsforecast"}
    # Two lines for each series, and one about pictures; both set their level themselves.
    for chatty in ("cmdstanpy", "prophet.plot"):
        logging.getLogger(chatty).disabled = True
    return {name: run for name, run in MODELS.items() if find_spec(modules[name]) is not None}


def _bar(steps: int, wanted: bool) -> AbstractContextManager[Step]:
    """What to call before each step; draws on the error stream, so that a table may be sent to a file."""
    return _Bar(steps) if wanted else nullcontext(lambda name: None)


class _Bar(AbstractContextManager[Step]):
    def __init__(self, steps: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description:26s}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._steps = steps

    def __enter__(self) -> Step:
        self._progress.start()
        task = self._progress.add_task("", total=self._steps, completed=-1)
        return lambda name: self._progress.update(task, advance=1, description=name)

    def __exit__(self, *problem: Any) -> None:
        self._progress.stop()
