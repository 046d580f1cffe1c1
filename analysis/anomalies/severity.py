"""How much an incident matters: by its dollars a day and by its share of what is normal."""

from __future__ import annotations

from analysis.models import Direction, Severity

#: What matters at all, in dollars a day, where nobody has said otherwise.
UNIT = 10.0

#: From how many times that on; the second figure applies where the cost is at least three times what it was.
CRITICAL, CRITICAL_WHEN_TRIPLED = 40.0, 15.0
HIGH, HIGH_WHEN_TRIPLED = 10.0, 4.0
MEDIUM = 2.5

TRIPLED = 2.0


def severity(impact_per_day: float, pct: float | None, direction: Direction, *, unit: float = UNIT) -> Severity:
    """Severity of an incident.

    Args:
        impact_per_day: money a day off expectation.
        pct: share above expectation, 2.0 is three times as much; None where nothing was expected.
        direction: a fall costs nothing: it is worth a look, never an alarm.
        unit: money a day from which on anything is an anomaly; so yen and dollars are measured alike. 0 is `UNIT`.
    """
    size = abs(impact_per_day) / (unit or UNIT)
    if direction == Direction.DOWN:
        return Severity.MEDIUM if size >= HIGH else Severity.LOW
    tripled = pct is not None and pct >= TRIPLED
    if size >= (CRITICAL_WHEN_TRIPLED if tripled else CRITICAL):
        return Severity.CRITICAL
    if size >= (HIGH_WHEN_TRIPLED if tripled else HIGH):
        return Severity.HIGH
    return Severity.MEDIUM if size >= MEDIUM else Severity.LOW
