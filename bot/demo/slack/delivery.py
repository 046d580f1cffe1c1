"""Delivery of payloads to the bot, with Slack's three seconds for the acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from bot.demo.slack.faults import Faults

ACK_SECONDS = 3.0
# Slack sends an event again at once, after one minute and after five.
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Retry:
    """Marks a payload that was sent before; `attempt` counts from 1."""

    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ack:
    """What came of a delivery; `error` is the word the person is shown when it is not `ok`."""

    ok: bool
    payload: Any = None
    error: str = ""


class NotDelivered(Exception):
    """The bot could not be reached, or refused the payload."""


class Transport(Protocol):
    """A way to the bot: its sockets, or its request URL."""

    @property
    def connected(self) -> bool: ...

    async def send(self, kind: str, payload: dict[str, Any], retry: Retry | None) -> Any:
        """Send and wait for the ack's payload.

        Args:
            kind: "slash_commands", "interactive" or "events_api".
        Raises:
            NotDelivered: nobody took it.
        """


class Delivery:
    """Sends payloads and times their acks.

    Args:
        ack_seconds: how long the bot has; Slack gives three seconds, tests less.
    """

    def __init__(self, transport: Transport, faults: Faults, ack_seconds: float = ACK_SECONDS) -> None:
        self.transport = transport
        self._faults = faults
        self._ack_seconds = ack_seconds
        self._background: set[asyncio.Task[Any]] = set()

    async def deliver(self, kind: str, payload: dict[str, Any], retry: Retry | None = None) -> Ack:
        """Send one payload and wait for its ack."""
        slow = self._faults.take("slow_ack")
        if retry is None and self._faults.take("duplicate_next") is not None:
            self.later(self.deliver(kind, payload, Retry(1, "timeout")))
        try:
            answer = await asyncio.wait_for(self._send(kind, payload, retry, slow), self._ack_seconds)
        except TimeoutError:
            return Ack(False, error="operation_timeout")
        except NotDelivered:
            return Ack(False, error="dispatch_failed")
        return Ack(True, answer)

    async def deliver_event(self, payload: dict[str, Any]) -> None:
        """Send an event; one that is not acknowledged is sent again, as Slack does."""
        ack = await self.deliver("events_api", payload)
        for attempt, pause in enumerate(RETRY_AFTER_SECONDS, start=1):
            if ack.ok:
                return
            await asyncio.sleep(pause)
            reason = "http_timeout" if ack.error == "operation_timeout" else "http_error"
            ack = await self.deliver("events_api", payload, Retry(attempt, reason))

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let `work` run beside the answer that is given now."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def close(self) -> None:
        """Give up what is still under way."""
        for task in list(self._background):
            task.cancel()

    async def _send(self, kind: str, payload: dict[str, Any], retry: Retry | None, slow: dict[str, Any] | None) -> Any:
        answer = await self.transport.send(kind, payload, retry)
        if slow is not None:
            await asyncio.sleep(float(slow.get("seconds", 4)))
        return answer
