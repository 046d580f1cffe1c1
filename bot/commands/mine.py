"""`/cost mine`: what the person who asks was given, and what they own."""

from __future__ import annotations

from bot.approvers import may_approve
from bot.blocks.elements import quoted
from bot.blocks.mine_report import mine_report
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.belongings import belongings
from bot.words.flags import parse


@command(
    "mine",
    usage="[--page N]",
    examples=(("/cost mine", "anomalies and savings that were given to you or that you own, with their buttons"),),
    order=29,
)
def mine(request: Request, context: Context) -> Reply:
    """What is yours to look after."""
    parsed = parse(request.words, flags=("page",))
    if parsed.positional:
        raise UsageError(f"/cost mine does not know {quoted(' '.join(parsed.positional))}.", "Type /cost mine.")
    return mine_reply(context, request.user_id, page=_page(parsed.flags.get("page", "1")))


def mine_reply(context: Context, user_id: str, *, page: int = 1, notice: str | None = None) -> Reply:
    """A person's list as it is now."""
    found = belongings(context, user_id)
    return mine_report(found, may_approve=may_approve(context, user_id), page=page, notice=notice)


def _page(typed: str) -> int:
    if typed.strip().isdecimal() and 1 <= int(typed) <= 10_000:
        return int(typed)
    raise UsageError(f"--page {quoted(typed)} is no page.", "Write a number, as --page 2.")
