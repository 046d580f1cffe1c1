"""What moved: services whose cost a day rose or fell most, like weekdays compared; all together add up."""

from __future__ import annotations

import math

from bot.blocks.elements import name, percent
from bot.blocks.report import Section, Table
from bot.reports.arithmetic import Moved, Sums
from bot.reports.given import Given, span_words
from bot.reports.scope import Length

#: Services that are named; the rest is one line.
MOST = 6
#: Money a day, and share of all, below which a service has not moved.
LEAST, LEAST_SHARE = 0.5, 0.001


def moved_section(given: Given, sums: Sums) -> Section:
    """Movers of the week, or of the month so far."""
    title = "What moved"
    if sums.week.per_day is None or not sums.moved:
        return Section("moved", title, problem=f"Too few days before {span_words(given.span)} are stored to compare.")
    before = "the 7 days before" if given.length is Length.WEEK else span_words(given.span_before)
    change, share = given.money(sums.week.per_day, signed=True), percent(sums.week.fraction, signed=True)
    lead = f"{span_words(given.span)} against {before}: {change} a day ({share})"
    found = movers_of(sums)
    lines = (f"{lead}{_mostly(given, found)}.",) if found else (f"{lead}. No single service moved much.",)
    return Section(
        key="moved",
        title=title,
        lines=lines,
        table=_table(given, sums, found),
        notes=("Money a day, the mean of like weekdays; a price per month is no cheaper by the day in a long month.",),
        in_message=True,
    )


def movers_of(sums: Sums) -> tuple[Moved, ...]:
    """The services that moved enough to be named, the largest change first."""
    least = max(LEAST, LEAST_SHARE * math.fsum(abs(one.now) for one in sums.moved))
    return tuple(one for one in sums.moved if one.change is not None and abs(one.change) >= least)[:MOST]


def _mostly(given: Given, found: tuple[Moved, ...]) -> str:
    first = found[0]
    return f"; {name(first.name)} moved most, {given.money(first.change, signed=True)} a day"


def _table(given: Given, sums: Sums, found: tuple[Moved, ...]) -> Table:
    rest = [one for one in sums.moved if one not in found]
    rows = [_row(given, one) for one in found]
    if rest:
        before, now = math.fsum(one.before or 0.0 for one in rest), math.fsum(one.now for one in rest)
        label = f"{len(rest):,} others" if found else f"{len(rest):,} services"
        rows.append(_row(given, _all(label, before, now)))
    rows.append(_row(given, _all("All", sums.week.before or 0.0, sums.week.now)))
    return Table(("Service", "Before, a day", "Now, a day", "Change", "%"), tuple(rows), (1, 2, 3, 4), sums=1)


def _all(label: str, before: float, now: float) -> Moved:
    return Moved(label, before, now, now - before, (now - before) / before if before > 0.005 else None)


def _row(given: Given, one: Moved) -> tuple[str, ...]:
    return (
        one.name,
        given.money(one.before),
        given.money(one.now),
        given.money(one.change, signed=True),
        percent(one.fraction, signed=True),
    )
