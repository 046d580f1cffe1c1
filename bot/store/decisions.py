"""Changes of state: by people (compare-and-swap) and by costbot itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from analysis.lifecycle import RESOLVABLE, RULES, Rule, State, Verb, allowed, rule_of
from bot.store import audit, redraws
from bot.store.findings import get, reopen
from bot.store.rows import COSTBOT, AlreadyDecided, Finding, NotAllowed, written

_NOUN = {"anomaly": "An anomaly", "recommendation": "A saving"}
_PARTICIPLE = {
    Verb.APPROVE: "approved",
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.SNOOZE: "snoozed",
    Verb.DISMISS: "dismissed",
    Verb.REOPEN: "reopened",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says about a finding, and where they said it.

    With a `version`, it only counts if the finding has not moved since that version was looked at.
    """

    verb: str
    actor: str
    at: datetime
    reason: str | None = None
    note: str | None = None
    until: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    version: int | None = None


def decide(db: Database, finding_id: str, decision: Decision) -> Finding:
    """Move the finding if its state allows the verb; audit row and redraw note are in the same transaction."""
    before = get(db, finding_id)
    rule = _rule(before, decision)
    opens = rule.target == State.OPEN
    until = decision.until if rule.target == State.SNOOZED else None
    changed = db.execute(
        "UPDATE findings SET state = ?, version = version + 1, decided_by = ?, decided_at = ?, reason = ?, note = ?, "
        "until = ? WHERE id = ? AND state = ? AND version = ?",
        (
            rule.target,
            None if opens else decision.actor,
            None if opens else written(decision.at),
            None if opens else decision.reason,
            None if opens else decision.note,
            written(until) if until else None,
            before.id,
            before.state,
            before.version,
        ),
    ).rowcount
    if changed != 1:
        raise AlreadyDecided(get(db, before.id))
    audit.add(
        db,
        before.id,
        at=decision.at,
        actor=decision.actor,
        verb=decision.verb,
        from_state=before.state,
        to_state=rule.target,
        reason=decision.reason,
        note=decision.note,
        until=until,
        channel=decision.channel,
        ts=decision.ts,
    )
    redraws.note(db, before.id, decision.at)
    return get(db, before.id)


def wake(db: Database, now: datetime) -> list[Finding]:
    """Snoozed findings whose end has passed become open."""
    rows = list(db.query("SELECT id FROM findings WHERE state = 'snoozed' AND until <= ? ORDER BY id", [written(now)]))
    for row in rows:
        reopen(db, row["id"], State.SNOOZED, now, "wake")
    return [get(db, row["id"]) for row in rows]


def resolve(db: Database, finding_id: str, now: datetime, why: str) -> Finding:
    """costbot closes what is gone; a dismissed or resolved finding stays as it is."""
    before = get(db, finding_id)
    if before.state not in RESOLVABLE:
        return before
    db.execute(
        "UPDATE findings SET state = 'resolved', version = version + 1, decided_by = ?, decided_at = ?, reason = ?, "
        "note = NULL, until = NULL WHERE id = ?",
        (COSTBOT, written(now), why, before.id),
    )
    audit.add(
        db,
        before.id,
        at=now,
        actor=COSTBOT,
        verb="resolve",
        from_state=before.state,
        to_state=State.RESOLVED,
        reason=why,
    )
    redraws.note(db, before.id, now)
    return get(db, before.id)


def _rule(before: Finding, decision: Decision) -> Rule:
    rule = rule_of(before.kind, decision.verb)
    if rule is None:
        verbs = ", ".join(allowed(before.kind, before.state)) or ", ".join(rule.verb for rule in RULES[before.kind])
        done = _PARTICIPLE[Verb(decision.verb)] if decision.verb in set(Verb) else decision.verb
        raise NotAllowed(f"{_NOUN[before.kind]} cannot be {done}.", f"For {before.id} there is: {verbs}.")
    if before.state == State.OPEN and decision.verb == Verb.REOPEN:
        raise NotAllowed(f"{before.id} is open; there is nothing to take back.")
    if before.state not in rule.sources:
        raise AlreadyDecided(before)
    if decision.version is not None and decision.version != before.version:
        raise AlreadyDecided(before)
    if rule.target == State.SNOOZED and (decision.until is None or decision.until <= decision.at):
        raise NotAllowed("A snooze needs an end that lies ahead.", f"Type /cost snooze {before.id} --until 7d.")
    return rule
