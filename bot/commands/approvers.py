"""`/cost approvers`: who may approve savings, and how to change it."""

from __future__ import annotations

from bot.approvers import is_approver, mentions
from bot.blocks import elements
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.settings import setting_name


@command("approvers", examples=(("/cost approvers", "who may approve savings"),), order=70)
def approvers(request: Request, context: Context) -> Reply:
    """Who may approve savings."""
    setting = setting_name("approvers")
    if not context.settings.approvers:
        text = f"Nobody may approve savings yet: {setting} is empty."
        remedy = f"Set `{setting}` to user ids (U…) or user group ids (S…), separated by commas, and restart costbot."
        return Reply(text, [elements.section(f"{text}\n{remedy}")])
    you = "You are one of them." if is_approver(context, request.user_id) else "You are not one of them."
    text = f"Savings are approved and dismissed by {mentions(context)}. {you}"
    rules = (
        "Anybody may acknowledge, snooze and dismiss an anomaly and snooze a saving. "
        f"Who decided can undo it for 10 minutes, an approver at any time. Set in `{setting}`."
    )
    return Reply(text, [elements.section(text), elements.context(rules)])
