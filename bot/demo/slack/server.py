"""The local Slack workspace as a server in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from bot.clock import Clock
from bot.demo.slack.app import create_app
from bot.demo.slack.delivery import ACK_SECONDS
from bot.demo.slack.fault_switches import switch
from bot.demo.slack.manifest import read_manifest
from bot.demo.slack.workspace import Workspace
from bot.errors import CostbotError

START_SECONDS = 10.0
STOP_SECONDS = 5.0


class SlackWorkspace:
    """A Slack workspace on this machine; made, started, stopped.

    Args:
        port: 0 takes a free one.
        manifest: the `manifest.yml` of the app that is installed.
        journal: where every call of the bot is written; None writes nothing.
        subcommands: what the composer offers after `/cost `, as [{"name", "usage", "summary"}].
        request_url: for a bot in HTTP mode, where it listens; needs `signing_secret`.
        ack_seconds: how long the bot has to acknowledge; only tests make it shorter.
        native_charts: False where Slack has not rolled data_visualization out yet: it is an invalid block there.
    """

    def __init__(
        self,
        *,
        manifest: Path,
        port: int = 0,
        journal: Path | None = None,
        clock: Clock | None = None,
        subcommands: Callable[[], list[dict[str, str]]] | None = None,
        request_url: str | None = None,
        signing_secret: str = "secret-local",
        ack_seconds: float = ACK_SECONDS,
        native_charts: bool = True,
    ) -> None:
        self.workspace = Workspace(
            read_manifest(manifest),
            clock=clock or Clock(),
            journal=journal,
            subcommands=subcommands,
            request_url=request_url,
            signing_secret=signing_secret,
            ack_seconds=ack_seconds,
            native_charts=native_charts,
        )
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> str:
        """Serve; returns the base URL, as "http://127.0.0.1:8000", once it answers.

        Raises:
            OSError: the port is taken.
        """
        listener = self._listen()
        self.workspace.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(self.workspace),
            log_level="error",
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
            server_header=False,
            proxy_headers=False,
            # slack_sdk notices that it was closed only when something arrives, else after three seconds.
            ws_ping_interval=0.25,
            ws_ping_timeout=20,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, args=(self._server, listener), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise CostbotError("The local Slack workspace did not start.", "Try again; its log says why.")
            time.sleep(0.01)
        return self.workspace.base_url

    def stop(self) -> None:
        """End all connections and the thread; a second call does nothing."""
        if self._server is None or self._thread is None or self._loop is None:
            return
        self._server.should_exit = True
        asyncio.run_coroutine_threadsafe(self._say_goodbye(self._server), self._loop)
        self._thread.join(STOP_SECONDS)
        self._server = None
        self.workspace.journal.close()

    def fault(self, fault: str, **options: Any) -> None:
        """Switch a fault on, as `POST /page/faults` does; `bot.demo.slack.faults.FAULTS` lists them."""
        if self._loop is None:
            raise CostbotError("The local Slack workspace is not running.", "Call start() first.")
        asyncio.run_coroutine_threadsafe(switch(self.workspace, {"fault": fault, **options}), self._loop).result(5)

    async def _say_goodbye(self, server: uvicorn.Server) -> None:
        self.workspace.close()
        await self.workspace.sockets.drop()
        # A browser keeps idle connections open; nobody waits for those.
        await asyncio.sleep(0.15)
        server.force_exit = True

    def _serve(self, server: uvicorn.Server, listener: socket.socket) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[listener])

        asyncio.run(serve())

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
        except OSError:
            listener.close()
            raise
        return listener
