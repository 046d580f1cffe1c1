"""`/healthz`: whether this process does its work, so that whoever runs it may start it anew when it does not.

Old costs or a failing source are no reason to restart; `/cost status` and the admin channel tell of those.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from bot import __version__
from bot.context import Context
from bot.errors import CostbotError

#: The scheduler looks at each job every quarter of a minute; a machine that sleeps or swaps takes longer.
MOST_SECONDS_SINCE_TICK = 180.0
#: The store is written to no more often than this, however often somebody asks.
PROBED_EVERY_SECONDS = 10.0
PROBE = "watch.store_probe"


class Ticking(Protocol):
    """The scheduler, as far as its health goes."""

    @property
    def seconds_since_tick(self) -> float: ...


class Connected(Protocol):
    """The connections to Slack, as far as their health goes."""

    @property
    def is_connected(self) -> bool: ...


class Health:
    """Says how this process is; safe between threads. It names no account and no cost: the port may be public."""

    def __init__(self, context: Context, scheduler: Ticking | None, sockets: Connected | None) -> None:
        """
        Args:
            scheduler: None where jobs are switched off.
            sockets: None in HTTP mode, where Slack connects to costbot.
        """
        self._context = context
        self._scheduler = scheduler
        self._sockets = sockets
        self._lock = threading.Lock()
        self._probed_at = float("-inf")
        self._store_problem: str | None = None

    def __call__(self) -> dict[str, Any]:
        """Its `ok` is false where a restart may help."""
        connected = self._sockets.is_connected if self._sockets else True
        ticking = self._scheduler is None or self._scheduler.seconds_since_tick < MOST_SECONDS_SINCE_TICK
        writable = self._is_writable()
        return {
            "ok": connected and ticking and writable,
            "version": __version__,
            "slack": "socket" if self._sockets else "http",
            "connected": connected,
            "scheduler": "off" if self._scheduler is None else "ticking" if ticking else "stopped",
            "store": "writable" if writable else "not writable",
            "time": self._context.clock.now().isoformat(timespec="seconds"),
        }

    def _is_writable(self) -> bool:
        with self._lock:
            if time.monotonic() - self._probed_at >= PROBED_EVERY_SECONDS:
                now = self._context.clock.now()
                try:
                    self._context.store.remember(PROBE, now.isoformat(), now)
                    self._store_problem = None
                except CostbotError as error:
                    self._store_problem = str(error)
                self._probed_at = time.monotonic()
            return self._store_problem is None
