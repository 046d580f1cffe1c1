"""Sends messages to Slack: retries, falls back to pictures where charts are not shown, and says what went wrong.

Every method raises `CostbotError` with a sentence; none of them fails silently.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from types import ModuleType
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot import charts, waterfall
from bot.blocks import elements
from bot.blocks.local_numbers import local_blocks, local_text
from bot.errors import CostbotError
from bot.metrics import CountedClient, slack_call
from bot.reply import Block, Reply

log = logging.getLogger("costbot.slack")

NO_NATIVE_CHARTS = "slack.no_native_charts"
GROUP_CACHE_SECONDS = 60
NATIVE = "data_visualization"

#: Slack's error code -> (what happened, what to do).
SENTENCES = {
    "is_archived": ("The channel {channel} is archived.", "Unarchive it, or type /cost subscribe in another channel."),
    "channel_not_found": ("Slack knows no channel {channel}.", "Invite costbot to it, or correct the channel id."),
    "not_in_channel": ("costbot is not in the channel {channel}.", "Type /invite @costbot there."),
    "token_revoked": ("Slack says the bot token was revoked.", "Install the app again and set SLACK_BOT_TOKEN."),
    "token_expired": ("Slack says the bot token has expired.", "Install the app again and set SLACK_BOT_TOKEN."),
    "invalid_auth": ("Slack does not accept the bot token.", "Copy it again from the app's page to SLACK_BOT_TOKEN."),
    "account_inactive": ("The bot's account in Slack is switched off.", "Install the app again."),
    "ratelimited": ("Slack asks costbot to slow down.", "Try again in a minute."),
    "message_not_found": ("The message is no longer there.", "Type the command again."),
    "cant_update_message": ("The message belongs to somebody else.", "Type the command again."),
    "expired_trigger_id": ("Slack waits 3 seconds for a dialog, and that has passed.", "Press the button again."),
    "exchanged_trigger_id": ("This dialog was opened already.", "Press the button again."),
}


#: Codes by which Slack says that a channel takes no posts of costbot.
CHANNEL_GONE = frozenset({"is_archived", "channel_not_found", "not_in_channel", "restricted_action"})


class Facts(Protocol):
    """Where small facts are remembered (the store)."""

    def recall(self, key: str) -> str | None: ...
    def remember(self, key: str, value: str, now: Any) -> None: ...


class ChannelNotes(Protocol):
    """Where it is kept which channels refuse posts (the store's room of the watch)."""

    def channel_refused(self, channel: str, code: str, sentence: str, now: Any) -> None: ...
    def channel_answered(self, channel: str) -> None: ...


def web_client(token: str | None, base_url: str, timeout_seconds: int = 15) -> WebClient:
    """A Slack client that waits out rate limits, server errors and dropped connections."""
    client = CountedClient(token=token, base_url=base_url, timeout=timeout_seconds)
    client.retry_handlers = [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=2),
    ]
    return client


