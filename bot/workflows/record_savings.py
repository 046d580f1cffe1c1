"""Record what a savings scan found: new and changed findings, and those that no longer hold."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.lifecycle import RECOMMENDATION, RESOLVABLE, State
from analysis.models import Recommendation
from analysis.verdicts import Verdict
from bot.context import Context
from bot.store import Finding
from bot.workflows.think_savings import RIGHTSIZING, Row, Thought


@dataclass(frozen=True, slots=True)
class Recorded:
    """The findings of a scan, the biggest saving first; `changed` are those whose cards show other figures."""

    found: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    resolved: tuple[Finding, ...]


def record_savings(context: Context, thought: Thought) -> Recorded:
    """Upsert by fingerprint, and resolve what was looked at and no longer qualifies.

    What could not be looked at, or lacks evidence today, keeps its state.
    """
    now = context.clock.now()
    before = {finding.value.fingerprint: finding for finding in context.store.findings(RECOMMENDATION)}
    found = [context.store.record(value, now) for value in thought.recommendations]
    current = {finding.value.fingerprint for finding in found}
    resolved = []
    for fingerprint, finding in before.items():
        why = _why_gone(finding, thought) if fingerprint not in current and finding.state in RESOLVABLE else None
        if why is not None:
            resolved.append(context.store.resolve(finding.id, now, why))
    changed = [
        finding
        for finding in found
        if finding.value.fingerprint in before and _shows_other(before[finding.value.fingerprint], finding)
    ]
    return Recorded(tuple(found), tuple(changed), tuple(resolved))


def changed_to(instance_type: str) -> str:
    """Why a saving no longer holds where its instance was resized."""
    return f"It is {instance_type} now."


def _why_gone(finding: Finding, thought: Thought) -> str | None:
    """Why a finding of this check no longer holds; None where the scan cannot tell."""
    value = finding.value
    if not isinstance(value, Recommendation) or value.check_id != RIGHTSIZING:
        return None
    row = next((row for row in thought.rows if _same_resource(row, value)), None)
    if row is not None:
        if row.current != value.current:
            return changed_to(row.current)
        return None if row.verdict == Verdict.INSUFFICIENT.value else row.why
    looked_at = any(row.account_id == value.account_id and row.region == value.region for row in thought.rows)
    return "The instance is gone." if looked_at else None


def _same_resource(row: Row, value: Recommendation) -> bool:
    return (row.account_id, row.region, row.resource_id) == (value.account_id, value.region, value.resource_id)


def _shows_other(before: Finding, after: Finding) -> bool:
    """Whether an open card would show other figures; what is decided only changes with its state."""
    return before.state != after.state or (after.state == State.OPEN and before.value != after.value)
