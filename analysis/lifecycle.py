"""The states of a finding, the verbs that move it, and who may say them.

| finding        | verb        | from                        | to           | who                                      |
|----------------|-------------|-----------------------------|--------------|------------------------------------------|
| anomaly        | acknowledge | open                        | acknowledged | anyone in the channel                    |
| anomaly        | snooze      | open, acknowledged          | snoozed      | anyone in the channel                    |
| anomaly        | dismiss     | open, acknowledged, snoozed | dismissed    | anyone in the channel                    |
| anomaly        | reopen      | acknowledged, snoozed, dismissed | open    | who decided, for 10 minutes; an approver |
| recommendation | approve     | open                        | approved     | an approver                              |
| recommendation | dismiss     | open, snoozed               | dismissed    | an approver                              |
| recommendation | snooze      | open                        | snoozed      | anyone in the channel                    |
| recommendation | reopen      | approved, snoozed, dismissed | open        | who decided, for 10 minutes; an approver |

costbot itself wakes what was snoozed (to open) and resolves what is gone (from every state but dismissed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long the person who decided may take it back without being an approver.
UNDO_WINDOW = timedelta(minutes=10)
#: A longer snooze is a dismissal without a reason.
LONGEST_SNOOZE = timedelta(days=90)

ANOMALY = "anomaly"
RECOMMENDATION = "recommendation"


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    APPROVED = "approved"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Verb(StrEnum):
    """What a person can do to a finding."""

    APPROVE = "approve"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    DISMISS = "dismiss"
    REOPEN = "reopen"


class DismissReason(StrEnum):
    """Why a finding was dismissed; the detector and the scan learn from it."""

    EXPECTED = "expected"
    FALSE_POSITIVE = "false positive"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


#: What each reason means, as the dialog says it.
REASON_MEANING: dict[DismissReason, str] = {
    DismissReason.EXPECTED: "Known and planned: a launch, a migration, a load test",
    DismissReason.FALSE_POSITIVE: "costbot is wrong about it",
    DismissReason.ACCEPTED: "True, but we choose to pay for it",
    DismissReason.DUPLICATE: "Already handled elsewhere",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table above; a reopening asks `may_undo` as well."""

    verb: Verb
    sources: frozenset[State]
    target: State
    needs_approver: bool


def _rule(verb: Verb, sources: str, target: State, *, needs_approver: bool = False) -> Rule:
    return Rule(verb, frozenset(State(word) for word in sources.split()), target, needs_approver)


RULES: dict[str, tuple[Rule, ...]] = {
    ANOMALY: (
        _rule(Verb.ACKNOWLEDGE, "open", State.ACKNOWLEDGED),
        _rule(Verb.SNOOZE, "open acknowledged", State.SNOOZED),
        _rule(Verb.DISMISS, "open acknowledged snoozed", State.DISMISSED),
        _rule(Verb.REOPEN, "acknowledged snoozed dismissed", State.OPEN, needs_approver=True),
    ),
    RECOMMENDATION: (
        _rule(Verb.APPROVE, "open", State.APPROVED, needs_approver=True),
        _rule(Verb.SNOOZE, "open", State.SNOOZED),
        _rule(Verb.DISMISS, "open snoozed", State.DISMISSED, needs_approver=True),
        _rule(Verb.REOPEN, "approved snoozed dismissed", State.OPEN, needs_approver=True),
    ),
}

#: States that a scan may close once the finding is gone; a dismissal stays, or the finding would come back.
RESOLVABLE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.APPROVED, State.SNOOZED})


def rule_of(kind: str, verb: str) -> Rule | None:
    """The rule of a verb for a kind of finding; None when that kind does not know the verb."""
    return next((rule for rule in RULES[kind] if rule.verb == verb), None)


def allowed(kind: str, state: str) -> tuple[Verb, ...]:
    """The verbs that move a finding of this kind out of this state."""
    return tuple(rule.verb for rule in RULES[kind] if state in rule.sources)


def may_undo(*, actor: str, decided_by: str | None, decided_at: datetime | None, now: datetime) -> bool:
    """Whether `actor` may take a decision back without being an approver."""
    if decided_by is None or decided_at is None:
        return False
    return actor == decided_by and now - decided_at <= UNDO_WINDOW
