"""The card of a finding, whatever kind it is, as it should look now."""

from __future__ import annotations

from analysis.models import Anomaly
from bot.blocks import decision_line
from bot.blocks.anomaly_card import anomaly_card
from bot.blocks.elements import Block
from bot.blocks.recommendation_card import recommendation_card
from bot.store.rows import Finding


def card(finding: Finding, *, undo: bool, owner: str | None = None) -> list[Block]:
    """The blocks of a finding's message.

    Args:
        undo: whether the person who decided may still take it back; without, there is no Undo button.
        owner: whose it is, as mrkdwn; None where only its tag tells.
    """
    draw = anomaly_card if isinstance(finding.value, Anomaly) else recommendation_card
    blocks = draw(finding, owner)
    return blocks if undo else _without_undo(blocks)


def card_text(finding: Finding) -> str:
    """The same in a sentence, for notifications and screen readers."""
    said = decision_line.decision_text(finding).replace("*", "") if finding.decided_at else "Waiting for a decision"
    return f"{finding.id}: {decision_line.title(finding)}. {said}."


def _without_undo(blocks: list[Block]) -> list[Block]:
    shown: list[Block] = []
    for block in blocks:
        if block["type"] != "actions":
            shown.append(block)
            continue
        kept = [element for element in block["elements"] if element.get("action_id") != "decide.reopen"]
        if kept:
            shown.append({**block, "elements": kept})
    return shown
