"""The sections of “Waiting for you” on a Home tab: how many of each are shown, and the buttons to the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import elements
from bot.blocks.elements import Block
from bot.blocks.waiting_rows import waiting_row
from bot.store.rows import Finding

#: Findings on one tab: two blocks each, and a tab stays below sixty.
MOST = 17
#: What the action of the buttons that turn a section's pages begins with.
ACTION = "home.page"


@dataclass(frozen=True, slots=True)
class Section:
    """Findings that wait for the same reason, the dearest first; at most `most` are shown at once."""

    key: str
    label: str
    findings: Sequence[Finding]
    most: int


def section_blocks(sections: Sequence[Section], starts: Mapping[str, int], *, may_approve: bool) -> list[Block]:
    """The blocks of all sections that have findings.

    Args:
        starts: which finding a section begins with, by its key; what lies behind the end begins anew.
    """
    blocks: list[Block] = []
    left = MOST
    for section in sections:
        if not section.findings:
            continue
        size = max(min(section.most, left), 1)
        start = starts.get(section.key, 0)
        start = start if 0 <= start < len(section.findings) else 0
        shown = section.findings[start : start + size]
        left -= len(shown)
        blocks.append(elements.context(section.label))
        for finding in shown:
            blocks += waiting_row(finding, may_approve=may_approve, place="home")
        if len(shown) < len(section.findings):
            blocks.append(_paging(section, start, size))
    return blocks


def page_asked(value: str) -> dict[str, int]:
    """What a paging button's value says, as `starts`; nothing where it is no such value."""
    key, _, start = value.partition(" ")
    return {key: int(start)} if start.isdecimal() and len(start) < 7 else {}


def _paging(section: Section, start: int, size: int) -> Block:
    after = len(section.findings) - start - size
    buttons = []
    if start:
        before = max(start - size, 0)
        buttons.append(elements.button("Back", f"{ACTION}.0", f"{section.key} {before}"))
    if after > 0:
        label = f"And {after} more"
        name = f"{label} of {section.label.lower()}"
        buttons.append(elements.button(label, f"{ACTION}.1", f"{section.key} {start + size}", accessibility_label=name))
    return elements.actions(*buttons, block_id=f"home-pages.{section.key}")
