"""What is at stake in a finding, so that anomalies and savings can stand in one order."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.models import Anomaly, Recommendation
from bot.store.rows import Finding

DAYS_A_MONTH = 30


def worth(finding: Finding) -> float:
    """Money a month at stake, in the finding's own currency."""
    value: Anomaly | Recommendation = finding.value
    return abs(value.impact_per_day) * DAYS_A_MONTH if isinstance(value, Anomaly) else value.monthly_savings


def dearest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By money a month, the largest first."""
    return tuple(sorted(findings, key=lambda finding: (-worth(finding), finding.id)))
