"""Views: each person's stack of modals and Home tab."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.demo.slack.elements import State, state_values, with_ids
from bot.demo.slack.fan_out import FanOut
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import APP_ID, BOT_ID, TEAM_ID

MAX_STACK = 3
_GIVEN = ("callback_id", "private_metadata", "external_id", "title", "submit", "close")


@dataclass(slots=True)
class View:
    """One view as it stands; `hash` changes with every update."""

    id: str
    user: str
    body: dict[str, Any]
    root_id: str
    previous_id: str | None = None
    hash: str = ""
    values: State = field(default_factory=dict)

    def redraw(self, body: dict[str, Any]) -> None:
        self.body = {**body, "blocks": with_ids(body.get("blocks") or [])}
        self.hash = f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.body["blocks"]
        return blocks

    def as_slack(self) -> dict[str, Any]:
        """The view object of the Web API and of interaction payloads; what was not given is there and empty."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": self.body["type"],
            "blocks": self.blocks,
            "state": {"values": state_values(self.blocks, self.values)},
            "hash": self.hash,
            "clear_on_close": bool(self.body.get("clear_on_close")),
            "notify_on_close": bool(self.body.get("notify_on_close")),
            "submit_disabled": bool(self.body.get("submit_disabled")),
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "app_installed_team_id": TEAM_ID,
            **{name: self.body.get(name, "" if name.endswith(("_id", "metadata")) else None) for name in _GIVEN},
        }


class Views:
    """All open modals and Home tabs, each change told to the person's pages."""

    def __init__(self, fan_out: FanOut) -> None:
        self._fan_out = fan_out
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def open(self, user: str, body: dict[str, Any]) -> View:
        """Show a modal; it takes the place of any other."""
        self._check_external_id(body)
        self._stacks[user] = []
        return self._add(user, body, "open")

    def push(self, user: str, body: dict[str, Any]) -> View:
        """Put a modal on top of the person's others; Slack allows three."""
        self._check_external_id(body)
        if len(self._stacks.get(user, ())) >= MAX_STACK:
            raise Refusal("push_limit_reached")
        return self._add(user, body, "push")

    def update(self, view: View, body: dict[str, Any], expected_hash: object = None) -> View:
        """Redraw an open view, unless it changed since the caller saw it."""
        if expected_hash and expected_hash != view.hash:
            raise Refusal("hash_conflict")
        view.redraw(body)
        self._tell(view, "update")
        return view

    def publish(self, user: str, body: dict[str, Any], expected_hash: object = None) -> View:
        """Redraw a person's Home tab."""
        home = self._homes.get(user)
        if home is None:
            view_id = _new_id()
            home = self._homes[user] = View(view_id, user, {}, view_id)
        elif expected_hash and expected_hash != home.hash:
            raise Refusal("hash_conflict")
        home.redraw(body)
        self._fan_out.tell(user, {"type": "home", "view": home.as_slack()})
        return home

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: object, external_id: object = None) -> View:
        """An open modal or a Home tab.

        Raises:
            Refusal: there is none, or its modal was closed.
        """
        for view in [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise Refusal("not_found")

    def owned(self, user: str, view_id: object) -> View:
        """A view this person sees."""
        view = self.find(view_id)
        if view.user != user:
            raise Refusal("not_found")
        return view

    def top(self, user: str) -> View | None:
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def close(self, view: View) -> None:
        """Take a modal away, with those on top of it; the one below comes back."""
        stack = self._stacks.get(view.user, [])
        if view not in stack:
            return
        del stack[stack.index(view) :]
        self._fan_out.tell(view.user, {"type": "view", "op": "close", "view": view.as_slack()})

    def clear(self, user: str) -> None:
        """Take all of a person's modals away."""
        stack = self._stacks.pop(user, [])
        if stack:
            self._fan_out.tell(user, {"type": "view", "op": "close", "view": stack[0].as_slack()})

    def _add(self, user: str, body: dict[str, Any], op: str) -> View:
        stack = self._stacks.setdefault(user, [])
        view_id = _new_id()
        view = View(view_id, user, {}, stack[0].id if stack else view_id, stack[-1].id if stack else None)
        view.redraw(body)
        stack.append(view)
        self._tell(view, op)
        return view

    def _check_external_id(self, body: dict[str, Any]) -> None:
        external_id = body.get("external_id")
        taken = {view.body.get("external_id") for stack in self._stacks.values() for view in stack}
        if external_id and external_id in taken:
            raise Refusal("duplicate_external_id")

    def _tell(self, view: View, op: str) -> None:
        if view.body["type"] == "home":
            self._fan_out.tell(view.user, {"type": "home", "view": view.as_slack()})
        else:
            self._fan_out.tell(view.user, {"type": "view", "op": op, "view": view.as_slack()})


def _new_id() -> str:
    return "V0" + secrets.token_hex(5).upper()
