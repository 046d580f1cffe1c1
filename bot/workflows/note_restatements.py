"""After a stored month was replaced: keep what its source told of open days, and notice complete days that changed.

What is kept teaches how late charges arrive (`analysis.arrival_curve`). A day that counts as complete is held against
what was stored just before, and against the amount with which it first counted or was last restated to: so small
corrections are noticed once they add up, and so is the change of a run that was killed before it could note anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.arrival_curve import PRIOR, SETTLED_HOURS, ArrivalCurve, arrival_curves
from analysis.completeness import completeness, usual_hours
from bot.blocks.restated import restated_sentences
from bot.context import Context
from bot.cost_files.arrival import read_curves, write_curves
from bot.errors import CostbotError
from bot.store.restatements import RESTATED_FOR, Observation, Restatement

#: A change of less than a cent is rounding.
CENT = 0.01
#: Shares of a day from which on a change is said: at once, and added up since the day first counted. Routine
#: corrections of AWS come in many small steps and make less than one per cent together.
AT_ONCE_SHARE, ADDED_UP_SHARE = 0.0025, 0.01
#: Days are observed until they have settled, and two days more, so that the last amount was told after that.
OBSERVED_FOR = timedelta(hours=SETTLED_HOURS + 48)
#: A day that was never observed counted as complete when it is older: nobody refreshes so seldom.
COUNTED_AFTER = timedelta(days=12)

_Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class _Amounts:
    """A provider's usage of a day."""

    billed: float
    effective: float
    currency: str
    estimated: bool
    hours_seen: int | None


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be kept of one replacement."""

    observations: tuple[Observation, ...]
    restatements: tuple[Restatement, ...]


def note(
    context: Context, source: str, before: DataFrame, after: DataFrame, *, told_at: datetime | None = None
) -> tuple[str, ...]:
    """Keep what is new in `after`, and say which complete days were restated.

    To be called for every replaced month, also for one that did not change: what was told again counts.

    Args:
        before: the usage of the replaced days as it was stored: columns date, provider, billed_cost, effective_cost,
            currency, estimated, hours_seen (`bot.cost_files.day_totals`). Empty when nothing was.
        after: the same as it is stored now; a day without a row is gone, which is not zero.
        told_at: when the source told it; now, unless an export is older.
    Returns:
        Sentences as `Nov 3–5 restated by −$41.20 (AWS).`
    Raises:
        CostbotError: the disk refuses.
    """
    now = context.clock.now()
    folder = context.costs.months.folder
    noted = changes(
        source,
        before,
        after,
        known=context.store.observations(source),
        restated=context.store.restatements(now - RESTATED_FOR, source),
        curves={provider: curve for (_, provider), curve in read_curves(folder, [source]).items()},
        told_at=min(told_at or now, now),
        now=now,
    )
    if noted.observations or noted.restatements:
        context.store.note_observations(noted.observations, noted.restatements, now)
    if noted.observations:
        _learn(context, source)
    return tuple(restated_sentences(noted.restatements, context.settings.cost_view, context.clock.today()))


def changes(
    source: str,
    before: DataFrame,
    after: DataFrame,
    *,
    known: Iterable[Observation],
    restated: Iterable[Restatement],
    curves: Mapping[str, ArrivalCurve],
    told_at: datetime,
    now: datetime,
) -> Noted:
    """What one replacement tells: open days as they are now, complete days that changed. Nothing is written.

    Args:
        known: earlier observations of the source, first to last. restated: its earlier restatements, first to last.
    """
    were, are = _amounts(before), _amounts(after)
    chains: dict[_Key, list[Observation]] = defaultdict(list)
    for seen in known:
        chains[(seen.provider, seen.day)].append(seen)
    earlier = {(row.provider, row.day): row for row in restated}
    complete = _complete(are, curves, told_at)
    observations = [
        Observation(source, *key, told_at, told_at, found.billed, found.effective, found.currency, complete[key])
        for key, found in are.items()
        if _is_open(key[1], told_at) or (key in chains and key[1] <= told_at.date())
    ]
    restatements = []
    for key in sorted({*were, *are}):
        was, found, last = were.get(key), are.get(key), earlier.get(key)
        counted = _counted(was, chains.get(key, []), last, key[1], now)
        if counted is None or (found is None and was is None):
            continue
        is_back = last is not None and last.billed_after is None
        if found is not None and not is_back and was is not None and _is_moved(was, found, AT_ONCE_SHARE):
            restatements.append(_restatement(source, key, now, was, found))
        elif found is None or is_back or _is_moved(counted, found, ADDED_UP_SHARE):
            restatements.append(_restatement(source, key, now, counted, found))
    return Noted(tuple(observations), tuple(restatements))


def _amounts(totals: DataFrame) -> dict[_Key, _Amounts]:
    result = {}
    for row in totals.to_dict("records"):
        hours = row.get("hours_seen")
        billed = float(row["billed_cost"])
        effective = row["effective_cost"]
        result[(str(row["provider"]), pd.Timestamp(row["date"]).date())] = _Amounts(
            billed=billed,
            effective=billed if pd.isna(effective) else float(effective),
            currency=str(row.get("currency") or "USD"),
            estimated=bool(row["estimated"]),
            hours_seen=None if hours is None or pd.isna(hours) else int(hours),
        )
    return result


def _complete(are: Mapping[_Key, _Amounts], curves: Mapping[str, ArrivalCurve], told_at: datetime) -> dict[_Key, bool]:
    """Whether each day counts as complete now."""
    result = {}
    for provider in sorted({provider for provider, _ in are}):
        days = {day: found for (owner, day), found in sorted(are.items()) if owner == provider}
        whole = usual_hours([found.hours_seen for found in days.values()])
        for day, found in days.items():
            result[(provider, day)] = completeness(
                day,
                told_at=told_at,
                estimated=found.estimated,
                hours_seen=found.hours_seen,
                usual_hours=whole,
                is_newest=day == max(days),
                curve=curves.get(provider, PRIOR),
            ).is_complete
    return result


def _is_open(day: date, at: datetime) -> bool:
    age = at - datetime.combine(day, datetime.min.time(), at.tzinfo)
    return timedelta(0) < age <= OBSERVED_FOR


def _counted(
    was: _Amounts | None, chain: list[Observation], restated: Restatement | None, day: date, now: datetime
) -> _Amounts | None:
    """The amount with which a day last counted as complete; None when it never did."""
    if restated is not None:
        billed = restated.billed_before if restated.billed_after is None else restated.billed_after
        effective = restated.effective_before if restated.effective_after is None else restated.effective_after
        return _Amounts(billed, effective, restated.currency, False, None)
    if chain:
        whole = (seen for seen in chain if seen.is_complete)
        return next((_Amounts(s.billed_cost, s.effective_cost, s.currency, False, None) for s in whole), None)
    if was is not None and (not was.estimated or now.date() - day >= COUNTED_AFTER):
        return was
    return None


def _is_moved(was: _Amounts, found: _Amounts, share: float) -> bool:
    """Whether one of the costs moved by more than a cent and a share of it."""
    if was.currency != found.currency:  # another currency is another bill, not a restatement
        return False
    pairs = ((was.billed, found.billed), (was.effective, found.effective))
    return any(abs(new - old) > CENT and abs(new - old) >= share * max(abs(old), abs(new)) for old, new in pairs)


def _restatement(source: str, key: _Key, noted_at: datetime, counted: _Amounts, found: _Amounts | None) -> Restatement:
    billed, effective = (found.billed, found.effective) if found else (None, None)
    return Restatement(source, *key, noted_at, counted.billed, billed, counted.effective, effective, counted.currency)


def _moments(seen: Observation) -> Iterator[datetime]:
    """When an amount was told: first, last, and daily between, since it was the same all the time."""
    moment = seen.observed_at
    while moment < seen.confirmed_at:
        yield moment
        moment += timedelta(days=1)
    yield seen.confirmed_at


def _learn(context: Context, source: str) -> None:
    """Learn how the source's days arrive, for the next one who asks."""
    rows: list[dict[str, Any]] = [
        {"provider": seen.provider, "date": seen.day, "observed_at": moment, "cost": seen.effective_cost}
        for seen in context.store.observations(source)
        for moment in _moments(seen)
    ]
    curves = arrival_curves(DataFrame(rows))
    learnt = {provider: curve for provider, curve in curves.items() if curve.is_learnt}
    folder = context.costs.months.folder
    try:
        write_curves(folder, source, learnt)
    except OSError as error:
        raise CostbotError(
            f"What was learnt of late charges cannot be written to {folder / source}: {error.strerror}.",
            "Free space or fix its permissions.",
        ) from error
