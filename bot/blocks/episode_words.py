"""Where an incident stands, in words: what it came to so far, whether it grows or settles, what was corrected."""

from __future__ import annotations

from datetime import timedelta

from analysis.lifecycle import State
from analysis.models import Anomaly, Chart, DayCost, Direction, Phase, Series
from bot.blocks import elements
from bot.blocks.elements import day, money
from bot.store.rows import Finding

#: Points of the picture of the band.
MAX_POINTS = 20

DAY = timedelta(days=1)


def total_so_far(finding: Finding, value: Anomaly) -> str:
    """`*So far*` or `*In total*`, the sum in how many days, and where it stands; mrkdwn."""
    total = money(value.impact_total, value.currency, signed=True)
    count = len(_away(value))
    over = f" in {count} day{'s' if count > 1 else ''}" if count else ""
    if finding.state == State.RESOLVED:
        return f"*In total*\n{total} against expectation{over}"
    return f"*So far*\n{total} against expectation{over}{_stage(value)}"


def outcome(value: Anomaly) -> str:
    """What an incident that is over came to: `over, +$1,034 in total`, or `stays at +$340/day, +$2,720 in total`."""
    stays = f"stays at {money(value.impact_per_day, value.currency, signed=True)}/day" if value.stayed else "over"
    return f"{stays}, {in_total(value)}"


def in_total(value: Anomaly) -> str:
    """`+$1,034 in total`."""
    return f"{money(value.impact_total, value.currency, signed=True)} in total"


def corrected(value: Anomaly) -> str:
    """What a bill changed after it was told, as a sentence; "" where it changed nothing."""
    found = value.corrected
    if found is None:
        return ""
    span = elements.days(found.first_day, found.last_day)
    before, after = money(found.before, value.currency), money(found.after, value.currency)
    if before == after:
        before, after = (money(one, value.currency, cents=True) for one in (found.before, found.after))
    return f"Corrected {day(found.noted)}: the bill was restated, {span} cost {after}, not {before}."


def band(value: Anomaly) -> Chart | None:
    """The cost and the band it was held against, a point a day; None where the days were not kept."""
    shown = value.daily[-MAX_POINTS:]
    if len(shown) < 2:
        return None
    series = [
        Series("Cost", tuple(one.cost for one in shown)),
        Series("Expected", tuple(one.expected for one in shown)),
        Series("Alerts above", tuple(one.high for one in shown)),
    ]
    if any(one.low is not None and one.low > 0 for one in shown):
        # No cost falls below zero: a lower limit there says nothing.
        series.append(Series("Alerts below", tuple(None if one.low is None else max(one.low, 0.0) for one in shown)))
    return Chart(
        "Cost per day and where one day alerts", tuple(day(one.day) for one in shown), tuple(series), value.currency
    )


def _stage(value: Anomaly) -> str:
    if value.phase == Phase.SETTLING:
        return (
            "; settling at its new level" if value.stayed else f"; settling, ordinary since {day(value.last_day + DAY)}"
        )
    newest = [one for one in _away(value) if one.day <= value.data_until]
    if value.phase != Phase.GROWING or not newest:
        return ""
    off = newest[-1].cost - newest[-1].expected
    return f"; growing, {money(off, value.currency, signed=True)} on {day(newest[-1].day)}"


def _away(value: Anomaly) -> list[DayCost]:
    sign = -1 if value.direction == Direction.DOWN else 1
    inside = (one for one in value.daily if value.first_day <= one.day <= value.last_day)
    return [one for one in inside if sign * (one.cost - one.expected) > 0]
