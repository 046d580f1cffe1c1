"""The HTTP side: `/healthz`, `/metrics` and Slack's signed requests in HTTP mode, each in a thread of its own."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress import wasyncore
from waitress.server import create_server

from bot.errors import SettingsError
from bot.metrics import acknowledged

SLACK_PATH = "/slack/events"
THREADS = 16

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Health = Callable[[], dict[str, Any]]
Metrics = Callable[[str], tuple[str, str, bytes]]


def wsgi_app(health: Health, app: App | None, metrics: Metrics | None = None) -> Wsgi:
    """`/healthz`, `/metrics` and, with an app, Slack's requests under `/slack/events`.

    Args:
        health: says how costbot is; its `ok` decides between 200 and 503.
        metrics: takes an `Authorization` header; says status, content type and body.
    """
    slack: Any = SlackRequestHandler(app, path=SLACK_PATH) if app else None

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            state = health()
            status = "200 OK" if state["ok"] else "503 Service Unavailable"
            start_response(status, [("content-type", "application/json"), ("cache-control", "no-store")])
            return [json.dumps(state).encode()]
        if metrics is not None and path == "/metrics":
            status, kind, body = metrics(str(environ.get("HTTP_AUTHORIZATION", "")))
            start_response(status, [("content-type", kind), ("cache-control", "no-store")])
            return [body]
        if slack is not None and path == SLACK_PATH:
            with acknowledged("http"):
                return list(slack(environ, start_response))
        start_response("404 Not Found", [("content-type", "text/plain; charset=utf-8")])
        return [b"costbot answers on /healthz, /metrics and /slack/events"]

    return serve


class WebServer:
    """A threaded WSGI server."""

    def __init__(self, host: str, port: int, app: Wsgi) -> None:
        listener = _bound(host, port)
        self.port: int = listener.getsockname()[1]
        self._server: Any = create_server(app, sockets=[listener], threads=THREADS, ident="costbot")
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        # In its own thread: one that selects on a socket closed by another fails with a traceback.
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._thread.join(1)
        self._server.task_dispatcher.shutdown(timeout=1)


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(f"Port {port} cannot be used: {error.strerror}.", "Set PORT to a free one.") from error
    return listener
