"""HTTP mode: payloads as signed POSTs to the bot's request URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.demo.slack.delivery import NotDelivered, Retry


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `X-Slack-Signature` of a raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpMode:
    """The way to a bot that listens itself.

    Args:
        request_url: where commands, interactions and events go.
        signing_secret: shared with the bot.
        unix: the clock, in seconds.
    """

    connected = True

    def __init__(
        self, request_url: str, signing_secret: str, unix: Callable[[], float], timeout_seconds: float = 10.0
    ) -> None:
        self._url = urlsplit(request_url)
        self._secret = signing_secret
        self._unix = unix
        self._timeout_seconds = timeout_seconds

    async def send(self, kind: str, payload: dict[str, Any], retry: Retry | None) -> Any:
        """POST one payload and wait for the answer; see `Transport`."""
        body, content_type = _encoded(kind, payload)
        timestamp = str(int(self._unix()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        status, answer = await self._post(body, headers)
        if status != 200:
            raise NotDelivered(f"the bot answered {status}")
        return answer

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """In a thread that dies with the process: a bot that hangs must not keep the workspace from stopping."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[tuple[int, Any]] = loop.create_future()

        def settle(result: tuple[int, Any] | NotDelivered) -> None:
            if answered.done():
                return
            if isinstance(result, NotDelivered):
                answered.set_exception(result)
            else:
                answered.set_result(result)

        def post() -> None:
            result: tuple[int, Any] | NotDelivered
            try:
                result = self._post_now(body, headers)
            except (OSError, http.client.HTTPException) as error:
                result = NotDelivered(str(error))
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result)

        threading.Thread(target=post, name="demo-slack-post", daemon=True).start()
        return await answered

    def _post_now(self, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(
            self._url.hostname or "127.0.0.1", self._url.port or 80, timeout=self._timeout_seconds
        )
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            is_json = response.headers.get_content_type() == "application/json"
            return response.status, _answer(text, is_json)
        finally:
            connection.close()


def _encoded(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urlencode(payload).encode(), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return json.dumps(payload).encode(), "application/json"


def _answer(text: str, is_json: bool) -> Any:
    if not text.strip():
        return None
    if not is_json:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
