"""Answers by response URL or in an acknowledgement: new messages, replaced ones, deleted ones."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.composing import checked_content
from bot.demo.slack.events import message_posted
from bot.demo.slack.response_urls import ResponseUrl
from bot.demo.slack.team import BOT_USER_ID
from bot.demo.slack.workspace import Workspace


def respond(workspace: Workspace, url: ResponseUrl, body: dict[str, Any]) -> None:
    """Do what an answer asks for.

    Raises:
        Refusal: its message breaks a limit.
    """
    original = workspace.messages.find(url.channel, url.message_ts)
    if body.get("delete_original"):
        if original is not None:
            workspace.messages.delete(original)
        return
    content = checked_content(workspace, body)
    if body.get("replace_original") and original is not None:
        workspace.messages.change(original, **content, edited={"user": BOT_USER_ID, "ts": workspace.messages.next_ts()})
        return
    in_channel = body.get("response_type") == "in_channel"
    message = workspace.messages.post(
        url.channel,
        BOT_USER_ID,
        **content,
        only_for=None if in_channel else url.user,
        thread_ts=body.get("thread_ts") or url.thread_ts,
    )
    if in_channel:
        message_posted(workspace, message)
