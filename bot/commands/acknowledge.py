"""`/cost acknowledge ID`: the typed twin of the Acknowledge button."""

from __future__ import annotations

from analysis.lifecycle import Verb
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.words.finding import finding_id
from bot.workflows.decide import decide


@command(
    "acknowledge",
    usage="ID",
    examples=(("/cost acknowledge A-3K8P", "says that somebody is looking into an anomaly"),),
    aliases=("ack",),
    order=43,
)
def acknowledge(request: Request, context: Context) -> Reply:
    """Say that you are looking into an anomaly."""
    typed, _ = finding_id(request, "A-3K8P")
    return decide(context, typed, Verb.ACKNOWLEDGE, user_id=request.user_id, channel=request.channel_id)
