"""conversations.* and users.conversations: the channels."""

from __future__ import annotations

from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import BOT_USER_ID, Channel
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("conversations.info")
def conversations_info(workspace: Workspace, body: Body) -> Answer:
    """One channel."""
    return {"channel": workspace.channel(body.get("channel")).as_slack()}


@method("conversations.list")
def conversations_list(workspace: Workspace, body: Body) -> Answer:
    """All channels of the types asked for (public ones by default), on one page."""
    return {"channels": _of_types(workspace, body), "response_metadata": {"next_cursor": ""}}


@method("users.conversations")
def users_conversations(workspace: Workspace, body: Body) -> Answer:
    """The channels a user, by default the bot, is in."""
    member = body.get("user") or BOT_USER_ID
    mine = [channel for channel in _of_types(workspace, body) if member in workspace.channels[channel["id"]].members]
    return {"channels": mine, "response_metadata": {"next_cursor": ""}}


@method("conversations.members")
def conversations_members(workspace: Workspace, body: Body) -> Answer:
    """Who is in a channel."""
    channel = workspace.channel(body.get("channel"))
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


@method("conversations.open")
def conversations_open(workspace: Workspace, body: Body) -> Answer:
    """The direct message with one person."""
    users = body.get("users") or ""
    names = users if isinstance(users, list) else [word.strip() for word in str(users).split(",") if word.strip()]
    if len(names) != 1:
        raise Refusal("users_list_not_supplied" if not names else "method_not_supported_for_channel_type")
    return {"channel": {"id": workspace.channel(workspace.person(names[0]).id).id}}


@method("conversations.join")
def conversations_join(workspace: Workspace, body: Body) -> Answer:
    """Make the bot a member."""
    channel = workspace.channel(body.get("channel"))
    if channel.is_archived:
        raise Refusal("is_archived")
    if channel.im_user:
        raise Refusal("method_not_supported_for_channel_type")
    channel.members.add(BOT_USER_ID)
    return {"channel": channel.as_slack()}


def _of_types(workspace: Workspace, body: Body) -> list[Answer]:
    types = str(body.get("types") or "public_channel").split(",")
    without_archived = str(body.get("exclude_archived", "")).lower() in ("true", "1")

    def wanted(channel: Channel) -> bool:
        kind = "im" if channel.im_user else "public_channel"
        return kind in types and not (without_archived and channel.is_archived)

    return [channel.as_slack() for channel in workspace.channels.values() if wanted(channel)]
