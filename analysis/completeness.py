"""How complete a day of costs is: what share of it is in, why one thinks so, and whether it may be compared."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from analysis.arrival_curve import PRIOR, SETTLED_HOURS, ArrivalCurve, Arrived

#: A day of which more may be missing is not held against whole days. With one day of seven at this share, a week is
#: off by less than half a per cent.
COMPARABLE_SHARE = 0.97
#: While its source calls a day estimated, it is not compared before this age: the total may be nearly in while a
#: single service, which one may ask for, has told half of its day.
FILLING_HOURS = 50.0
#: An age at which the day is over.
DAY_HOURS = 24.0
#: Days from which the usual hours of a day are read, without the newest ones, which may be parts.
HOURS_DAYS, HOURS_WITHOUT = 28, 3


class Basis(StrEnum):
    """What the completeness of a day was judged by."""

    FINAL = "final"  # the source does not call it estimated
    SETTLED = "settled"  # so old that nothing changes any more
    HOURS = "hours"  # some hours of it are not in
    LEARNT = "learnt"  # how earlier days of this provider arrived here
    USUAL = "usual"  # how late AWS usually is: too few days were seen here
    ESTIMATED = "estimated"  # the source calls it estimated, and nobody knows when it was told
    NOTHING = "nothing"  # nothing of it is stored


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a day is in.

    `share` is the likely one, `low` to `high` hold four cases of five; all None where nothing can be said. `seen` are
    the hours that are in and those a whole day has (`HOURS`), or days learnt from (`LEARNT`).
    """

    share: float | None
    low: float | None
    high: float | None
    is_complete: bool
    basis: Basis
    seen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day of a provider that is left out of comparisons."""

    day: date
    provider: str
    completeness: Completeness


NOTHING = Completeness(0.0, 0.0, 0.0, False, Basis.NOTHING)


def usual_hours(hours_seen: Sequence[int | None]) -> int | None:
    """Hours that a whole day has here: fewer than 24 where machines sleep at night. None where unknown.

    Args:
        hours_seen: of the stored days, oldest first.
    """
    older = hours_seen[-HOURS_DAYS - HOURS_WITHOUT : -HOURS_WITHOUT]
    known = [hours for hours in older if hours is not None]
    return round(statistics.median(known)) if known else None


def completeness(
    day: date,
    *,
    told_at: datetime | None,
    estimated: bool,
    hours_seen: int | None = None,
    usual_hours: int | None = None,
    is_newest: bool = False,
    curve: ArrivalCurve = PRIOR,
) -> Completeness:
    """How much of a stored day is in.

    Args:
        day: a billing day, in UTC.
        told_at: when its source told its cost (aware); None where that is unknown.
        estimated: whether the source says that it is not final.
        hours_seen: hours of the day that have charges, 24 for daily data; None where unknown.
        usual_hours: hours that whole days have here; None is 24.
        is_newest: whether its source has told no later day: then a missing hour may still come, however old it is.
        curve: how days of this provider arrive.
    """
    age = _age_hours(day, told_at)
    is_settled = age is not None and age >= SETTLED_HOURS
    whole = usual_hours or int(DAY_HOURS)
    lacks_hours = hours_seen is not None and hours_seen < whole and (is_newest or not is_settled)
    if lacks_hours and hours_seen is not None:
        return _by_hours(hours_seen, whole, curve.at(age) if estimated and age is not None else None)
    if is_settled:
        return Completeness(1.0, 1.0, 1.0, True, Basis.SETTLED)
    if not estimated and (age is None or age >= DAY_HOURS):
        return Completeness(1.0, 1.0, 1.0, True, Basis.FINAL)
    if age is None:
        return Completeness(None, None, None, False, Basis.ESTIMATED)
    return _by_age(age, curve)


def _age_hours(day: date, told_at: datetime | None) -> float | None:
    if told_at is None:
        return None
    return (told_at.astimezone(UTC) - datetime.combine(day, time(), UTC)).total_seconds() / 3600.0


def _by_hours(seen: int, whole: int, arrived: Arrived | None) -> Completeness:
    share = max(0.0, seen / whole)
    low, share, high = (
        (share, share, share)
        if arrived is None
        else (min(arrived.low, share), min(arrived.typical, share), min(arrived.high, share))
    )
    return Completeness(share, low, high, False, Basis.HOURS, (seen, whole))


def _by_age(age: float, curve: ArrivalCurve) -> Completeness:
    arrived = curve.at(age)
    is_complete = age >= FILLING_HOURS and arrived.low >= COMPARABLE_SHARE
    basis = Basis.LEARNT if curve.is_learnt else Basis.USUAL
    seen = (curve.days,) if curve.is_learnt else ()
    return Completeness(arrived.typical, arrived.low, arrived.high, is_complete, basis, seen)
