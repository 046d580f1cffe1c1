"""What the thread of a card says when nobody reacts to it."""

from __future__ import annotations

from datetime import datetime

from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.decision_line import title
from bot.blocks.elements import Block
from bot.reply import Reply
from bot.store.rows import Finding


def escalation(
    finding: Finding, who: str, *, hours: float, before: tuple[str, datetime] | None, then: str | None
) -> Reply:
    """Ask somebody to look at a finding.

    Args:
        who: is asked, as mrkdwn.
        hours: working hours that it has waited for a reaction, since it was last told.
        before: who was asked first, as mrkdwn, and when; None of the first step.
        then: who is asked next, as mrkdwn; None of the last step.
    """
    waited = f"{hours:g} working hour{'' if hours == 1 else 's'}"
    if before is None:
        news = f"{who}: nobody has reacted to {finding.id} for {waited}."
    else:
        asked, at = before
        news = f"{who}: {finding.id} still waits, {waited} after {asked} was asked {elements.slack_date(at)}."
    after = f" Without an answer {then} is asked next." if then else ""
    text = f"{news} {title(finding)}."
    hint = f"Decide on the card above, or take it.{after}"
    return Reply(text, [elements.section(text), elements.context(hint), _buttons(finding)])


def _buttons(finding: Finding) -> Block:
    buttons = [elements.run_button("I take it", f"/cost assign {finding.id} me", 0, style="primary")]
    if isinstance(finding.value, Anomaly):
        buttons.append(elements.run_button("Acknowledge", f"/cost acknowledge {finding.id}", 1))
    buttons.append(elements.run_button("Show", f"/cost {_command(finding)} {finding.id}", 2))
    return elements.actions(*buttons, block_id=f"escalation.{finding.id}")


def _command(finding: Finding) -> str:
    return "anomaly" if isinstance(finding.value, Anomaly) else "saving"
