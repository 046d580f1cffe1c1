"""`/cost …`, and the buttons that run or share a command: parse, acknowledge, hand over."""

from __future__ import annotations

import html
import logging
import re
import time
from typing import Any

from slack_bolt import Ack, App

from bot.blocks import elements
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.errors import CostbotError, UsageError, report
from bot.file_posting import post_file
from bot.listeners.home import refresh
from bot.words.flags import split

log = logging.getLogger("costbot.listeners")

#: Commands that change what a Home tab shows: decisions, whose a finding is, what channels get, budgets.
ON_HOME = frozenset(
    {"acknowledge", "approve", "assign", "budget", "dismiss", "mute", "reopen", "snooze", "subscribe", "unmute",
     "unsubscribe"}
)  # fmt: skip


def register(app: App, context: Context) -> None:
    """Listen to `/cost` and to the `run.*` and `share.*` buttons."""

    @app.command("/cost")
    def cost(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        context.work.submit(answer_command, context, body)

    @app.action(re.compile(r"^(run|share)\.\d+$"))
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        context.work.submit(answer_button, context, body)


def answer_command(context: Context, body: dict[str, Any]) -> None:
    """Answer a slash command's payload through its response_url."""
    text = html.unescape(str(body.get("text", "")))  # as typed; whatever is shown again is escaped then
    reply = answer(context, text, body["user_id"], body["channel_id"], body.get("trigger_id"))
    deliver(context, reply, body["response_url"], body["channel_id"], body["user_id"])
    _refresh_home(context, reply, text, body["user_id"])


def answer_button(context: Context, body: dict[str, Any]) -> None:
    """Run the command a button carries: in place of an ephemeral message, beside one that others see."""
    action = body["actions"][0]
    text = str(action.get("value", "")).removeprefix("/cost").strip()
    channel, user = body.get("channel", {}).get("id", ""), body["user"]["id"]
    shares = action["action_id"].startswith("share.")
    reply = answer(context, text, user, channel, body.get("trigger_id"))
    if shares:
        by = elements.context(f"Shared by <@{user}> from `{elements.escape(text_of(text))}`")
        reply = Reply(reply.text, [*without_share(reply.blocks), by], in_channel=True)
    is_ephemeral = bool(body.get("container", {}).get("is_ephemeral"))
    deliver(context, reply, body["response_url"], channel, user, replace=is_ephemeral and not shares)
    _refresh_home(context, reply, text, user)


def _refresh_home(context: Context, reply: Reply, text: str, user: str) -> None:
    """What a command changed of a person's Home tab is shown there too."""
    if reply.error is None and find((split(text) or ("help",))[0].lower()).name in ON_HOME:
        refresh(context, user)


def answer(context: Context, text: str, user: str, channel: str, trigger_id: str | None = None) -> Reply:
    """The reply to what somebody typed after `/cost`; an error becomes a reply too."""
    try:
        words = split(text)
        name = words[0].lower() if words else "help"
        found = find(name)
        request = Request(found.name, words[1:] if words else ("menu",), user, channel, trigger_id)
        began = time.monotonic()
        reply = found.answer(request, context)
        seconds = round(time.monotonic() - began, 3)
        log.info("/cost %s took %.3f s", found.name, seconds, extra={"command": found.name, "seconds": seconds})
        return reply
    except Exception as error:  # noqa: BLE001 - the catch-all for commands: report() logs it and makes it a sentence
        return error_reply(error, f"answering {text_of(elements.escape(text))}")


def error_reply(error: Exception, doing: str) -> Reply:
    """An error as an ephemeral message: one sentence, one remedy, and a reference for the log."""
    if isinstance(error, UsageError):
        return Reply(str(error), [elements.section(f"{error.cause}\n{error.remedy}")], error=error)
    told = report(error, doing)
    return Reply(
        str(told),
        [elements.section(f":warning: {told.sentence}"), elements.context(f"Reference `{told.correlation_id}`")],
        error=error,
    )


def deliver(
    context: Context, reply: Reply, response_url: str, channel: str, user: str, *, replace: bool = False
) -> None:
    """Send a reply; when the response_url is of no use any more, as an ephemeral message."""
    slack = context.slack
    if slack is None:
        raise CostbotError("There is no connection to Slack here.", "Use `costbot run`.")
    if reply.file:
        try:
            post_file(slack, reply, channel, user)
            return
        except CostbotError as error:
            reply, replace = error_reply(error, f"posting {reply.file.name}"), False
    try:
        slack.respond(response_url, reply, replace=replace, channel=channel)
    except CostbotError as refused:
        log.warning("response_url failed (%s); answering as an ephemeral message", refused)
        try:
            slack.ephemeral(channel, user, reply.text, reply.blocks)
        except CostbotError as error:
            report(error, "delivering an answer")


def text_of(text: str) -> str:
    """A command as it was typed."""
    return f"/cost {text}".rstrip()


def without_share(blocks: list[elements.Block]) -> list[elements.Block]:
    """The blocks without the Share button, for the shared copy."""
    shown: list[elements.Block] = []
    for block in blocks:
        if block["type"] != "actions":
            shown.append(block)
            continue
        kept = [e for e in block["elements"] if not str(e.get("action_id", "")).startswith("share.")]
        if kept:
            shown.append({**block, "elements": kept})
    return shown
