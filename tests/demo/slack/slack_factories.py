"""A workspace and a real Bolt app for the tests of the local Slack workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.demo.slack import SlackWorkspace
from bot.demo.slack.client import Person

MANIFEST = """
display_information: {name: testbot}
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  slash_commands:
    - command: /cost
      description: Costs
      usage_hint: "help | trend [service] [--days 7|30] | savings"
      should_escape: true
    - {command: /raw, description: As typed}
oauth_config:
  scopes:
    bot: [commands, "chat:write", "channels:read", "channels:join", "im:write", "users:read", "usergroups:read",
          "files:write", "reactions:write", "app_mentions:read"]
settings:
  event_subscriptions: {bot_events: [app_home_opened, app_mention, message.im]}
"""


def write_manifest(folder: Path, text: str = MANIFEST) -> Path:
    path = folder / "manifest.yml"
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def running_workspace(folder: Path, manifest: str = MANIFEST, **options: Any) -> Iterator[SlackWorkspace]:
    workspace = SlackWorkspace(manifest=write_manifest(folder, manifest), journal=folder / "journal.jsonl", **options)
    workspace.start()
    try:
        yield workspace
    finally:
        workspace.stop()


def web_client(workspace: SlackWorkspace, token: str = "xoxb-local") -> WebClient:
    return WebClient(token=token, base_url=workspace.workspace.base_url + "/api/", retry_handlers=[])


def bolt_app(workspace: SlackWorkspace) -> App:
    return App(client=web_client(workspace), signing_secret="secret-local", process_before_response=True)


@contextmanager
def in_socket_mode(workspace: SlackWorkspace, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, "xapp-local")
    handler.connect()
    try:
        person(workspace).wait_for(lambda state: state["bot_connected"])
        yield handler
    finally:
        handler.close()


def person(workspace: SlackWorkspace, user_id: str = "U0ANA") -> Person:
    return Person(workspace.workspace.base_url, user_id)


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, value: str = "v") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": text}}
