"""The messages of all channels: kept in memory, bounded, each change told to the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.slack.elements import Blocks, with_ids
from bot.demo.slack.fan_out import FanOut
from bot.demo.slack.team import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Channel

KEPT_PER_CHANNEL = 2000
EARLIER_VERSIONS = 5


@dataclass(slots=True)
class Message:
    """One message; an ephemeral one is `only_for` one person. `earlier` holds blocks a page may still be showing."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: Blocks = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    subtype: str | None = None
    edited: dict[str, str] | None = None
    reply_count: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    earlier: list[Blocks] = field(default_factory=list)

    @property
    def by_bot(self) -> bool:
        return self.user == BOT_USER_ID

    def as_slack(self) -> dict[str, Any]:
        """The message object of the Web API, of events and of interaction payloads."""
        message: dict[str, Any] = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        message["team"] = TEAM_ID
        if self.by_bot:
            message |= {"bot_id": BOT_ID, "app_id": APP_ID}
        message |= self._optional()
        if self.files:
            message["files"] = self.files
        return message

    def as_page(self) -> dict[str, Any]:
        """The message object of the page."""
        author = {"bot_id": BOT_ID} if self.by_bot else {"user": self.user}
        message: dict[str, Any] = {"ts": self.ts, "channel": self.channel, **author, "text": self.text}
        message |= {"blocks": self.blocks, "ephemeral": self.only_for is not None, **self._optional()}
        if self.thread_ts == self.ts:
            # A thread's first message names itself as its thread; for the page only replies have a thread.
            del message["thread_ts"]
        if self.files:
            message["files"] = [{key: file[key] for key in ("id", "name", "mimetype", "url")} for file in self.files]
        return message

    def _optional(self) -> dict[str, Any]:
        optional: dict[str, Any] = {
            "blocks": self.blocks,
            "attachments": self.attachments,
            "thread_ts": self.thread_ts,
            "subtype": self.subtype,
            "edited": self.edited,
            "reply_count": self.reply_count,
            "reactions": self.reactions,
            "metadata": self.metadata,
        }
        return {name: value for name, value in optional.items() if value}


class Messages:
    """All messages by channel and time.

    Args:
        unix: the clock, in seconds.
        channels: the channels by id; a direct message is told to its person only.
    """

    def __init__(self, unix: Callable[[], float], channels: dict[str, Channel], fan_out: FanOut) -> None:
        self._unix = unix
        self._channels = channels
        self._fan_out = fan_out
        self._last_ts = 0
        self._by_channel: dict[str, dict[str, Message]] = {}

    def next_ts(self) -> str:
        """A time stamp no other message has: seconds and microseconds of the clock, always rising."""
        self._last_ts = max(self._last_ts + 1, int(self._unix() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def post(self, channel: str, user: str, text: str, **more: Any) -> Message:
        """Add a message; `more` are fields of `Message`."""
        message = Message(self.next_ts(), channel, user, text, **more)
        message.blocks = with_ids(message.blocks)
        kept = self._by_channel.setdefault(channel, {})
        kept[message.ts] = message
        while len(kept) > KEPT_PER_CHANNEL:
            del kept[next(iter(kept))]
        self._tell("message", message)
        self._count_replies(message)
        return message

    def find(self, channel: str, ts: object) -> Message | None:
        return self._by_channel.get(channel, {}).get(ts) if isinstance(ts, str) else None

    def change(self, message: Message, **changes: Any) -> None:
        """Redraw a message; `changes` are fields of `Message`. Nothing is sent when nothing changed."""
        if "blocks" in changes:
            message.earlier = [message.blocks, *message.earlier][:EARLIER_VERSIONS]
            changes["blocks"] = with_ids(changes["blocks"])
        for name, value in changes.items():
            setattr(message, name, value)
        self._tell("message_changed", message)

    def delete(self, message: Message) -> None:
        self._by_channel[message.channel].pop(message.ts, None)
        self._tell("message_deleted", message)
        self._count_replies(message)

    def seen_by(self, user_id: str, channel: str) -> list[Message]:
        """What one person sees in one channel, oldest first."""
        return [m for m in self._by_channel.get(channel, {}).values() if m.only_for in (None, user_id)]

    def in_channel(self, channel: str) -> list[Message]:
        return list(self._by_channel.get(channel, {}).values())

    def _count_replies(self, reply: Message) -> None:
        parent = self.find(reply.channel, reply.thread_ts)
        if parent is None or parent is reply or reply.only_for is not None:
            return
        thread = [m for m in self.in_channel(parent.channel) if m.thread_ts == parent.ts and m.only_for is None]
        parent.reply_count = sum(m is not parent for m in thread)
        parent.thread_ts = parent.ts if parent.reply_count else None
        self._tell("message_changed", parent)

    def _tell(self, kind: str, message: Message) -> None:
        channel = self._channels[message.channel]
        self._fan_out.publish(
            {"type": kind, "message": message.as_page()},
            lambda user: channel.visible_to(user) and message.only_for in (None, user),
        )
