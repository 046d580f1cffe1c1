"""News of an anomaly whose card is out: it doubled or is back, for the channel; it grew, for the card's thread."""

from __future__ import annotations

from analysis.lifecycle import State
from analysis.models import Anomaly
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money
from bot.blocks.episode_words import in_total
from bot.store.rows import Finding


def again_text(finding: Finding, before: float | None) -> str:
    """The news as a sentence; escaped.

    Args:
        before: money a day as the channel was told it last; None where it had been resolved since.
    """
    value = _anomaly(finding)
    where = f"{escape(value.service_name)} in {escape(value.account_name)}"
    now = f"{money(value.impact_per_day, value.currency, signed=True)}/day"
    if before is None:
        return f"{where} is back: {now}, after {finding.id} had been resolved."
    times = abs(value.impact_per_day) / before if before else 0.0
    grown = "has doubled" if times < 3 else f"is {times:,.0f} times what it was"
    return f"{where} {grown}: {now}; {finding.id} told of {_was(before, value)}/day."


def again_blocks(finding: Finding, before: float | None) -> list[Block]:
    """The news, why, and what can be done."""
    value = _anomaly(finding)
    buttons = []
    if finding.state == State.OPEN:
        about = f"Acknowledge anomaly {finding.id}"
        buttons.append(
            elements.button("Acknowledge", "decide.acknowledge", finding.id, style="primary", accessibility_label=about)
        )
    buttons += [
        elements.run_button(f"Show {finding.id}", f"/cost anomaly {finding.id}", 0),
        elements.run_button("Why?", f"/cost why {finding.id}", 1),
    ]
    return [
        elements.section(f"*{again_text(finding, before)}*\n{escape(value.explanation)}"),
        elements.actions(*buttons, block_id=f"again.{finding.id}"),
        elements.context(
            f"{in_total(value)} since {elements.day(value.first_day)}. Its card shows the figures of now."
        ),
    ]


def grown_text(finding: Finding, before: float) -> str:
    """What its thread is told."""
    value = _anomaly(finding)
    now = money(value.impact_per_day, value.currency, signed=True)
    return f"{finding.id} has grown: {now}/day now, {_was(before, value)}/day when it was told; {in_total(value)}."


def grown_blocks(finding: Finding, before: float) -> list[Block]:
    """The same as a block."""
    return [elements.section(grown_text(finding, before))]


def _was(before: float, value: Anomaly) -> str:
    amount = before if value.impact_per_day >= 0 else -before
    return money(amount, value.currency, signed=True)


def _anomaly(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
