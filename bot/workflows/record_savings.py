"""Record what a savings scan found: new and changed findings, and those that no longer hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pandas import DataFrame

from analysis.lifecycle import RECOMMENDATION, RESOLVABLE, State
from analysis.models import Recommendation
from analysis.verdicts import Verdict
from bot.context import Context
from bot.savings.carried_out import changed_to, gone
from bot.store import Finding
from bot.workflows.think_savings import EVERYWHERE, Thought

#: Check id, account id, region, resource id.
Key = tuple[str, str, str, str]
SMALLER = "The saving is below the minimum now."


class _Judged(NamedTuple):
    verdict: str
    why: str
    current: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The findings of a scan, the biggest saving first; `changed` are those whose cards show other figures."""

    found: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    resolved: tuple[Finding, ...]

    def joined(self, other: Recorded) -> Recorded:
        """With what was recorded of other checks."""
        found = sorted((*self.found, *other.found), key=lambda finding: -_monthly_savings(finding))
        return Recorded(tuple(found), (*self.changed, *other.changed), (*self.resolved, *other.resolved))


def _monthly_savings(finding: Finding) -> float:
    return finding.value.monthly_savings if isinstance(finding.value, Recommendation) else 0.0


def record_savings(context: Context, thought: Thought) -> Recorded:
    """Upsert by fingerprint, and resolve what was looked at and no longer qualifies.

    What could not be looked at, or lacks evidence today, keeps its state.
    """
    now = context.clock.now()
    before = {finding.value.fingerprint: finding for finding in context.store.findings(RECOMMENDATION)}
    found = [context.store.record(value, now) for value in thought.recommendations]
    current = {finding.value.fingerprint for finding in found}
    resolved = []
    verdicts = _judged(thought.rows)
    for fingerprint, finding in before.items():
        why = (
            _why_gone(finding, thought, verdicts)
            if fingerprint not in current and finding.state in RESOLVABLE
            else None
        )
        if why is not None:
            resolved.append(context.store.resolve(finding.id, now, why))
    changed = [
        finding
        for finding in found
        if finding.value.fingerprint in before and _shows_other(before[finding.value.fingerprint], finding)
    ]
    return Recorded(tuple(found), tuple(changed), tuple(resolved))


def _why_gone(finding: Finding, thought: Thought, verdicts: Mapping[Key, _Judged]) -> str | None:
    """Why a finding no longer holds; None where the scan cannot tell."""
    value = finding.value
    if not isinstance(value, Recommendation) or value.check_id not in thought.looked:
        return None
    row = verdicts.get((value.check_id, value.account_id, value.region, value.resource_id))
    if row is not None:
        if row.current not in ("", value.current):
            return changed_to(row.current)
        return None if row.verdict == Verdict.INSUFFICIENT.value else row.why or SMALLER
    places = thought.looked[value.check_id]
    asked = {EVERYWHERE, (value.account_id, ""), (value.account_id, value.region)}
    return gone(value) if places & asked else None


def _judged(rows: DataFrame) -> dict[Key, _Judged]:
    """The verdict on each resource by check, account, region and id."""
    keys = rows[["check_id", "account_id", "region", "resource_id"]].itertuples(index=False, name=None)
    told = rows[["verdict", "why", "current"]].fillna("").itertuples(index=False, name=None)
    return {key: _Judged(*row) for key, row in zip(keys, told, strict=True)}


def _shows_other(before: Finding, after: Finding) -> bool:
    """Whether an open card would show other figures; what is decided only changes with its state."""
    return before.state != after.state or (after.state == State.OPEN and before.value != after.value)
