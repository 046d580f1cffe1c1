"""`costbot run`: one process with the Slack connection, the scheduler and the store, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin.client import SocketModeClient

from bot import __version__
from bot.app import Identity, build_context, create_app, identify
from bot.backup.swap_in import finish_restore
from bot.context import Context
from bot.data_lock import sole_owner
from bot.errors import CostbotError, SettingsError
from bot.metrics import acknowledged
from bot.owners.mapping import check_owners_file
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.stop_signal import wait_until_told
from bot.watch.facts import STARTED
from bot.watch.health import Health
from bot.watch.scrape import Metrics
from bot.web import WebServer, wsgi_app

log = logging.getLogger("costbot")

#: Two Socket Mode connections, so that one carries on while Slack renews the other.
CONNECTIONS = 2


def check_slack_settings(settings: Settings) -> None:
    """Refuse to start without a way to reach Slack.

    Raises:
        SettingsError: a token is missing or is of another kind; the sentence says which.
    """
    bot_token = settings.slack_bot_token
    if bot_token is None:
        raise SettingsError(
            "SLACK_BOT_TOKEN is not set.", "Copy it (xoxb-…) from the app's “OAuth & Permissions” page."
        )
    if not bot_token.get_secret_value().startswith("xoxb-"):
        raise SettingsError(
            "SLACK_BOT_TOKEN is no bot token.", "It starts with xoxb-; app-level tokens start with xapp-."
        )
    app_token = settings.slack_app_token
    if app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.",
            "Set the app-level token (xapp-…) for Socket Mode, or the signing secret for HTTP mode.",
        )
    if app_token is not None and not app_token.get_secret_value().startswith("xapp-"):
        raise SettingsError("SLACK_APP_TOKEN is no app-level token.", "Create one (xapp-…) with connections:write.")


class TimedHandler(SocketModeHandler):
    """A connection that takes the time of its acknowledgements."""

    def handle(self, client: Any, req: Any) -> None:
        """Answer a delivery."""
        with acknowledged("socket"):
            super().handle(client, req)


class SocketMode:
    """The connections to Slack when there is an app-level token."""

    def __init__(self, app: App, app_token: str) -> None:
        self._handlers = [TimedHandler(app, app_token) for _ in range(CONNECTIONS)]

    def connect(self) -> None:
        """Open the connections.

        Raises:
            CostbotError: Slack does not accept the app-level token, or cannot be reached.
        """
        try:
            for handler in self._handlers:
                handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
        except SlackApiError as error:
            raise CostbotError(
                f"Slack does not accept SLACK_APP_TOKEN: {error.response.get('error')}.",
                "Create an app-level token with connections:write on the app's “Basic Information” page.",
            ) from error
        except (SlackClientError, OSError) as error:
            raise CostbotError("Slack cannot be reached over a web socket.", "Check the network.") from error

    @property
    def is_connected(self) -> bool:
        return any(handler.client.is_connected() for handler in self._handlers)

    def close(self) -> None:
        """Close the connections side by side, and no thread behind them: each may wait a second for a message that
        never comes, and the process ends."""
        closing = [
            threading.Thread(target=_disconnect, args=[handler.client], daemon=True) for handler in self._handlers
        ]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(0.5)


def _disconnect(client: SocketModeClient) -> None:
    client.closed = True
    client.auto_reconnect_enabled = False
    client.current_session_state.terminated = True
    client.disconnect()


def run(settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Run until SIGTERM or Ctrl-C. The caller then ends the process: threads of jobs may still run.

    Args:
        announce: is told one line when costbot listens.
    Raises:
        CostbotError: it cannot start; the sentence says why and what to do.
    """
    check_slack_settings(settings)
    check_owners_file(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    finish_restore(settings.data_dir)
    with sole_owner(settings.data_dir):
        context = build_context(settings, with_slack=True, serves=True)
        try:
            _serve(context, stop, announce)
        finally:
            # The store stays open: a job that still runs may write to it until the process ends. What it had not
            # finished is claimed again by the next start.
            context.work.close()


def _serve(context: Context, stop: threading.Event, announce: Callable[[str], None]) -> None:
    if context.slack is None:
        raise SettingsError("There is no Slack client.", "Set SLACK_BOT_TOKEN.")
    settings = context.settings
    now = context.clock.now()
    context.store.remember(STARTED, now.isoformat(), now)
    context.store.abandon_jobs()  # this process owns the directory: whoever claimed a run before has ended
    context.work.warm()
    identity = identify(context.slack)
    app = create_app(context, identity)
    app_token = settings.slack_app_token
    sockets = SocketMode(app, app_token.get_secret_value()) if app_token else None
    scheduler = Scheduler(context)
    health = Health(context, scheduler if settings.jobs else None, sockets)
    web = WebServer(settings.host, settings.port, wsgi_app(health, None if sockets else app, Metrics(context)))
    web.start()
    try:
        if sockets:
            sockets.connect()
        if settings.jobs:
            scheduler.start()
        announce(_listening(identity, web.port, sockets is not None))
        wait_until_told(stop)
        log.info("stopping")
    finally:
        began = time.monotonic()
        scheduler.stop()
        context.store.release_jobs()
        if sockets:
            sockets.close()
        web.stop()
        log.info("stopped in %.1f s", time.monotonic() - began)


def _listening(identity: Identity, port: int, socket_mode: bool) -> str:
    way = "Socket Mode" if socket_mode else f"HTTP on port {port}"
    return f"costbot {__version__} listens to {identity.team} ({way}); health: port {port}/healthz"
