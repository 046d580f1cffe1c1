"""reactions.add: an emoji on a message."""

from __future__ import annotations

from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import BOT_USER_ID
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("reactions.add")
def reactions_add(workspace: Workspace, body: Body) -> Answer:
    """React as the bot, once for each emoji."""
    name = str(body.get("name") or "").strip(":")
    if not name:
        raise Refusal("invalid_name")
    channel = workspace.writable(body.get("channel"))
    message = workspace.messages.find(channel.id, body.get("timestamp"))
    if message is None:
        raise Refusal("message_not_found")
    if any(reaction["name"] == name for reaction in message.reactions):
        raise Refusal("already_reacted")
    reaction = {"name": name, "users": [BOT_USER_ID], "count": 1}
    workspace.messages.change(message, reactions=[*message.reactions, reaction])
    return {}
