"""Ends a Socket Mode handler without waiting for ever."""

from __future__ import annotations

import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler

SECONDS = 5


def close(handler: SocketModeHandler) -> None:
    """Close it, in a thread: slack_sdk joins a thread of its own that may sit in a read when the server ends first."""
    closing = threading.Thread(target=handler.close, daemon=True)
    closing.start()
    closing.join(SECONDS)
