"""What people type: messages, slash commands, and the two commands of Slack's own the demo needs."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.slack.events import message_posted
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.responding import respond
from bot.demo.slack.response_urls import ResponseUrl
from bot.demo.slack.team import APP_ID, BOT_NAME, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, Channel, User
from bot.demo.slack.workspace import Workspace


async def say(workspace: Workspace, person: User, channel: Channel, text: str, thread_ts: str | None) -> str:
    """Do what a person typed; returns what Slack shows them when it did not work, else "".

    Raises:
        Refusal: the person cannot write there.
    """
    if channel.is_archived:
        raise Refusal("is_archived")
    if not channel.visible_to(person.id):
        raise Refusal("channel_not_found")
    if not text.strip():
        raise Refusal("no_text")
    if not text.startswith("/"):
        message = workspace.messages.post(channel.id, person.id, marked_up(workspace, text), thread_ts=thread_ts)
        message_posted(workspace, message)
        return ""
    word, _, rest = text.partition(" ")
    if word == "/invite":
        return _invite(workspace, person, channel, rest)
    if workspace.manifest.command(word) is None:
        return f"{word} is not a valid command: the app's manifest does not name it."
    if thread_ts:
        return f"{word} is not supported in threads. Sorry!"
    return await _command(workspace, person, channel, word, rest.strip())


def marked_up(workspace: Workspace, text: str) -> str:
    """What was typed, as Slack stores it: escaped, with the known @names and #channels as mentions."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    users = {user.name: user.id for user in workspace.users.values()}
    channels = {channel.name: channel.id for channel in workspace.channels.values() if not channel.im_user}
    groups = {group.handle: group.id for group in workspace.user_groups.values()}

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "#":
            return f"<#{channels[name]}>" if name in channels else match.group()
        if name in groups:
            return f"<!subteam^{groups[name]}>"
        return f"<@{users[name]}>" if name in users else match.group()

    return re.sub(r"(?<![\w&])([@#])([a-z0-9][\w-]*)", mention, escaped)


async def _command(workspace: Workspace, person: User, channel: Channel, word: str, text: str) -> str:
    typed = f"{word} {text}".strip()
    workspace.messages.post(
        channel.id, person.id, f"{person.name} used {_escaped(typed)}", only_for=person.id, subtype="slash_command"
    )
    declared = workspace.manifest.command(word)
    escapes = declared is not None and declared.should_escape
    payload: dict[str, Any] = {
        "token": "local",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.im_user else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": word,
        "text": marked_up(workspace, text) if escapes else text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": workspace.response_url(channel.id, person.id),
        "trigger_id": workspace.triggers.new(person.id),
    }
    ack = await workspace.delivery.deliver("slash_commands", payload)
    if not ack.ok:
        return f'{word} failed with the error "{ack.error}"'
    return _answer_in_ack(workspace, person, channel, word, ack.payload)


def _answer_in_ack(workspace: Workspace, person: User, channel: Channel, word: str, answer: Any) -> str:
    """Show what the ack itself carried: nothing, a text, or a message."""
    body = {"text": answer} if isinstance(answer, str) else answer
    if not isinstance(body, dict) or not body:
        return ""
    try:
        respond(workspace, ResponseUrl(channel.id, person.id, None, None, 0.0), body)
    except Refusal:
        return f'{word} failed with the error "invalid_command_response"'
    return ""


def _invite(workspace: Workspace, person: User, channel: Channel, who: str) -> str:
    """`/invite @costbot` makes the bot a member of the channel."""
    if who.strip().lstrip("@") != BOT_NAME or channel.im_user:
        return "You can only invite @costbot here, and only to a channel."
    if BOT_USER_ID not in channel.members:
        channel.members.add(BOT_USER_ID)
        workspace.messages.post(
            channel.id, BOT_USER_ID, f"was added to #{channel.name} by <@{person.id}>", subtype="channel_join"
        )
    return ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
