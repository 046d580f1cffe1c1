"""chat.*: the bot's messages."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.composing import checked_content
from bot.demo.slack.events import message_posted
from bot.demo.slack.messages import Message
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import BOT_USER_ID
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("chat.postMessage")
def chat_post_message(workspace: Workspace, body: Body) -> Answer:
    """A message everybody in the channel sees."""
    channel = workspace.writable(body.get("channel"))
    content = checked_content(workspace, body)
    message = workspace.messages.post(channel.id, BOT_USER_ID, **content, **_thread(workspace, channel.id, body))
    message_posted(workspace, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack()}


@method("chat.postEphemeral")
def chat_post_ephemeral(workspace: Workspace, body: Body) -> Answer:
    """A message one person sees until the page is loaded anew."""
    channel = workspace.writable(body.get("channel"))
    person = workspace.person(body.get("user"))
    if person.id not in channel.members:
        raise Refusal("user_not_in_channel")
    content = checked_content(workspace, body)
    message = workspace.messages.post(
        channel.id, BOT_USER_ID, only_for=person.id, **content, **_thread(workspace, channel.id, body)
    )
    return {"message_ts": message.ts}


@method("chat.update")
def chat_update(workspace: Workspace, body: Body) -> Answer:
    """Redraw one of the bot's messages; blocks and attachments that are not given stay."""
    message = _own(workspace, body, "cant_update_message")
    content = checked_content(workspace, body, is_update=True)
    workspace.messages.change(message, **content, edited={"user": BOT_USER_ID, "ts": workspace.messages.next_ts()})
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_slack()}


@method("chat.delete")
def chat_delete(workspace: Workspace, body: Body) -> Answer:
    """Take one of the bot's messages away."""
    message = _own(workspace, body, "cant_delete_message")
    workspace.messages.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def chat_get_permalink(workspace: Workspace, body: Body) -> Answer:
    """The address of a message."""
    channel = workspace.channel(body.get("channel"))
    message = workspace.messages.find(channel.id, body.get("message_ts"))
    if message is None:
        raise Refusal("message_not_found")
    return {
        "channel": channel.id,
        "permalink": f"{workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}",
    }


def _own(workspace: Workspace, body: Body, not_own: str) -> Message:
    """The bot's message that `body` names; ephemeral ones cannot be found again."""
    channel = workspace.channel(body.get("channel"))
    message = workspace.messages.find(channel.id, body.get("ts"))
    if message is None or message.only_for is not None:
        raise Refusal("message_not_found")
    if not message.by_bot:
        raise Refusal(not_own)
    if channel.is_archived:
        raise Refusal("is_archived")
    return message


def _thread(workspace: Workspace, channel_id: str, body: Body) -> dict[str, Any]:
    thread_ts = body.get("thread_ts")
    if not thread_ts:
        return {}
    parent = workspace.messages.find(channel_id, thread_ts)
    if parent is None:
        raise Refusal("thread_not_found")
    return {"thread_ts": parent.thread_ts or parent.ts}
