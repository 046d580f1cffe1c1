"""Anomalies of the days of a report: what each came to, and what became of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.elements import name
from bot.blocks.episode_words import outcome
from bot.blocks.report import Section, Table
from bot.reports.given import Given, span_words
from bot.store import Finding

#: Anomalies that the message and the file name; the rest is counted and summed.
MOST_POINTS, MOST_ROWS = 4, 25
ORDER = (State.OPEN, State.ACKNOWLEDGED, State.SNOOZED, State.DISMISSED, State.RESOLVED)


def anomalies_section(given: Given) -> Section:
    """Those that have a day within the report's days, the dearest first."""
    title = "Anomalies"
    found = of_span(given)
    if not found:
        return Section("anomalies", title, (f"No anomaly has a day in {span_words(given.span)}.",))
    total = total_impact(found)
    counts = Counter(finding.state for finding, _ in found)
    states = ", ".join(f"{counts[state]} {state}" for state in ORDER if counts[state])
    many = "1 anomaly" if len(found) == 1 else f"{len(found)} anomalies"
    lead = f"{many}, {_money(found, total)} against expectation so far: {states}."
    return Section(
        key="anomalies",
        title=title,
        lines=(lead,),
        points=_points(given, found),
        table=_table(found),
        notes=("Money off expectation over all days of an anomaly, also those outside of the report's days.",),
    )


def of_span(given: Given) -> list[tuple[Finding, Anomaly]]:
    """Anomalies of the scope with a day in the report's days, or in those after it that are not complete."""
    found = [(one, one.value) for one in given.context.store.findings(ANOMALY) if isinstance(one.value, Anomaly)]
    mine = [
        (one, value)
        for one, value in found
        if value.last_day >= given.span.start and given.scope.owns(value.account_id, value.owner)
    ]
    return sorted(mine, key=lambda pair: (-abs(pair[1].impact_total), pair[0].id))


def total_impact(found: Sequence[tuple[Finding, Anomaly]]) -> float:
    """Money of all of them; not a number where it is of several currencies, which cannot be added."""
    values = [value for _, value in found]
    return math.fsum(v.impact_total for v in values) if len({v.currency for v in values}) < 2 else math.nan


def _money(found: Sequence[tuple[Finding, Anomaly]], amount: float) -> str:
    return elements.money(amount, found[0][1].currency, signed=True)


def what(value: Anomaly) -> str:
    """`EC2 +$340/day in prod`."""
    per_day = elements.money(value.impact_per_day, value.currency, signed=True)
    return f"{name(value.service_name)} {per_day}/day in {name(value.account_name)}"


def became(finding: Finding, value: Anomaly) -> str:
    """What became of it, in words: `dismissed: expected (launch)`, `resolved: over, +$1,034 in total`."""
    if finding.state == State.RESOLVED:
        return f"resolved: {outcome(value)}"
    if finding.state == State.DISMISSED:
        note = f" ({name(finding.note)})" if finding.note else ""
        return f"dismissed: {name(finding.reason or 'no reason given')}{note}"
    if finding.state == State.SNOOZED and finding.until:
        return f"snoozed until {elements.day(finding.until.date())}"
    if finding.state == State.OPEN:
        return "open: nobody has decided"
    return str(finding.state)


def _points(given: Given, found: Sequence[tuple[Finding, Anomaly]]) -> tuple[str, ...]:
    shown = [f"{one.id} {what(value)}, {_so_far(value)}; {became(one, value)}" for one, value in found[:MOST_POINTS]]
    if len(found) > MOST_POINTS:
        shown.append(f"and {len(found) - MOST_POINTS} more in the file")
    return tuple(shown)


def _so_far(value: Anomaly) -> str:
    days = elements.days(value.first_day, max(value.last_day, value.first_day))
    length = (value.last_day - value.first_day + timedelta(days=1)).days
    total = elements.money(value.impact_total, value.currency, signed=True)
    return f"{total} in {length} day{'s' if length > 1 else ''} ({days})"


def _table(found: Sequence[tuple[Finding, Anomaly]]) -> Table:
    rows = [
        (
            one.id,
            f"{name(value.service_name)} in {name(value.account_name)}",
            elements.days(value.first_day, max(value.last_day, value.first_day)),
            elements.money(value.impact_total, value.currency, signed=True),
            became(one, value),
        )
        for one, value in found[:MOST_ROWS]
    ]
    rest = found[MOST_ROWS:]
    if rest:
        rows.append(("", f"{len(rest)} others", "", _money(rest, total_impact(rest)), ""))
    rows.append(("", "All", "", _money(found, total_impact(found)), ""))
    return Table(("Id", "Anomaly", "Days", "So far", "What became of it"), tuple(rows), (3,), sums=1)
