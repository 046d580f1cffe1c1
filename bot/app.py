"""The one place that knows everything: makes the context from the settings, and the Bolt app from the context."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import listeners
from bot.aws import Aws
from bot.backup.swap_in import finish_restore
from bot.clock import Clock
from bot.context import Context
from bot.cost_files import CostFiles
from bot.errors import CostbotError, SettingsError
from bot.posting import Poster, web_client
from bot.settings import Settings
from bot.spending import Spending
from bot.store import Store
from bot.work import Work, WorkHere

log = logging.getLogger("costbot")

DATABASE = "costbot.db"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who costbot is in this workspace, from `auth.test`."""

    team_id: str
    team: str
    bot_id: str
    bot_user_id: str
    scopes: frozenset[str]


def build_context(settings: Settings, *, with_slack: bool, serves: bool = False) -> Context:
    """All parts of the bot.

    Args:
        with_slack: make a Slack client (needs SLACK_BOT_TOKEN); without, commands still answer in a terminal.
        serves: keep arithmetic away from this process, which acknowledges what Slack sends.
    Raises:
        CostbotError: the data directory cannot be used, or is of a newer costbot.
    """
    clock = Clock(timedelta(seconds=settings.clock_offset))
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The data directory {settings.data_dir} cannot be made: {error.strerror}.",
            "Name a writable one with --data-dir or COSTBOT_DATA_DIR.",
        ) from error
    if not serves:
        finish_restore(settings.data_dir)  # whoever serves did so before taking the directory
    store = Store(settings.data_dir / DATABASE)
    aws = Aws(settings, Spending(store, settings, clock.now))
    slack = None
    if with_slack:
        token = settings.slack_bot_token
        client = web_client(token.get_secret_value() if token else None, settings.slack_api_base_url)
        slack = Poster(client, store, clock.now, store.watch, lambda channel: store.channels.settings(channel).numbers)
    work = Work(niceness=settings.worker_niceness) if serves else WorkHere()
    return Context(settings, clock, store, CostFiles(settings.data_dir), aws, work, slack)


def identify(slack: Poster) -> Identity:
    """Ask Slack who we are.

    Raises:
        CostbotError: the token is wrong or revoked, or Slack cannot be reached.
    """
    try:
        answer = slack.client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        raise CostbotError(
            f"Slack does not accept SLACK_BOT_TOKEN: {code}.",
            "Copy the bot token (xoxb-…) again from the app's “OAuth & Permissions” page.",
        ) from error
    except (SlackClientError, OSError) as error:
        raise CostbotError(
            f"Slack cannot be reached at {slack.client.base_url}.", "Check the network and SLACK_API_BASE_URL."
        ) from error
    scopes = str(answer.headers.get("x-oauth-scopes", "")).split(",")
    return Identity(
        str(answer["team_id"]),
        str(answer.get("team", "")),
        str(answer.get("bot_id", "")),
        str(answer["user_id"]),
        frozenset(s.strip() for s in scopes if s.strip()),
    )


def create_app(context: Context, identity: Identity) -> App:
    """The Bolt app with every listener of `bot/listeners/`.

    `process_before_response` makes Bolt run the listener before it answers Slack: listeners only hand over, and an
    error after `ack()` can then not erase the acknowledgement.
    """
    slack = context.slack
    if slack is None:
        raise SettingsError("There is no Slack client.", "Set SLACK_BOT_TOKEN.")
    secret = context.settings.slack_signing_secret
    result = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team_id,
        team=identity.team,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user_id,
        bot_token=slack.client.token,
    )

    def authorize(**_: Any) -> AuthorizeResult:
        return result

    app = App(
        name="costbot",  # without one Bolt looks for its caller through the source of all modules
        client=slack.client,
        signing_secret=secret.get_secret_value() if secret else "",
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=secret is not None,
        logger=logging.getLogger("slack_bolt"),
    )
    for module in sorted(pkgutil.iter_modules(listeners.__path__), key=_catch_all_last):
        importlib.import_module(f"{listeners.__name__}.{module.name}").register(app, context)
    return app


def _catch_all_last(module: pkgutil.ModuleInfo) -> tuple[bool, str]:
    return module.name == "unhandled", module.name
