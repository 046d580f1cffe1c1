"""Everything no other listener takes: acknowledged, so that Slack never counts a failure, and answered in words."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.commands import Reply
from bot.context import Context
from bot.listeners.commands import deliver


def register(app: App, context: Context) -> None:
    """Catch what is left; must be the last to register."""

    @app.action(re.compile(".*"))
    def stale(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        if body.get("response_url"):
            context.work.submit(_no_longer_valid, context, body)

    @app.event(re.compile(".*"))
    def event(ack: Ack) -> None:
        ack()

    @app.view(re.compile(".*"))
    def submitted(ack: Ack) -> None:
        ack()

    @app.view_closed(re.compile(".*"))
    def closed(ack: Ack) -> None:
        ack()


def _no_longer_valid(context: Context, body: dict[str, Any]) -> None:
    reply = Reply("This button is no longer valid. Type /cost help to see what costbot can do.")
    deliver(context, reply, body["response_url"], body.get("channel", {}).get("id", ""), body["user"]["id"])
