"""`/cost reopen ID`: the typed twin of the Undo button."""

from __future__ import annotations

from analysis.lifecycle import Verb
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.words.finding import finding_id
from bot.workflows.decide import decide


@command(
    "reopen",
    usage="ID",
    examples=(("/cost reopen S-7Q2M", "takes a decision back: yours for 10 minutes, an approver any"),),
    aliases=("undo",),
    order=44,
)
def reopen(request: Request, context: Context) -> Reply:
    """Take a decision back."""
    typed, _ = finding_id(request, "S-7Q2M")
    return decide(context, typed, Verb.REOPEN, user_id=request.user_id, channel=request.channel_id)
