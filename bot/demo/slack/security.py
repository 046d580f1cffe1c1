"""Who may talk to the server: this machine, by its loopback name, and no web page but its own.

A page somewhere on the web can make a browser send requests to 127.0.0.1. It must not be able to click Approve.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
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
    # Bolt's web socket client leaves the port out of its Host header.
    if headers.get("host", "").lower() not in {host for name in LOOPBACK for host in (name, f"{name}:{port}")}:
        return "foreign_host"
    if headers.get("origin", f"http://localhost:{port}") not in {f"http://{name}:{port}" for name in LOOPBACK}:
        return "foreign_origin"
    if scope["type"] == "websocket" or scope["method"] in BODILESS or not scope["path"].startswith("/page/"):
        return None
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        # A form can be posted by any web page without asking; JSON cannot.
        return "json_only"
    return None


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return send_with_headers
