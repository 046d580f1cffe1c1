"""The Events API: what happens in the workspace, sent to the bot when its manifest subscribes to it."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.composing import new_id
from bot.demo.slack.messages import Message
from bot.demo.slack.team import APP_ID, BOT_USER_ID, TEAM_ID
from bot.demo.slack.workspace import Workspace


def publish_event(workspace: Workspace, event: dict[str, Any], subscription: str | None = None) -> None:
    """Send an event, without waiting for its ack.

    Args:
        event: with its `type`.
        subscription: its name in the manifest where that is not the type, as "message.channels".
    """
    if (subscription or event["type"]) not in workspace.manifest.bot_events:
        return
    payload = {
        "token": "local",
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(workspace.clock.unix()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
    workspace.delivery.later(workspace.delivery.deliver_event(payload))


def message_posted(workspace: Workspace, message: Message) -> None:
    """Send `message` and `app_mention` events of a new message in a channel the bot is in."""
    channel = workspace.channels[message.channel]
    if BOT_USER_ID not in channel.members:
        return
    common = {**message.as_slack(), "channel": channel.id, "event_ts": message.ts}
    kind = "im" if channel.im_user else "channel"
    subscription = "message.im" if channel.im_user else "message.channels"
    publish_event(workspace, {**common, "channel_type": kind}, subscription)
    if f"<@{BOT_USER_ID}>" in message.text and not message.by_bot and not channel.im_user:
        publish_event(workspace, {**common, "type": "app_mention"})


def home_opened(workspace: Workspace, user_id: str) -> None:
    """Send `app_home_opened` for the Home tab."""
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": workspace.channel(user_id).id,
        "event_ts": workspace.messages.next_ts(),
        "tab": "home",
    }
    home = workspace.views.home(user_id)
    publish_event(workspace, event | ({"view": home.as_slack()} if home else {}))
