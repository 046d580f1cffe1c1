"""Waits to be told to stop."""

from __future__ import annotations

import threading

#: A signal that comes while the main thread waits for Python's lock, on its way into a wait without end, would not wake
#: it: its handler runs when the thread does next.
WAKE_SECONDS = 0.25


def wait_until_told(stop: threading.Event) -> None:
    """Return once `stop` is set, by a signal's handler or by another thread. For the main thread."""
    while not stop.wait(WAKE_SECONDS):
        pass
