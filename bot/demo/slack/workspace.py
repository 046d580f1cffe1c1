"""The workspace: everything the server remembers, in one place, used only on the server's event loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.demo.slack.delivery import ACK_SECONDS, Delivery, Transport
from bot.demo.slack.fan_out import FanOut
from bot.demo.slack.faults import Faults
from bot.demo.slack.http_mode import HttpMode
from bot.demo.slack.journal import Journal
from bot.demo.slack.manifest import Manifest
from bot.demo.slack.messages import Messages
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.response_urls import ResponseUrls
from bot.demo.slack.socket_mode import SocketMode
from bot.demo.slack.team import BOT, BOT_USER_ID, PEOPLE, USER_GROUPS, Channel, User, UserGroup, demo_channels
from bot.demo.slack.triggers import Triggers
from bot.demo.slack.uploads import Uploads
from bot.demo.slack.views import Views

Subcommands = Callable[[], list[dict[str, str]]]


class Workspace:
    """All state of the demo workspace.

    Args:
        manifest: the app that is installed.
        subcommands: what the composer offers after a command; without it, the words of the manifest's usage hint.
        request_url: where a bot in HTTP mode listens; without it the bot comes by Socket Mode.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        clock: Clock,
        journal: Path | None = None,
        subcommands: Subcommands | None = None,
        request_url: str | None = None,
        signing_secret: str = "",
        ack_seconds: float = ACK_SECONDS,
        native_charts: bool = True,
    ) -> None:
        self.manifest = manifest
        self.clock = clock
        self.journal = Journal(journal, clock.now)
        self.base_url = ""
        self.users: dict[str, User] = {user.id: user for user in (*PEOPLE, BOT)}
        self.user_groups: dict[str, UserGroup] = {group.id: group for group in USER_GROUPS}
        self.channels: dict[str, Channel] = demo_channels()
        self.fan_out = FanOut()
        self.faults = Faults(native_charts)
        self.messages = Messages(clock.unix, self.channels, self.fan_out)
        self.views = Views(self.fan_out)
        self.uploads = Uploads()
        self.triggers = Triggers(clock.unix)
        self.response_urls = ResponseUrls(clock.unix)
        self.sockets = SocketMode(self._bot_changed)
        transport: Transport = self.sockets
        if request_url is not None:
            transport = HttpMode(request_url, signing_secret, clock.unix)
        self.delivery = Delivery(transport, self.faults, ack_seconds)
        self._subcommands = subcommands

    def channel(self, channel_id: object) -> Channel:
        """The channel with this id; a person's id names their direct message with the bot."""
        for channel in self.channels.values():
            if isinstance(channel_id, str) and channel_id in (channel.id, channel.im_user):
                return channel
        raise Refusal("channel_not_found")

    def person(self, user_id: object) -> User:
        """The person with this id, never the bot."""
        user = self.users.get(user_id) if isinstance(user_id, str) else None
        if user is None or user.is_bot:
            raise Refusal("user_not_found")
        return user

    def bot_scopes(self) -> frozenset[str]:
        """What the bot's token may do now."""
        return self.manifest.bot_scopes - self.faults.removed_scopes

    def writable(self, channel_id: object) -> Channel:
        """A channel the bot may post in.

        Raises:
            Refusal: channel_not_found, is_archived or not_in_channel.
        """
        channel = self.channel(channel_id)
        if channel.im_user and not self.manifest.messages_tab:
            raise Refusal("messages_tab_disabled")
        if channel.is_archived:
            raise Refusal("is_archived")
        if BOT_USER_ID not in channel.members and "chat:write.public" not in self.bot_scopes():
            raise Refusal("not_in_channel")
        return channel

    def subcommands(self) -> list[dict[str, str]]:
        if self._subcommands is not None:
            return self._subcommands()
        return [found for command in self.manifest.commands for found in command.subcommands()]

    def close(self) -> None:
        self.fan_out.close()
        self.delivery.close()

    def _bot_changed(self, connected: bool) -> None:
        self.fan_out.publish({"type": "bot", "connected": connected})

    def channels_of(self, user_id: str) -> list[Channel]:
        """The channels a person sees; the direct message with the bot only if the app has its Messages tab on."""
        shown = [channel for channel in self.channels.values() if self.manifest.messages_tab or not channel.im_user]
        return [channel for channel in shown if channel.visible_to(user_id)]

    def response_url(self, channel: str, user: str, **about: Any) -> str:
        """A new address for answers to what `user` did in `channel`."""
        return f"{self.base_url}/response/{self.response_urls.new(channel, user, **about)}"
