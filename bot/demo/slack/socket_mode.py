"""Socket Mode: the bot's web sockets, and the envelopes that go through them."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.demo.slack.delivery import NotDelivered, Retry
from bot.demo.slack.team import APP_ID

MAX_CONNECTIONS = 10


class _Link:
    """One open socket and the envelopes it still has to acknowledge."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.waiting: dict[str, asyncio.Future[Any]] = {}

    async def send(self, frame: dict[str, Any]) -> None:
        await self.websocket.send_text(json.dumps(frame, ensure_ascii=False))

    def acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except json.JSONDecodeError:
            return
        waiting = self.waiting.pop(frame.get("envelope_id", ""), None) if isinstance(frame, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload"))

    def lost(self) -> None:
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_exception(NotDelivered("the socket closed"))
        self.waiting.clear()


class SocketMode:
    """All sockets of the bot. A payload goes to any one of them, in turn.

    Args:
        on_change: called with whether the bot is connected, whenever that may have changed.
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self._links: list[_Link] = []
        self._tickets: set[str] = set()

    @property
    def connected(self) -> bool:
        return bool(self._links)

    @property
    def count(self) -> int:
        return len(self._links)

    def ticket(self) -> str:
        """A word that opens one socket, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """The life of one socket."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(4001)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        link = _Link(websocket)
        if len(self._links) >= MAX_CONNECTIONS:
            await link.send({"type": "disconnect", "reason": "too_many_websockets"})
            await websocket.close()
            return
        await link.send(self._hello())
        self._links.append(link)
        self._on_change(True)
        try:
            while True:
                link.acknowledge(await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            if link in self._links:
                self._links.remove(link)
            link.lost()
            self._on_change(self.connected)

    async def send(self, kind: str, payload: dict[str, Any], retry: Retry | None) -> Any:
        """Send one envelope through the next socket and wait for its ack; see `Transport`."""
        if not self._links:
            raise NotDelivered("no socket is open")
        link = self._links.pop(0)
        self._links.append(link)
        envelope: dict[str, Any] = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api" or retry is not None:
            envelope |= {"retry_attempt": retry.attempt if retry else 0, "retry_reason": retry.reason if retry else ""}
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        link.waiting[envelope["envelope_id"]] = acknowledged
        try:
            await link.send(envelope)
            return await acknowledged
        except (RuntimeError, WebSocketDisconnect) as error:
            raise NotDelivered("the socket closed") from error
        finally:
            link.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str) -> None:
        """Tell every socket that it is about to be closed; the bot opens new ones by itself."""
        for link in list(self._links):
            self._links.remove(link)
            await link.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "demo"}})
        self._on_change(False)

    async def drop(self) -> None:
        """Close every socket without a word."""
        for link in list(self._links):
            self._links.remove(link)
            link.lost()
            await link.websocket.close(1011)
        self._on_change(False)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._links) + 1,
            "debug_info": {"host": "demo", "build_number": 1, "approximate_connection_time": 3600},
            "connection_info": {"app_id": APP_ID},
        }
