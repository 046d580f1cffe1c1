"""Savings that wait for a decision: what they would bring a month, and what waiting has cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.lifecycle import RECOMMENDATION
from analysis.models import Recommendation
from bot.blocks import elements
from bot.blocks.elements import name
from bot.blocks.report import Section, Table
from bot.reports.given import Given
from bot.savings.open_savings import open_savings
from bot.store import Finding

#: Days of a mean month, in which a month's saving is told by the day.
DAYS_A_MONTH = 30.4
MOST_POINTS, MOST_ROWS = 4, 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A saving that waits; money in its own currency, `days` since costbot recorded it."""

    finding: Finding
    value: Recommendation
    days: float

    @property
    def lost(self) -> float:
        """What waiting has cost so far, at today's figure."""
        return self.value.monthly_savings / DAYS_A_MONTH * self.days


def savings_section(given: Given, found: Sequence[Waiting]) -> Section:
    """What is open, the largest first, as `waiting` tells it."""
    title = "Open savings"
    if not found:
        return Section("savings", title, ("No saving waits for a decision.",))
    many = "1 saving waits" if len(found) == 1 else f"{len(found)} savings wait"
    monthly, lost = monthly_of(found), lost_of(found)
    lead = f"{many} for a decision: {_money(found, monthly)} a month. Waiting has cost {_money(found, lost)} so far."
    currency = found[0].value.currency
    other = currency != given.currency
    apart = (f"Savings are in {currency}, the bill is in {given.currency}: they are not added.",) if other else ()
    return Section(
        key="savings",
        title=title,
        lines=(lead, *apart),
        points=_points(found),
        table=_table(found),
        notes=(
            f"Waiting: the monthly saving / {DAYS_A_MONTH} × the days since costbot recorded it, at today's figure. "
            "Of savings that exclude each other one is counted.",
        ),
        details=tuple(_how(one) for one in found[:MOST_ROWS]),
    )


def waiting(given: Given) -> list[Waiting]:
    """Open savings of the scope that can be had together, the largest first."""
    store, now = given.context.store, given.context.clock.now()
    counted = open_savings(store.findings(RECOMMENDATION)).counted
    mine = [(one, one.value) for one in counted if isinstance(one.value, Recommendation)]
    return [
        Waiting(one, value, (now - _since(given, one)).total_seconds() / 86_400)
        for one, value in mine
        if given.scope.owns(value.account_id, value.owner)
    ]


def _since(given: Given, finding: Finding) -> datetime:
    """When it was recorded; where it was gone in between, when it came back."""
    back = [row.at for row in given.context.store.audit(finding.id) if row.verb == "recur"]
    return max([finding.created_at, *back])


def monthly_of(found: Sequence[Waiting]) -> float:
    """Money a month of all; not a number where they are of several currencies."""
    return _sum(found, [one.value.monthly_savings for one in found])


def lost_of(found: Sequence[Waiting]) -> float:
    """What waiting has cost, of all; not a number where they are of several currencies."""
    return _sum(found, [one.lost for one in found])


def _sum(found: Sequence[Waiting], amounts: Sequence[float]) -> float:
    return math.fsum(amounts) if len({one.value.currency for one in found}) < 2 else math.nan


def _money(found: Sequence[Waiting], amount: float) -> str:
    return elements.money(amount, found[0].value.currency)


def _title(value: Recommendation) -> str:
    return f"{name(value.resource_name or value.resource_id)}: {name(value.current)} → {name(value.proposed)}"


def _days(days: float) -> str:
    whole = math.floor(days)
    return "today" if whole < 1 else "1 day" if whole == 1 else f"{whole:,} days"


def _points(found: Sequence[Waiting]) -> tuple[str, ...]:
    shown = []
    for one in found[:MOST_POINTS]:
        saved, lost = (elements.money(amount, one.value.currency) for amount in (one.value.monthly_savings, one.lost))
        since = f"open for {_days(one.days)}: {lost} so far" if one.days >= 1 else "found today"
        shown.append(f"{one.finding.id} {_title(one.value)}, {saved} a month; {since}")
    if len(found) > MOST_POINTS:
        shown.append(f"and {len(found) - MOST_POINTS:,} more")
    return tuple(shown)


def _table(found: Sequence[Waiting]) -> Table:
    rows = [
        (
            one.finding.id,
            _title(one.value),
            name(one.value.account_name),
            elements.money(one.value.monthly_savings, one.value.currency),
            _days(one.days),
            elements.money(one.lost, one.value.currency),
        )
        for one in found[:MOST_ROWS]
    ]
    rest = found[MOST_ROWS:]
    if rest:
        label = f"{len(rest):,} others"
        rows.append(("", label, "", _money(rest, monthly_of(rest)), "", _money(rest, lost_of(rest))))
    rows.append(("", "All", "", _money(found, monthly_of(found)), "", _money(found, lost_of(found))))
    return Table(("Id", "Saving", "Account", "A month", "Open for", "So far"), tuple(rows), (3, 4, 5), sums=1)


def _how(one: Waiting) -> str:
    ignores = f" Left out: {one.value.ignores}" if one.value.ignores else ""
    return f"{one.finding.id}: {one.value.how_computed.rstrip('.')}.{ignores}"
