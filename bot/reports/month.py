"""The month so far, held against the same days of the month before; and what it went to."""

from __future__ import annotations

import math

from analysis.movers import Period
from bot.blocks.elements import percent
from bot.blocks.report import Section, Table
from bot.reports.arithmetic import Spent, Sums
from bot.reports.given import Given, span_words

#: Services that are named; the rest is one line.
MOST_SERVICES = 10
#: A change of less is the same.
SAME = 0.005


def month_section(given: Given, sums: Sums) -> Section:
    """What the month cost so far."""
    return Section(
        key="month",
        title=f"{given.month.start:%B} so far" if not is_whole_month(given) else f"{given.month.start:%B} in full",
        lines=tuple(filter(None, (_so_far(given, sums), _fair(given, sums)))),
        table=_table(given, sums),
        notes=(
            "As billed. Where like weekdays are compared, a price per month is no cheaper by the day in a long month.",
        ),
    )


def is_whole_month(given: Given) -> bool:
    """Whether the last complete day is the last of its month."""
    return given.month.end.day == 1


def lost_words(period: Period) -> str:
    """`of 2 days something is missing`; "" where nothing is."""
    lost = period.length - len(period.known_days())
    return f"of {'1 day' if lost == 1 else f'{lost} days'} something is missing" if lost else ""


def against_last_month(given: Given, sums: Sums) -> str:
    """`+$2,120 (+5.9 %) on Oct 1–24`; "" where that is not known."""
    if sums.before is None:
        return ""
    change = sums.month - sums.before
    share = percent(change / sums.before, signed=True) if sums.before > SAME else "n/a"
    return f"{given.money(change, signed=True)} ({share}) on {span_words(given.month_before)}"


def _so_far(given: Given, sums: Sums) -> str:
    cost = f"{span_words(given.stored_month)} cost {given.money(sums.month)}"
    if given.month.start < given.window.first_day:
        return f"{cost}; no earlier days are stored, so nothing is compared."
    if lost := lost_words(given.stored_month):
        return f"{cost}; {lost}, so nothing is compared."
    if sums.before is None:
        return f"{cost}. {given.month_before.start:%B} is not stored for all of the same days, so nothing is compared."
    return f"{cost}: {against_last_month(given, sums)}, which cost {given.money(sums.before)}."


def _fair(given: Given, sums: Sums) -> str:
    change = sums.change
    if change.per_day is None or sums.before is None:
        return ""
    if change.fraction is not None and abs(change.fraction) < SAME:
        return "With like weekdays compared, a day costs the same."
    more = "more" if change.per_day > 0 else "less"
    amount, share = given.money(abs(change.per_day)), percent(change.fraction, signed=True)
    return f"With like weekdays compared, a day costs {amount} {more} ({share})."


def _table(given: Given, sums: Sums) -> Table:
    named, rest = sums.spent[:MOST_SERVICES], sums.spent[MOST_SERVICES:]
    if rest:
        before = None if sums.before is None else math.fsum(one.before or 0.0 for one in rest)
        named = (*named, Spent(f"{len(rest):,} others", math.fsum(one.cost for one in rest), before))
    rows = [_row(given, one, sums.month) for one in (*named, Spent("All", sums.month, sums.before))]
    columns = ("Service", span_words(given.stored_month), "Share", span_words(given.month_before), "Change")
    return Table(columns, tuple(rows), (1, 2, 3, 4), sums=1)


def _row(given: Given, one: Spent, total: float) -> tuple[str, ...]:
    change = None if one.before is None else one.cost - one.before
    share = percent(one.cost / total) if total > SAME else "n/a"
    return (one.name, given.money(one.cost), share, given.money(one.before), given.money(change, signed=True))
