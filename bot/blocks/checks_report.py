"""The answer to `/cost checks`: groups, the checks of a group with their last verdicts, or one check whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from analysis.checks import Check
from analysis.models import Group
from analysis.verdicts import Verdict
from bot.blocks import elements
from bot.blocks.elements import Block, escape
from bot.iam import actions_of
from bot.reply import Reply

#: Rows of one table; Slack takes a hundred.
MOST_LISTED = 60
MOST_FACTS = 5
_HEADS = {
    Verdict.SAVES: "Save",
    Verdict.NOTICE: "To look at",
    Verdict.FINE: "Fine",
    Verdict.INSUFFICIENT: "No evidence",
    Verdict.CONFLICT: "Conflict",
}
_RIGHT = tuple(range(1, 1 + len(_HEADS)))


def checks_report(asked: Sequence[Check], last: Mapping[str, Any], *, off: Collection[str], word: str) -> Reply:
    """What the asked checks look for, and what they said.

    Args:
        last: the note of the last scan; empty before the first one.
        off: ids of checks that do not run.
        word: what was typed: a group, an id, or nothing.
    """
    if len(asked) == 1 and word == asked[0].id:
        return _one(asked[0], last, off)
    counts: Mapping[str, Mapping[str, int]] = last.get("by_check", {})
    many = "1 check" if len(asked) == 1 else f"{len(asked)} checks"
    text = f"{many}{f' on {word}' if word else ''}: {_sum(asked, counts)}"
    blocks: list[Block] = [
        elements.section(f"*{text}*"),
        _by_check(asked, counts, off) if word else _by_group(asked, counts),
    ]
    facts = list(last.get("missing_facts", {}).items())[:MOST_FACTS]
    if facts and not word:
        lines = "\n".join(f"• {count} × {escape(fact)}" for fact, count in facts)
        blocks.append(elements.section(f"*What is missing most*\n{lines}"))
    if not word:
        groups = dict.fromkeys(group for check in asked for group in check.groups)
        blocks.append(
            elements.actions(
                *(
                    elements.run_button(group.capitalize(), f"/cost checks {group}", n)
                    for n, group in enumerate(groups)
                ),
                block_id="checks",
            )
        )
    return Reply(text, [*blocks, elements.context(*_footer(asked, last, off))])


def _one(check: Check, last: Mapping[str, Any], off: Collection[str]) -> Reply:
    text = f"{check.title} ({check.id})"
    explained = " ".join(check.doc.split("\n")[2:])
    thresholds = ", ".join(f"{name} {value:g}" for name, value in check.thresholds.items()) or "none"
    said = last.get("by_check", {}).get(check.id, {})
    blocks = [
        elements.section(f"*{escape(text)}*\n{escape(explained)}"),
        elements.fields(
            f"*Last scan*\n{_counts(said) if said else 'nothing was looked at'}",
            f"*Thresholds*\n{escape(thresholds)}",
            f"*Reads*\n{escape(', '.join(check.tables))}",
            f"*Calls*\n{escape(', '.join(sorted(actions_of(check.tables))) or 'none: the stored bill')}",
        ),
        elements.context(f"Catalogue {check.catalogue} · {escape(check.source)}", *_footer([check], last, off)),
    ]
    return Reply(text, blocks)


def _by_group(asked: Sequence[Check], counts: Mapping[str, Mapping[str, int]]) -> Block:
    rows = []
    for group in Group:
        members = [check for check in asked if check.groups[0] == group]
        if members:
            rows.append((f"{group.capitalize()} ({len(members)})", *_figures(members, counts)))
    return elements.table(("Group", *_HEADS.values()), rows, right=_RIGHT)


def _by_check(asked: Sequence[Check], counts: Mapping[str, Mapping[str, int]], off: Collection[str]) -> Block:
    rows = [
        (f"{check.id}{' (off)' if check.id in off else ''}", *_figures([check], counts))
        for check in asked[:MOST_LISTED]
    ]
    return elements.table(("Check", *_HEADS.values()), rows, right=_RIGHT)


def _figures(checks: Sequence[Check], counts: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """How many resources got each verdict; a dash where none of the checks looked at any."""
    said = [counts[check.id] for check in checks if check.id in counts]
    return tuple(f"{sum(one.get(verdict, 0) for one in said):,}" if said else "–" for verdict in _HEADS)


def _sum(asked: Sequence[Check], counts: Mapping[str, Mapping[str, int]]) -> str:
    total = {verdict.value: sum(counts.get(check.id, {}).get(verdict, 0) for check in asked) for verdict in _HEADS}
    return _counts(total) if any(total.values()) else "nothing was looked at yet"


def _counts(said: Mapping[str, int]) -> str:
    return ", ".join(f"{said[verdict]:,} {head.lower()}" for verdict, head in _HEADS.items() if said.get(verdict))


def _footer(asked: Sequence[Check], last: Mapping[str, Any], off: Collection[str]) -> list[str]:
    if not last:
        return ["No scan has finished yet."]
    lines = [f"Scanned {elements.slack_date(datetime.fromisoformat(last['at']))}."]
    counts = last.get("by_check", {})
    idle = [check.id for check in asked if check.id not in counts and check.id not in off]
    if idle:
        shown = ", ".join(idle[:MOST_FACTS]) + (f" and {len(idle) - MOST_FACTS} more" if len(idle) > MOST_FACTS else "")
        lines.append(f"Had nothing to look at: {shown}.")
    off_here = [check.id for check in asked if check.id in off]
    if off_here:
        lines.append(f"Switched off by COSTBOT_CHECKS_OFF: {', '.join(off_here)}.")
    return lines
