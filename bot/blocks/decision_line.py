"""What a card says once somebody has decided, and the line its thread keeps about it."""

from __future__ import annotations

from datetime import datetime

from analysis.checks.words import NO_UNDO
from analysis.lifecycle import State
from analysis.models import Anomaly, Recommendation
from bot.blocks import elements
from bot.blocks.elements import Block, escape, slack_date
from bot.blocks.episode_words import in_total, outcome
from bot.store.rows import COSTBOT, AuditRow, Finding

_WORD = {
    State.ACKNOWLEDGED: "Acknowledged",
    State.APPROVED: "Approved",
    State.DISMISSED: "Dismissed",
    State.SNOOZED: "Snoozed",
    State.RESOLVED: "Resolved",
}


def decision_blocks(finding: Finding, undo: bool) -> list[Block]:
    """The line that takes the place of a card's buttons; nothing for an open finding.

    Args:
        undo: whether to offer Undo; costbot takes that button away after ten minutes.
    """
    if finding.state == State.OPEN:
        return []
    line = elements.section(decision_text(finding))
    buttons = []
    if finding.state == State.ACKNOWLEDGED:
        buttons += [
            elements.button("Snooze…", "decide.snooze", finding.id),
            elements.button("Dismiss…", "decide.dismiss", finding.id),
        ]
    if undo and finding.state != State.RESOLVED:
        buttons.append(
            elements.button("Undo", "decide.reopen", finding.id, accessibility_label=f"Undo: open {finding.id} again")
        )
    if not buttons:
        return [line]
    return [line, elements.actions(*buttons, block_id=f"decision.{finding.id}")]


def decision_text(finding: Finding) -> str:
    """Who decided what and when, in mrkdwn."""
    at = f" {slack_date(finding.decided_at)}" if finding.decided_at else ""
    until = f" until {slack_date(finding.until)}" if finding.until else ""
    return f"*{_WORD[State(finding.state)]}* by {person(finding.decided_by)}{at}{until}" + _why(
        finding.reason, finding.note
    )


def history_text(finding: Finding, row: AuditRow) -> str:
    """One change of state as its thread keeps it; an approved saving brings its command and its undo."""
    who, at = person(row.actor), slack_date(row.at)
    if row.verb == "wake":
        return f"The snooze of {finding.id} is over: it is open again."
    if row.verb == "assign":
        return f"Assigned to {person(row.note)} by {who} {at}." if row.note else f"Assigned to nobody by {who} {at}."
    if row.verb == "escalate":
        return f"{person(row.note)} was asked about {finding.id} again {at}."
    if row.verb == "recur":
        return f"{finding.id} is back: it was resolved and is seen again, {at}."
    if row.to_state == State.OPEN:
        return f"Reopened by {who} {at}; it was {row.from_state}."
    until = f" until {slack_date(row.until)}" if row.until else ""
    line = f"{_WORD[State(row.to_state)]} by {who} {at}{until}{_why(row.reason, row.note)}"
    if row.to_state == State.RESOLVED and isinstance(finding.value, Anomaly):
        line = f"{line}; {in_total(finding.value)}"
    is_latest = row.to_state == finding.state
    if is_latest and row.to_state == State.APPROVED and isinstance(finding.value, Recommendation):
        return f"{line}\n{instructions(finding.value)}"
    return line


def already_text(finding: Finding) -> str:
    """What somebody who comes second is told, as a sentence."""
    if finding.state == State.OPEN:
        return f"{finding.id} is open again; somebody took the decision back."
    word = _WORD[State(finding.state)].lower()
    at = f" {slack_date(finding.decided_at)}" if finding.decided_at else ""
    until = f" until {slack_date(finding.until)}" if finding.until else ""
    who, why = person(finding.decided_by), _why(finding.reason, finding.note)
    return f"{finding.id} was already {word} by {who}{at}{until}{why}."


def title(finding: Finding) -> str:
    """A finding in a few words; foreign text is escaped."""
    value = finding.value
    if isinstance(value, Anomaly) and finding.state == State.RESOLVED:
        return f"{escape(value.service_name)} in {escape(value.account_name)}: {outcome(value)}"
    if isinstance(value, Anomaly):
        per_day = elements.money(value.impact_per_day, value.currency, signed=True)
        return f"{escape(value.service_name)} {per_day}/day in {escape(value.account_name)}"
    name = escape(value.resource_name or value.resource_id)
    if value.is_notice:
        return f"{name}: {escape(value.current)} → {escape(value.proposed)}"
    saved = elements.money(value.monthly_savings, value.currency)
    return f"Save {saved}/month on {name}: {escape(value.current)} → {escape(value.proposed)}"


def person(actor: str | None) -> str:
    """A mention of a person or a user group, or costbot's own name."""
    if actor is None or actor == COSTBOT:
        return COSTBOT
    return f"<!subteam^{actor}>" if actor.startswith("S") else f"<@{actor}>"


def undo_hint(finding: Finding, ends: datetime) -> str:
    """How to take a decision back from the keyboard."""
    return f"`/cost reopen {finding.id}` takes it back until {slack_date(ends, '{time}')}."


def instructions(value: Recommendation) -> str:
    """The exact change of an approved saving and its undo; costbot only shows them."""
    undo = value.undo if value.undo == NO_UNDO else f"To undo it:\n```{_code(value.undo)}```"
    how = [_steps(value.steps)] if value.steps else []
    how += [f"```{_code(value.command)}```"] if value.command else []
    return (
        f"*costbot executes nothing.* What the change does: {escape(value.effect)}\n"
        f"{'To make it' if value.command else 'What to do'}:\n" + "\n".join([*how, undo])
    )


def _steps(steps: str) -> str:
    """What a person does, in words; lines that begin with `aws ` as commands, which one by one are to be run."""
    shown = [f"```{_code(line)}```" if line.startswith("aws ") else escape(line) for line in steps.splitlines()]
    return "\n".join(shown)


def _code(command: str) -> str:
    # A backtick of a resource's name would end the code block.
    lines = (elements.escape(line) for line in command.replace("`", "'").splitlines())
    return "\n".join(lines)


def _why(reason: str | None, note: str | None) -> str:
    said = " – ".join(escape(text) for text in (reason, note) if text)
    return f": {said}" if said else ""
