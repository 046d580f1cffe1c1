"""`/cost unsubscribe [KIND]`: ends what this channel gets."""

from __future__ import annotations

from bot.blocks import elements
from bot.commands import Reply, Request, command
from bot.commands.subscribe import KINDS
from bot.context import Context
from bot.errors import UsageError
from bot.words.flags import parse


@command(
    "unsubscribe",
    usage="[digest|anomalies|savings]",
    examples=(
        ("/cost unsubscribe digest", "no more digest in this channel"),
        ("/cost unsubscribe", "nothing at all in this channel"),
    ),
    order=61,
)
def unsubscribe(request: Request, context: Context) -> Reply:
    """End what this channel gets."""
    words = parse(request.words).positional
    kind = words[0].lower() if words else None
    if len(words) > 1 or (kind is not None and kind not in KINDS):
        raise UsageError(
            f"{elements.quoted(' '.join(words))} is nothing to unsubscribe from.", f"Use one of {', '.join(KINDS)}."
        )
    ended = context.store.unsubscribe(request.channel_id, kind)
    if not ended:
        text = f"This channel was not subscribed to {kind or 'anything'}; nothing changed."
        return Reply(text, [elements.section(text)])
    text = f"This channel no longer gets {kind or 'anything by itself'}. Set by <@{request.user_id}>."
    again = elements.context(f"`/cost subscribe {kind or 'digest'}` brings it back.")
    return Reply(text, [elements.section(text), again], in_channel=True)
