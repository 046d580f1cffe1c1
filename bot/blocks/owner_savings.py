"""What one owner could save, in one message: the sum first, then each saving with a button to its card."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.lifecycle import State
from analysis.models import Recommendation
from bot.blocks import elements
from bot.blocks.decision_line import title
from bot.blocks.elements import Block, escape
from bot.reply import Reply
from bot.savings.open_savings import saved_a_month
from bot.store.rows import Finding

#: Savings that are listed; the rest is counted.
MOST_LISTED = 12


def owner_savings(findings: Sequence[Finding], who: str | None, tags: Sequence[str]) -> Reply:
    """One owner's savings, those that wait first, the biggest first.

    Args:
        who: the owner, as mrkdwn; None where nobody is known.
        tags: the values of the owner tag that they carry, not escaped.
    """
    waiting = [one for one in findings if one.state == State.OPEN]
    text = _headline(waiting, who, tags)
    ordered = sorted(findings, key=lambda one: (one.state != State.OPEN, -_value(one).monthly_savings, one.id))
    blocks: list[Block] = [elements.section(f"*{text}*")]
    blocks += [_row(one) for one in ordered[:MOST_LISTED]]
    rest = [one for one in ordered[MOST_LISTED:] if one.state == State.OPEN]
    more = f"{len(rest)} more, {saved_a_month(rest)} a month, are not listed here. " if rest else ""
    command = (
        f"`/cost savings --team {_typed(tags[0])}` lists all. " if len(tags) == 1 else "`/cost savings` lists all. "
    )
    hint = "`/cost owners` shows how to give an owner to what has none. " if who is None else ""
    blocks.append(elements.context(f"{more}{command}{hint}Each gets a card of its own, the biggest savings first."))
    return Reply(text, blocks)


def _headline(waiting: Sequence[Finding], who: str | None, tags: Sequence[str]) -> str:
    whose = who or "No owner"
    named = f" of {escape(elements.name(', '.join(tags)))}" if tags else ""
    if not waiting:
        return f"{whose}: every saving{named} listed here is decided."
    many = "1 saving" if len(waiting) == 1 else f"{len(waiting)} savings"
    return f"{whose}: {many}{named}, {saved_a_month(waiting)} a month, to decide."


def _row(finding: Finding) -> Block:
    said = "" if finding.state == State.OPEN else f" ({finding.state})"
    show = elements.run_button("Show", f"/cost saving {finding.id}", 0)
    show["accessibility_label"] = f"Show {finding.id}"
    place = f"{escape(_value(finding).account_name)} · {_value(finding).risk.value} risk"
    return elements.section(f"`{finding.id}` {title(finding)}{said}\n{place}", accessory=show)


def _typed(tag: str) -> str:
    """A tag's value as one types it."""
    word = escape(elements.name(tag)).replace("`", "'")
    return f'"{word}"' if " " in word else word


def _value(finding: Finding) -> Recommendation:
    if not isinstance(finding.value, Recommendation):
        raise TypeError(f"{finding.id} is no saving")
    return finding.value
