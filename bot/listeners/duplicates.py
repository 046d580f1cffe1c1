"""Slack may deliver the same command, click or event twice; the second one is acknowledged and nothing more."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltResponse

from bot.context import Context

#: Deliveries remembered; Slack's retries come within six minutes.
MOST = 10_000


class Seen:
    """The last deliveries, by their id."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ids: OrderedDict[str, None] = OrderedDict()

    def is_new(self, delivery_id: str) -> bool:
        """Whether this is the first time; remembers it."""
        with self._lock:
            if delivery_id in self._ids:
                return False
            self._ids[delivery_id] = None
            if len(self._ids) > self._most:
                self._ids.popitem(last=False)
            return True


def delivery_id(body: dict[str, Any]) -> str | None:
    """What two deliveries of the same thing share: an event's id, or the trigger id of a command or a click."""
    found = body.get("event_id") or body.get("trigger_id")
    return str(found) if found else None


def register(app: App, context: Context) -> None:
    """Let each delivery pass once."""
    seen = Seen()

    @app.middleware
    def once(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        found = delivery_id(body)
        if found is not None and not seen.is_new(found):
            return BoltResponse(status=200)
        return next()
