"""What the admin channel is told: what is wrong with costbot, what still is, and what is over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import elements
from bot.blocks.elements import slack_date
from bot.blocks.status_report import MARKS
from bot.reply import Reply
from bot.store.watch import Trouble
from bot.watch.verdict import Verdict

MOST = 8


def trouble_reply(new: Sequence[Verdict], lasting: Sequence[tuple[Verdict, Trouble]], over: Sequence[Trouble]) -> Reply:
    """One message, however much there is to tell.

    Args:
        new: told for the first time. lasting: told before, and not over. over: was told.
    """
    lines = [f"{MARKS[one.severity]} {one.sentence} {one.remedy}".rstrip() for one in new]
    lines += [
        f"{MARKS[one.severity]} Still, since {slack_date(known.since)}: {one.sentence} {one.remedy}".rstrip()
        for one, known in lasting
    ]
    lines += [f":white_check_mark: Over: {one.sentence}" for one in over]
    rest = len(lines) - MOST
    shown = [*lines[:MOST], f"and {rest} more: `/cost status`"] if rest > 0 else lines
    headline = _headline(len(new), len(lasting), len(over))
    # What is over is one line and wants nothing of anybody.
    blocks = [elements.section("\n".join(shown if not (new or lasting) else [f"*{headline}*", *shown]))]
    if new or lasting:
        blocks.append(elements.actions(elements.run_button("Status", "/cost status", 0), block_id="status"))
    return Reply(" ".join([f"{headline}.", *(line.partition(" ")[2] for line in shown[:MOST])]), blocks)


def _headline(new: int, lasting: int, over: int) -> str:
    if new:
        return "Something is wrong with costbot" if new == 1 else f"{new} things are wrong with costbot"
    if lasting:
        return "Something is still wrong with costbot" if lasting == 1 else f"{lasting} things are still wrong"
    return "One trouble of costbot is over" if over == 1 else f"{over} troubles of costbot are over"
