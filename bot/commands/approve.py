"""`/cost approve ID`: the typed twin of the Approve button."""

from __future__ import annotations

from analysis.lifecycle import Verb
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.words.finding import finding_id
from bot.workflows.decide import decide


@command(
    "approve",
    usage="ID",
    examples=(("/cost approve S-7Q2M", "approves a saving and shows its command; costbot executes nothing"),),
    order=40,
)
def approve(request: Request, context: Context) -> Reply:
    """Approve a saving."""
    typed, _ = finding_id(request, "S-7Q2M")
    return decide(context, typed, Verb.APPROVE, user_id=request.user_id, channel=request.channel_id)
