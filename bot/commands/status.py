"""`/cost status`: how costbot itself is, from its own books; neither Slack nor AWS is asked."""

from __future__ import annotations

from bot import __version__
from bot.blocks.elements import quoted
from bot.blocks.status_report import Status, sources_reply, status_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.watch.facts import gather
from bot.watch.judge import judge
from bot.words.flags import parse


@command(
    "status",
    usage="[sources]",
    examples=(
        ("/cost status", "what is wrong with costbot, how old its data is, when each job ran and runs next"),
        ("/cost status sources", "every source and account: when it last answered"),
    ),
    order=76,
)
def status(request: Request, context: Context) -> Reply:
    """How costbot itself is."""
    words = [word.lower() for word in parse(request.words).positional]
    if words not in ([], ["sources"]):
        raise UsageError(
            f"/cost status does not know {quoted(' '.join(words))}.", "Type /cost status, or /cost status sources."
        )
    facts = gather(context)
    found = Status(facts, judge(facts), __version__, request.typed)
    return sources_reply(found) if words else status_reply(found)
