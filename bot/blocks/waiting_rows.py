"""A finding that waits for somebody, in two blocks: what it is, and the buttons to decide with."""

from __future__ import annotations

from analysis.lifecycle import Verb, allowed
from analysis.models import Anomaly, Recommendation
from bot.blocks import elements
from bot.blocks.decision_line import title
from bot.blocks.elements import Block
from bot.store.rows import Finding

_LABELS = {Verb.ACKNOWLEDGE: "Acknowledge", Verb.SNOOZE: "Snooze…", Verb.DISMISS: "Dismiss…"}


def waiting_row(finding: Finding, *, may_approve: bool, place: str, shows: bool = False) -> list[Block]:
    """The blocks of one finding.

    Args:
        may_approve: whether the reader may approve and dismiss savings.
        place: what the ids of its blocks begin with.
        shows: whether a button shows the whole card, which a Home tab has no place for.
    """
    buttons = _anomaly_buttons(finding) if isinstance(finding.value, Anomaly) else _saving_buttons(finding, may_approve)
    if shows:
        command = "anomaly" if isinstance(finding.value, Anomaly) else "saving"
        buttons.append(elements.run_button(f"Show {finding.id}", f"/cost {command} {finding.id}", 0))
    return [elements.section(_line(finding)), elements.actions(*buttons, block_id=f"{place}.{finding.id}")]


def _line(finding: Finding) -> str:
    value = finding.value
    if isinstance(value, Anomaly):
        detail = f"{value.severity.value}, since {elements.day(value.first_day)}"
    else:
        place = map(elements.escape, (value.account_name, value.region))
        detail = " · ".join(filter(None, (*place, f"{value.risk.value} risk")))
    return f"*{title(finding)}*\n`{finding.id}` · {detail}"


def _anomaly_buttons(finding: Finding) -> list[Block]:
    may = allowed(finding.kind, finding.state)
    return [_button(label, finding) for verb, label in _LABELS.items() if verb in may]


def _saving_buttons(finding: Finding, may_approve: bool) -> list[Block]:
    value = finding.value
    if not may_approve or not isinstance(value, Recommendation):
        return [_button("Snooze…", finding)]
    name = value.resource_name or value.resource_id
    question = elements.confirm(
        f"Approve {finding.id}?",
        f"{name} in {value.account_name}: {value.current} → {value.proposed}; {value.effect.rstrip('.')}. "
        "costbot records it and shows the command; it executes nothing.",
        "Approve",
    )
    approve = elements.button(
        "Approve",
        "decide.approve",
        finding.id,
        style="primary",
        confirm=question,
        accessibility_label=f"Approve {finding.id}",
    )
    return [approve, _button("Dismiss…", finding), _button("Snooze…", finding)]


def _button(label: str, finding: Finding) -> Block:
    verb = label.rstrip("…").lower()
    return elements.button(label, f"decide.{verb}", finding.id, accessibility_label=f"{label} {finding.id}")
