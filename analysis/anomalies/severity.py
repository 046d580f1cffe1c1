"""How much an incident matters: by its dollars a day and by its share of what is normal."""

from __future__ import annotations

from analysis.models import Direction, Severity

#: From which dollars a day on; the second figure applies where the cost is at least three times what it was.
CRITICAL, CRITICAL_WHEN_TRIPLED = 400.0, 150.0
HIGH, HIGH_WHEN_TRIPLED = 100.0, 40.0
MEDIUM = 25.0

TRIPLED = 2.0


def severity(impact_per_day: float, pct: float | None, direction: Direction) -> Severity:
    """Severity of an incident.

    Args:
        pct: share above expectation, 2.0 is three times as much; None where nothing was expected.
        direction: a fall costs nothing: it is worth a look, never an alarm.
    """
    size = abs(impact_per_day)
    if direction == Direction.DOWN:
        return Severity.MEDIUM if size >= HIGH else Severity.LOW
    tripled = pct is not None and pct >= TRIPLED
    if size >= (CRITICAL_WHEN_TRIPLED if tripled else CRITICAL):
        return Severity.CRITICAL
    if size >= (HIGH_WHEN_TRIPLED if tripled else HIGH):
        return Severity.HIGH
    return Severity.MEDIUM if size >= MEDIUM else Severity.LOW
