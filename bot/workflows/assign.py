"""Give a finding to somebody, by the card's list of people or typed: recorded once, shown on every message about it."""

from __future__ import annotations

from bot.blocks import decision_line, elements
from bot.context import Context
from bot.reply import Reply
from bot.store import NotAllowed
from bot.workflows.redraw import redraw


def assign(
    context: Context,
    finding_id: str,
    assignee: str | None,
    *,
    user_id: str,
    channel: str | None = None,
    ts: str | None = None,
) -> Reply:
    """Assign, and answer the person who did; None takes it from whoever has it.

    Raises:
        CostbotError: the finding is unknown.
    """
    before = context.store.finding(finding_id)
    try:
        found = context.store.assign(
            before.id, assignee, actor=user_id, now=context.clock.now(), channel=channel, ts=ts
        )
    except NotAllowed as refused:
        return Reply(str(refused), [elements.section(str(refused))])
    if found.version == before.version:
        said = f"{found.id} is {_with(assignee)} already."
    else:
        redraw(context, found)
        said = f"{found.id} is {_with(assignee)} now: {decision_line.title(found)}."
    return Reply(said, [elements.section(said)])


def _with(assignee: str | None) -> str:
    return "with nobody" if assignee is None else f"with {decision_line.person(assignee)}"
