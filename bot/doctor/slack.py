"""Do the tokens work, are all scopes there, and can the channels and approvers be reached?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import identify
from bot.doctor import Finding, Status
from bot.errors import CostbotError, SettingsError
from bot.posting import Poster, web_client
from bot.run import check_slack_settings
from bot.settings import Settings
from bot.slack_manifest import manifest_text


def examine(settings: Settings) -> Iterator[Finding]:
    """Tokens, scopes, Socket Mode, the alert channel, the approvers."""
    try:
        check_slack_settings(settings)
    except SettingsError as error:
        yield Finding("Slack tokens", Status.FAILURE, error.cause, error.remedy)
        return
    assert settings.slack_bot_token is not None  # checked above
    client = web_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_base_url)
    slack = Poster(client, _NoFacts(), lambda: datetime.now(UTC))
    try:
        identity = identify(slack)
    except CostbotError as error:
        yield Finding("Slack", Status.FAILURE, error.cause, error.remedy)
        return
    yield Finding("Slack", Status.OK, f"Connected to {identity.team} as <{identity.bot_user_id}>.")
    yield _scopes(identity.scopes)
    if settings.slack_app_token:
        yield _socket_mode(client, settings.slack_app_token.get_secret_value())
    yield from _approvers(settings, slack)


def _scopes(granted: frozenset[str]) -> Finding:
    missing = sorted(wanted_scopes() - granted)
    if missing:
        return Finding(
            "Slack scopes",
            Status.FAILURE,
            f"The app lacks {', '.join(missing)}.",
            "Paste manifest.yml into the app's “App Manifest” page and install the app again.",
        )
    return Finding("Slack scopes", Status.OK, "All that costbot uses are granted.")


def wanted_scopes() -> frozenset[str]:
    """The bot scopes that manifest.yml asks for."""
    _, _, rest = manifest_text().partition("    bot:\n")
    found = re.match(r"(?:\s*- [a-z:.]+\n)+", rest)
    return frozenset(re.findall(r"- ([a-z:.]+)", found.group(0) if found else ""))


def _socket_mode(client: WebClient, app_token: str) -> Finding:
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        code = error.response.get("error")
        return Finding(
            "Socket Mode",
            Status.FAILURE,
            f"Slack does not accept SLACK_APP_TOKEN: {code}.",
            "Create an app-level token with connections:write on the app's “Basic Information” page.",
        )
    except (SlackClientError, OSError):
        return Finding("Socket Mode", Status.FAILURE, "Slack does not answer.", "Check the network.")
    return Finding("Socket Mode", Status.OK, "Slack opens web sockets for the app-level token.")


def _approvers(settings: Settings, slack: Poster) -> Iterator[Finding]:
    if not settings.approvers:
        yield Finding(
            "approvers",
            Status.WARNING,
            "Nobody may approve savings.",
            "Set COSTBOT_APPROVERS to member ids (U…) or user group ids (S…).",
        )
        return
    for group in (a for a in settings.approvers if a.startswith("S")):
        try:
            members = slack.group_members(group)
        except CostbotError as error:
            yield Finding("approvers", Status.FAILURE, error.cause, error.remedy)
            return
        if not members:
            yield Finding(
                "approvers", Status.WARNING, f"The user group {group} is empty.", "Add people to it in Slack."
            )
    yield Finding("approvers", Status.OK, f"Savings are approved by {', '.join(settings.approvers)}.")


class _NoFacts:
    """The doctor posts nothing, so nothing is to be remembered."""

    def recall(self, key: str) -> str | None:
        return None

    def remember(self, key: str, value: str, now: Any) -> None:
        raise CostbotError(f"The doctor remembers nothing, not even {key}.")