class Poster:
    """Posts, updates and answers, as costbot."""

    def __init__(
        self,
        client: WebClient,
        facts: Facts,
        now: Callable[[], Any],
        channels: ChannelNotes | None = None,
        numbers: Callable[[str], str] | None = None,
    ) -> None:
        """Make one.

        Args:
            numbers: how a channel wants numbers written (`en`, `de` or `fr`), by its id; None for `en` everywhere.
        """
        self.client = client
        self._channels = channels
        self._facts = facts
        self._now = now
        self._numbers = numbers or (lambda channel: "en")
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}
        self._pictures: dict[str, str] = {}
        self._lock = threading.Lock()

    def post(self, channel: str, text: str, blocks: list[Block], *, thread_ts: str | None = None) -> str:
        """Post a message; returns its `ts`."""
        text, blocks = self._as_written_in(channel, text, blocks)

        def send(shown: list[Block]) -> Any:
            return self.client.chat_postMessage(
                channel=channel, text=text, blocks=shown, thread_ts=thread_ts, unfurl_links=False, unfurl_media=False
            )

        try:
            answer = self._send("post to", channel, send, blocks)
        except CostbotError as error:
            self._note_refusal(channel, error)
            raise
        if self._channels is not None:
            self._channels.channel_answered(channel)
        return str(answer["ts"])

    def _note_refusal(self, channel: str, error: CostbotError) -> None:
        """Keep that a channel is gone, or takes nothing from costbot; any other failure says nothing of the channel."""
        cause = error.__cause__
        code = str(cause.response.get("error")) if isinstance(cause, SlackApiError) else ""
        if code in CHANNEL_GONE and self._channels is not None:
            self._channels.channel_refused(channel, code, str(error), self._now())

    def update(self, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
        """Redraw a message in place."""
        text, blocks = self._as_written_in(channel, text, blocks)
        self._send(
            "update a message in",
            channel,
            lambda shown: self.client.chat_update(channel=channel, ts=ts, text=text, blocks=shown),
            blocks,
        )

    def ephemeral(self, channel: str, user: str, text: str, blocks: list[Block]) -> None:
        """Show a message to one person only."""
        text, blocks = self._as_written_in(channel, text, blocks)
        self._send(
            "answer in",
            channel,
            lambda shown: self.client.chat_postEphemeral(channel=channel, user=user, text=text, blocks=shown),
            blocks,
        )

    def respond(self, response_url: str, reply: Reply, *, replace: bool = False, channel: str = "") -> None:
        """Answer through the URL that came with a command or a click (5 uses, 30 minutes).

        Args:
            channel: where it is shown.
        Raises:
            CostbotError: the URL is used up, too old, or Slack did not take the message.
        """
        webhook = WebhookClient(response_url, timeout=15)
        webhook.retry_handlers = self.client.retry_handlers
        text, blocks = self._as_written_in(channel, reply.text, reply.blocks)

        def send(shown: list[Block]) -> Any:
            with slack_call("response_url"):
                answer = webhook.send(
                    text=text,
                    blocks=shown,
                    response_type="in_channel" if reply.in_channel else "ephemeral",
                    replace_original=replace,
                    delete_original=False,
                )
            if answer.status_code != 200:
                raise ResponseUrlRefused(answer.status_code, answer.body)
            return answer

        try:
            self._send("answer", "", send, blocks)
        except ResponseUrlRefused as error:
            raise CostbotError(
                "Slack no longer takes the answer to this message.", "Type the command again."
            ) from error

    def open_view(self, trigger_id: str, view: Block) -> str:
        """Open a dialog; returns its id. Must follow the click within 3 seconds."""
        answer = self._call("open a dialog", "", lambda: self.client.views_open(trigger_id=trigger_id, view=view))
        return str(answer["view"]["id"])

    def publish_home(self, user_id: str, view: Block) -> None:
        """Draw the App Home of one person."""
        self._send(
            "draw the Home tab",
            "",
            lambda shown: self.client.views_publish(user_id=user_id, view=view | {"blocks": shown}),
            view["blocks"],
        )

    def group_members(self, group_id: str) -> frozenset[str]:
        """The user ids of a user group, at most a minute old.

        Raises:
            CostbotError: Slack did not answer; nobody is then a member.
        """
        with self._lock:
            cached = self._groups.get(group_id)
        if cached and time.monotonic() - cached[0] < GROUP_CACHE_SECONDS:
            return cached[1]
        answer = self._call(
            f"look up the user group {group_id}", "", lambda: self.client.usergroups_users_list(usergroup=group_id)
        )
        members = frozenset(answer["users"])
        with self._lock:
            self._groups[group_id] = (time.monotonic(), members)
        return members

    def ask(self, doing: str, call: Callable[[WebClient], Any]) -> Any:
        """Slack's answer to a question, as "look up an e-mail address"; raises a sentence as every method here."""
        return self._call(doing, "", lambda: call(self.client))

    def upload(
        self,
        name: str,
        content: bytes,
        *,
        channel: str | None = None,
        thread_ts: str | None = None,
        comment: str | None = None,
    ) -> str:
        """Upload a file; returns its id. Without a channel only messages that name it show it."""
        answer = self._call(
            "upload a file to" if channel else "upload a file",
            channel or "",
            lambda: self.client.files_upload_v2(
                filename=name, content=content, channel=channel, thread_ts=thread_ts, initial_comment=comment
            ),
        )
        return str(answer["file"]["id"])

    def _as_written_in(self, channel: str, text: str, blocks: list[Block]) -> tuple[str, list[Block]]:
        """A message with its numbers as the channel writes them."""
        numbers = self._numbers(channel) if channel else "en"
        return local_text(text, numbers), local_blocks(blocks, numbers)

    def _send(self, doing: str, channel: str, send: Callable[[list[Block]], Any], blocks: list[Block]) -> Any:
        blocks = [self._drawn(block) if block["type"] == waterfall.BLOCK else block for block in blocks]
        if not any(block["type"] == NATIVE for block in blocks):
            return self._call(doing, channel, lambda: send(blocks))
        if self._facts.recall(NO_NATIVE_CHARTS):
            return self._call(doing, channel, lambda: send(self._with_pictures(blocks)))
        try:
            return self._call(doing, channel, lambda: send(blocks))
        except CostbotError as error:
            if not _refuses_charts(error):
                raise
        log.warning("this workspace shows no native charts yet; sending pictures from now on")
        self._facts.remember(NO_NATIVE_CHARTS, "1", self._now())
        return self._call(doing, channel, lambda: send(self._with_pictures(blocks)))

    def _with_pictures(self, blocks: list[Block]) -> list[Block]:
        return [self._picture(block) if block["type"] == NATIVE else block for block in blocks]

    def _drawn(self, block: Block) -> Block:
        """A chart that Slack does not have, as a picture; in words where Slack takes no file."""
        try:
            return self._picture(block, waterfall)
        except CostbotError as error:
            log.warning("a waterfall is sent in words: %s", error)
            return elements.context(elements.escape(waterfall.alt_text(block)))

    def _picture(self, block: Block, drawing: ModuleType = charts) -> Block:
        key = hashlib.sha256(repr(block).encode()).hexdigest()
        if key not in self._pictures:
            self._pictures[key] = self.upload("chart.png", drawing.png(block))
        return elements.image(self._pictures[key], drawing.alt_text(block))

    def _call(self, doing: str, channel: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except SlackApiError as error:
            raise _explained(error, doing, channel) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise _unreachable(doing, channel) from error


class ResponseUrlRefused(CostbotError):
    """A response_url answered with something other than 200."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"Slack answered {status} to a response_url: {body[:200]}")
        self.status = status
        self.body = body


def _refuses_charts(error: CostbotError) -> bool:
    if isinstance(error, ResponseUrlRefused):
        return "invalid_blocks" in error.body
    cause = error.__cause__
    return isinstance(cause, SlackApiError) and cause.response.get("error") == "invalid_blocks"


def _explained(error: SlackApiError, doing: str, channel: str) -> CostbotError:
    code = str(error.response.get("error", "unknown_error"))
    if code == "missing_scope":
        needed = error.response.get("needed", "?")
        return CostbotError(
            f"costbot lacks the Slack permission {needed} to {doing} {channel}".rstrip() + ".",
            f"Add {needed} to the app's bot scopes (manifest.yml has all of them) and install the app again.",
        )
    if getattr(error.response, "status_code", 200) >= 500:
        return _unreachable(doing, channel)
    where = f"<#{channel}>" if channel else "in question"
    cause, remedy = SENTENCES.get(
        code,
        (f"Slack refused to let costbot {doing} {where}: {code}.", "Run `costbot doctor`; it names what is missing."),
    )
    return CostbotError(cause.format(channel=where), remedy)


def _unreachable(doing: str, channel: str) -> CostbotError:
    return CostbotError(
        f"Slack did not answer when costbot tried to {doing} {channel}".rstrip() + ".",
        "Try again; costbot keeps everything it knows.",
    )
