"""A workspace and a real Bolt app for the tests of the local Slack workspace."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.demo.slack import SlackWorkspace
from bot.demo.slack.client import Person
from tests.closing import close

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
    bot: [commands, "chat:write", "channels:read", "channels:join", "im:write", "users:read", "users:read.email",
          "usergroups:read", "files:write", "reactions:write", "app_mentions:read"]
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
        # Beside the next test: a stop takes two tenths of a second, and there are many.
        threading.Thread(target=workspace.stop).start()


def web_client(workspace: SlackWorkspace, token: str = "xoxb-local") -> WebClient:
    return WebClient(token=token, base_url=workspace.workspace.base_url + "/api/", retry_handlers=[])


def bolt_app(workspace: SlackWorkspace) -> App:
    return App(name="sample", client=web_client(workspace), signing_secret="secret-local", process_before_response=True)


@contextmanager
def in_socket_mode(workspace: SlackWorkspace, app: App) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, "xapp-local", ping_interval=1)
    handler.connect()
    try:
        person(workspace).wait_for(lambda state: state["bot_connected"])
        yield handler
    finally:
        close(handler)


def person(workspace: SlackWorkspace, user_id: str = "U0ANA") -> Person:
    return Person(workspace.workspace.base_url, user_id)


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, value: str = "v") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": text}}


class SetClock:
    """A clock that tests move by hand; it starts at 10:00 UTC on 20 November 2026."""

    def __init__(self) -> None:
        self.seconds = datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def unix(self) -> float:
        return self.seconds


def journal_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


class Bot:
    """A Bolt app whose `/cost <word>` does what a test says under that word; it records all it gets."""

    def __init__(self, workspace: SlackWorkspace) -> None:
        self.app = bolt_app(workspace)
        self.forget()
        for command in ("/cost", "/raw"):
            self.app.command(command)(self._command)
        self.app.action(re.compile(".*"))(self._action)
        self.app.view(re.compile(".*"))(self._submission)
        self.app.view_closed(re.compile(".*"))(self._closed)
        for event in ("app_home_opened", "app_mention", "message"):
            self.app.event(event)(self._event)

    def forget(self) -> None:
        """As it was at the start."""
        self.answers: dict[str, Callable[..., None]] = {}
        self.commands: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.submissions: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.retries: list[tuple[str, str]] = []
        self.on_action: Callable[..., None] = lambda ack, **_: ack()
        self.on_submit: Callable[..., None] = lambda ack, **_: ack()

    def _command(self, ack: Any, command: dict[str, Any], respond: Any, client: WebClient, say: Any) -> None:
        self.commands.append(command)
        answer = self.answers.get(command["text"].split(" ")[0])
        if answer is None:
            ack()
        else:
            answer(ack=ack, command=command, respond=respond, client=client, say=say)

    def _action(self, ack: Any, body: dict[str, Any], respond: Any, client: WebClient) -> None:
        self.actions.append(body)
        self.on_action(ack=ack, body=body, respond=respond, client=client)

    def _submission(self, ack: Any, body: dict[str, Any]) -> None:
        self.submissions.append(body)
        self.on_submit(ack=ack, body=body)

    def _closed(self, ack: Any, body: dict[str, Any]) -> None:
        self.closed.append(body)
        ack()

    def _event(self, body: dict[str, Any], request: Any) -> None:
        self.events.append(body)
        retry = [request.headers.get(f"x-slack-retry-{name}", [""])[0] for name in ("num", "reason")]
        self.retries.append((retry[0], retry[1]))


def wait_until(condition: Callable[[], Any], timeout: float = 60.0) -> Any:
    """Wait for something that no person sees."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.02)
    return found


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(**more: Any) -> dict[str, Any]:
    """A modal with a required note and an optional choice."""
    blocks = [
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why?"),
            "element": {"type": "plain_text_input", "action_id": "note", "initial_value": "because"},
        },
        {
            "type": "input",
            "block_id": "mute",
            "label": plain("Mute"),
            "optional": True,
            "element": {"type": "static_select", "action_id": "days", "options": [{"text": plain("7"), "value": "7"}]},
        },
    ]
    view = {"type": "modal", "callback_id": "dismiss", "title": plain("Dismiss"), "submit": plain("OK")}
    return {**view, "blocks": blocks, "private_metadata": '{"finding": "A-1"}', **more}


def opening(view: dict[str, Any]) -> Callable[..., None]:
    def answer(ack: Any, command: dict[str, Any], client: WebClient, **_: Any) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)

    return answer


def open_modal(workspace: SlackWorkspace, bot: Bot, **more: Any) -> tuple[Person, dict[str, Any]]:
    """Ana with a modal open."""
    bot.answers["modal"] = opening(modal(**more))
    ana = person(workspace)
    ana.say("C0COSTS", "/cost modal")
    return ana, ana.wait_for(lambda state: state["view"])


def notes(note: str) -> dict[str, Any]:
    return {"why": {"note": {"type": "plain_text_input", "value": note}}}
