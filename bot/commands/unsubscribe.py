"""`/cost unsubscribe [KIND]`: ends what this channel gets."""

from __future__ import annotations

from bot.blocks import elements
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.store.rows import KINDS
from bot.words.flags import parse


@command(
    "unsubscribe",
    usage=f"[{'|'.join(KINDS)}] [--team x] [--account y]",
    examples=(
        ("/cost unsubscribe digest", "no more digest in this channel"),
        ("/cost unsubscribe digest --team payments", "no more digest of that team, any other stays"),
        ("/cost unsubscribe", "nothing at all in this channel"),
    ),
    order=61,
)
def unsubscribe(request: Request, context: Context) -> Reply:
    """End what this channel gets."""
    parsed = parse(request.words, flags=("team", "account"))
    words = parsed.positional
    kind = words[0].lower() if words else None
    if len(words) > 1 or (kind is not None and kind not in KINDS):
        raise UsageError(
            f"{elements.quoted(' '.join(words))} is nothing to unsubscribe from.", f"Use one of {', '.join(KINDS)}."
        )
    team, account = parsed.flags.get("team"), _account(context, parsed.flags.get("account"))
    ended = context.store.unsubscribe(request.channel_id, kind, team=team, account=account)
    whose = f" of team {elements.quoted(team)}" if team else ""
    whose += f" of account {elements.quoted(parsed.flags['account'])}" if account else ""
    if not ended:
        text = f"This channel was not subscribed to {kind or 'anything'}{whose}; nothing changed."
        return Reply(text, [elements.section(text)])
    text = f"This channel no longer gets {kind or 'anything by itself'}{whose}. Set by <@{request.user_id}>."
    again = elements.context(f"`/cost subscribe {kind or 'digest'}` brings it back.")
    return Reply(text, [elements.section(text), again], in_channel=True)


def _account(context: Context, typed: str | None) -> str | None:
    """The id of an account that was typed by its name or id."""
    if typed is None:
        return None
    names = context.costs.account_names()
    return next((key for key, name in names.items() if name.casefold() == typed.casefold()), typed)
