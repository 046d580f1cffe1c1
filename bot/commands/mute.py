"""`/cost mute ID|SERVICE --until … --reason …`: hear nothing of a pattern; alone it lists what is muted."""

from __future__ import annotations

from bot.blocks.mute_report import MuteLine, mutes_blocks, mutes_text
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.delivery.muted import muted_since
from bot.words.flags import parse
from bot.words.mute import wanted_mute
from bot.workflows.mute import mute as keep


@command(
    "mute",
    usage="[ID|SERVICE [--account x] --until 30d|DATE --reason TEXT]",
    examples=(
        ("/cost mute", "what is muted, until when, and what it has cost since"),
        ('/cost mute A-3K8P --until 30d --reason "load tests"', "no card when the same rises there again"),
        ('/cost mute ec2 --account sandbox --until 2026-12-31 --reason "experiments"', "a service in one account"),
    ),
    order=45,
)
def mute(request: Request, context: Context) -> Reply:
    """Record a pattern and do not post it, until an end."""
    parsed = parse(request.words, flags=("until", "reason", "account"))
    if not parsed.positional and not parsed.flags:
        found = muted_since(context)
        lines = [MuteLine(one.mute, one.findings, one.dollars, one.currency) for one in found]
        return Reply(mutes_text(lines), mutes_blocks(lines))
    wanted = wanted_mute(context, parsed.positional, parsed.flags, user=request.user_id)
    return keep(context, wanted, channel=request.channel_id)
