"""A decision on a finding, by a button or typed: checked, recorded once, and shown on every message about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.lifecycle import UNDO_WINDOW, Rule, State, Verb, may_undo, rule_of
from analysis.models import Recommendation
from bot.approvers import require_approver
from bot.blocks import decision_line, elements
from bot.blocks.elements import money
from bot.context import Context
from bot.reply import Reply
from bot.store import AlreadyDecided, Finding, NotAllowed
from bot.workflows.redraw import redraw

#: Slack delivers a click again when it missed our acknowledgement; within this time that is the same click.
SAME_CLICK = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision: the finding as it now is, and what to tell the person."""

    finding: Finding
    reply: Reply
    is_decided: bool


def decide(
    context: Context,
    finding_id: str,
    verb: str,
    *,
    user_id: str,
    channel: str | None = None,
    ts: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    until: datetime | None = None,
) -> Reply:
    """Decide, and answer the person who did.

    Raises:
        CostbotError: the finding is unknown, or who may decide could not be checked; nothing was changed.
    """
    return attempt(
        context, finding_id, verb, user_id=user_id, channel=channel, ts=ts, reason=reason, note=note, until=until
    ).reply


def attempt(
    context: Context,
    finding_id: str,
    verb: str,
    *,
    user_id: str,
    channel: str | None = None,
    ts: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    until: datetime | None = None,
) -> Outcome:
    """As `decide`, for callers that draw something else than the reply."""
    finding = context.store.finding(finding_id)
    now = context.clock.now()
    rule = rule_of(finding.kind, verb)
    try:
        if rule is not None and finding.state in rule.sources:
            _check_person(context, finding, rule, user_id, now)
        decided = context.store.decide(
            finding.id,
            verb,
            actor=user_id,
            now=now,
            reason=reason,
            note=note,
            until=until,
            channel=channel,
            ts=ts,
            version=finding.version,
        )
    except AlreadyDecided as refused:
        return _second(context, refused.finding, rule, user_id, now)
    except NotAllowed as refused:
        return Outcome(finding, _refusal(str(refused)), False)
    redraw(context, decided)
    return Outcome(decided, _done(decided, now), True)


def _check_person(context: Context, finding: Finding, rule: Rule, user_id: str, now: datetime) -> None:
    if not rule.needs_approver:
        return
    takes_back = rule.verb == Verb.REOPEN
    if takes_back and may_undo(actor=user_id, decided_by=finding.decided_by, decided_at=finding.decided_at, now=now):
        return
    doing = f"reopen {finding.id}, which {_elsewhose(finding, user_id)}" if takes_back else f"{rule.verb} {finding.id}"
    require_approver(context, user_id, doing)


def _elsewhose(finding: Finding, user_id: str) -> str:
    if finding.decided_by == user_id:
        return f"you decided more than {UNDO_WINDOW.seconds // 60} minutes ago"
    return f"{decision_line.person(finding.decided_by)} decided"


def _second(context: Context, finding: Finding, rule: Rule | None, user_id: str, now: datetime) -> Outcome:
    """Somebody was faster. The card that was clicked is stale, so it is redrawn."""
    if rule is not None and _is_same_click(context, finding, rule, user_id, now):
        return Outcome(finding, _done(finding, now), True)
    redraw(context, finding)
    return Outcome(finding, _refusal(decision_line.already_text(finding)), False)


def _is_same_click(context: Context, finding: Finding, rule: Rule, user_id: str, now: datetime) -> bool:
    if finding.state != rule.target:
        return False
    last = context.store.audit(finding.id)[-1]
    return (last.actor, last.verb) == (user_id, rule.verb) and abs(now - last.at) <= SAME_CLICK


def _refusal(sentence: str) -> Reply:
    return Reply(sentence, [elements.section(sentence)])


def _done(finding: Finding, now: datetime) -> Reply:
    told = _told(finding)
    if finding.state == State.OPEN or finding.decided_at is None:
        return Reply(told, [elements.section(told)])
    blocks = [elements.section(told)]
    if finding.state == State.APPROVED and isinstance(finding.value, Recommendation):
        blocks.append(elements.section(decision_line.instructions(finding.value)))
    hint = decision_line.undo_hint(finding, finding.decided_at + UNDO_WINDOW)
    return Reply(told, [*blocks, elements.context(hint)])


def _told(finding: Finding) -> str:
    value = finding.value
    if finding.state == State.APPROVED and isinstance(value, Recommendation):
        saved = money(value.monthly_savings, value.currency)
        return f"You approved {finding.id}, {saved} a month. costbot changes nothing in AWS itself."
    if finding.state == State.OPEN:
        return f"{finding.id} is open again."
    until = f" until {elements.slack_date(finding.until)}" if finding.until else ""
    return f"You {_past(finding.state)} {finding.id}{until}: {decision_line.title(finding)}."


def _past(state: str) -> str:
    return {State.ACKNOWLEDGED: "acknowledged", State.DISMISSED: "dismissed", State.SNOOZED: "snoozed"}[State(state)]
