"""`/cost digest [now]`: the daily digest, without waiting for the morning."""

from __future__ import annotations

from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.words.flags import parse
from bot.workflows.send_digest import digest_reply


@command(
    "digest",
    usage="[now]",
    examples=(
        ("/cost digest now", "the digest, for everybody in this channel"),
        ("/cost digest", "the same, for you alone"),
    ),
    order=50,
)
def digest(request: Request, context: Context) -> Reply:
    """Show the daily digest."""
    words = parse(request.words).positional
    if words not in ((), ("now",)):
        raise UsageError(
            f"{quoted(' '.join(words))} is not known here.",
            "Type /cost digest now; /cost subscribe digest --at 09:00 sends it every day.",
        )
    return digest_reply(context, in_channel=words == ("now",))
