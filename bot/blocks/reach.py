"""How far the costs reach, in words: until when they are whole, what is left out after that, what is missing before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analysis.completeness import Basis, Completeness, PartialDay
from bot.blocks import elements
from bot.blocks.elements import escape, name

#: Runs of missing days that are named; the rest is counted.
MOST_RUNS = 3


def reach(until: date, partial: Sequence[PartialDay], today: date, *, several: bool = False, age: str = "") -> str:
    """`Data until Nov 24; Nov 25 is about 62 % in and left out (learnt from 34 days)`; escaped, without a full stop.

    Args:
        partial: days after `until`, as a window has them.
        several: whether there are several providers, so that the late one is to be named.
        age: what is said of the last whole day.
    """
    text = f"Data until {_day(until, today)}{age}"
    rest = left_out(partial, several=several)
    return f"{text}; {rest}{_why(partial)}" if rest else text


def left_out(partial: Sequence[PartialDay], *, several: bool = False) -> str:
    """`Nov 25 is about 62 % in and left out`, of the provider that is behind most; "" where nothing is left out."""
    if not partial:
        return ""
    days = sorted({part.day for part in partial})
    span = elements.days(days[0], days[-1])
    late = _latest_feed(partial)
    first = late[0].completeness
    whose = escape(name(late[0].provider))
    if first.basis is Basis.NOTHING:
        return f"{span} {_are(days)} left out, nothing of {whose} is there yet"
    if first.basis is Basis.ESTIMATED:
        return f"{span} still incomplete"
    of = f"of {whose}, " if several else ""
    if len(days) == 1:
        return f"{of}{how_much(late[0])} and left out"
    if len(days) == 2 and len(late) == 2:
        both = ", ".join(map(how_much, late))
        return f"{of}{both}; both are left out"
    return f"{span} are left out, {of}{how_much(late[0])}"


def how_much(part: PartialDay) -> str:
    """`Nov 25 is about 62 % in`."""
    return f"{elements.day(part.day)} {_is(part.completeness)}"


def missing_days(missing: Iterable[PartialDay], start: date, end: date) -> str:
    """The days of [start, end) of which a provider has nothing or only a part, in a sentence; "" without any.

    Not escaped: it stands among notes.
    """
    inside = [part for part in missing if start <= part.day < end]
    runs: list[list[PartialDay]] = []
    for part in sorted(inside, key=lambda part: (part.provider, part.completeness.basis, part.day)):
        if runs and _follows(runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    sentences = [_missing_run(run) for run in runs[:MOST_RUNS]]
    more = sum(len(run) for run in runs[MOST_RUNS:])
    if more:
        sentences.append(f"{more} more days are missing or only a part.")
    return " ".join(sentences)


def _latest_feed(partial: Sequence[PartialDay]) -> list[PartialDay]:
    """The days of the provider of which least is there of the first day that is left out."""
    first = min(part.day for part in partial)
    there = [part for part in partial if part.day == first]
    behind = min(there, key=lambda part: (part.completeness.share or 0.0, part.provider))
    return sorted((part for part in partial if part.provider == behind.provider), key=lambda part: part.day)


def _is(found: Completeness) -> str:
    if found.basis is Basis.HOURS:
        seen, whole = found.seen
        return f"is in with {seen} of {whole} hours"
    if found.share is None:
        return "is still estimated"
    if found.basis is Basis.NOTHING:
        return "is not there yet"
    if found.basis is Basis.USUAL and _percent(found.low) != _percent(found.high):
        return f"is usually {_percent(found.low)}–{_percent(found.high)} % in"
    return f"is about {_percent(found.share)} % in"


def _why(partial: Sequence[PartialDay]) -> str:
    """What the shares were judged by, in brackets."""
    first = _latest_feed(partial)[0].completeness
    if first.basis is Basis.LEARNT:
        return f" (learnt from {first.seen[0]} days)"
    return " (as late as AWS usually is; too few days were seen here)" if first.basis is Basis.USUAL else ""


def _percent(share: float | None) -> int:
    """Never 100, and never 0 where something is in: the day is not whole."""
    value = share or 0.0
    return min(99, max(1 if value > 0 else 0, round(100 * value)))


def _missing_run(run: Sequence[PartialDay]) -> str:
    days, whose = elements.days(run[0].day, run[-1].day), name(run[0].provider)
    verb = "is" if len(run) == 1 else "are"
    if run[0].completeness.basis is Basis.NOTHING:
        return f"{days} {verb} missing from {whose}'s costs: unknown, not zero, and not compared."
    return f"Only a part of {days} is stored of {whose}, and not compared; read that month again."


def _follows(one: PartialDay, other: PartialDay) -> bool:
    same = (one.provider, one.completeness.basis) == (other.provider, other.completeness.basis)
    return same and other.day - one.day == timedelta(days=1)


def _are(days: Sequence[date]) -> str:
    return "is" if len(days) == 1 else "are"


def _day(value: date, today: date) -> str:
    return elements.day(value) if value.year == today.year else f"{elements.day(value)}, {value.year}"
