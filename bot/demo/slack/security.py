"""Who may talk to the server: this machine, by its loopback name, and no web page but its own.

A page somewhere on the web can make a browser send requests to 127.0.0.1. It must not be able to click Approve.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BODILESS = frozenset({"GET", "HEAD"})
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class LoopbackOnly:
    """Refuses with 403 what does not come from this machine or from the server's own page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        problem = _problem(scope)
        if problem is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4003, "reason": problem})
        else:
            await JSONResponse({"ok": False, "error": problem}, 403)(scope, receive, send)


def _problem(scope: Scope) -> str | None:
    """Why a request is refused; None when it is welcome."""
    headers = Headers(scope=scope)
    port = scope["server"][1]
    host = urlsplit(f"//{headers.get('host', '')}")
    if not _is_own(host.hostname, _port(host.netloc, None), port, port_may_be_missing=True):
        return "foreign_host"
    origin = headers.get("origin")
    if origin is not None:
        parts = urlsplit(origin)
        own = _is_own(parts.hostname, _port(parts.netloc, 80), port, port_may_be_missing=False)
        if parts.scheme != "http" or not own:
            return "foreign_origin"
    if scope["type"] == "websocket" or scope["method"] in BODILESS or not scope["path"].startswith("/page/"):
        return None
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        # A form can be posted by any web page without asking; JSON cannot.
        return "json_only"
    return None


def _is_own(host: str | None, port: int | None, own_port: int, *, port_may_be_missing: bool) -> bool:
    # Bolt's web socket client leaves the port out of its Host header.
    return host in LOOPBACK and (port == own_port or (port is None and port_may_be_missing))


def _port(netloc: str, default: int | None) -> int | None:
    try:
        return urlsplit(f"//{netloc}").port or default
    except ValueError:
        return -1


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return send_with_headers
