"""A person of the local workspace, as a program: types, clicks, submits, waits. Used by the launcher and by tests."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from bot.demo.slack.elements import interactive
from bot.errors import CostbotError

Json = dict[str, Any]
T = TypeVar("T")
#: How often a person looks: at first at once, then less and less often, for each look makes the workspace work.
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 0.03, 0.3
#: How long a person waits for what must come. No measure of speed: a busy machine may take many times its usual time.
PATIENCE_SECONDS = 60.0


class Person:
    """One person at the page of a workspace; every call blocks until the workspace has answered.

    Args:
        base_url: as `SlackWorkspace.start` returns it.
        user_id: as "U0ANA".
    """

    def __init__(self, base_url: str, user_id: str, *, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        parts = urlsplit(base_url)
        # Straight to loopback: a proxy in the environment is not asked.
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._timeout_seconds = timeout_seconds
        self.user_id = user_id

    def state(self) -> Json:
        """Everything the person sees."""
        return self._request("GET", "/page/state?" + urlencode({"user": self.user_id}))

    def messages(self, channel: str) -> list[Json]:
        """The messages of one channel, oldest first."""
        found: list[Json] = self.state()["messages"].get(channel, [])
        return found

    def say(self, channel: str, text: str, *, thread_ts: str | None = None) -> Json:
        """Type something and press Enter; for a command, waits for the bot's ack."""
        return self._do("say", channel=channel, text=text, **({"thread_ts": thread_ts} if thread_ts else {}))

    def click(self, channel: str, button: str, *, value: str | None = None, message_ts: str | None = None) -> Json:
        """Press the newest button with this text or action_id.

        Args:
            value: only the button that carries it.
            message_ts: only in this message.
        Raises:
            CostbotError: there is no such button.
        """
        messages = [m for m in self.messages(channel) if message_ts in (None, m["ts"])]
        for message in reversed(messages):
            for block_id, element in interactive(message["blocks"]):
                if _is_named(element, button) and value in (None, element.get("value")):
                    return self.act(channel, message["ts"], block_id, element)
        raise CostbotError(f"No button {button!r} in {channel}.", "Look at the channel's messages.")

    def act(self, channel: str, message_ts: str, block_id: str, action: Json, state: Json | None = None) -> Json:
        """Use one element of a message as it was drawn, even if the message has changed since."""
        where = {"channel": channel, "message_ts": message_ts, "block_id": block_id}
        return self._do("action", **where, action=action, state={"values": state or {}})

    def act_in_view(self, view_id: str, block_id: str, action: Json, state: Json | None = None) -> Json:
        """Use one element of a modal or of the Home tab."""
        return self._do("action", view_id=view_id, block_id=block_id, action=action, state={"values": state or {}})

    def view(self) -> Json | None:
        """The modal on top."""
        found: Json | None = self.state()["view"]
        return found

    def submit(self, view_id: str, values: Json) -> Json:
        """Submit a modal; `values` as `state.values`: {block_id: {action_id: {"type", "value"}}}."""
        return self._do("submit", view_id=view_id, state={"values": values})

    def close(self, view_id: str) -> Json:
        """Close a modal."""
        return self._do("close", view_id=view_id)

    def open_home(self) -> Json:
        """Open the Home tab."""
        return self._do("home")

    def fault(self, fault: str, **options: Any) -> Json:
        """Switch a fault on; see `bot.demo.slack.faults.FAULTS`."""
        return self._request("POST", "/page/faults", {"fault": fault, **options})

    def wait_for(self, predicate: Callable[[Json], T | None], timeout: float = PATIENCE_SECONDS) -> T:
        """Wait until `predicate` of the state is true; returns what it returned.

        Raises:
            TimeoutError: it was not, within `timeout` seconds.
        """
        deadline, pause = time.monotonic() + timeout, FIRST_LOOK_SECONDS
        while True:
            found = predicate(self.state())
            if found:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"not seen by {self.user_id} within {timeout} s")
            time.sleep(pause)
            pause = min(pause * 1.2, LAST_LOOK_SECONDS)

    def wait_for_message(self, channel: str, containing: str, timeout: float = PATIENCE_SECONDS) -> Json:
        """Wait for a message with these words in its text or blocks; returns the newest one."""

        def found(state: Json) -> Json | None:
            messages = state["messages"].get(channel, [])
            return next((m for m in reversed(messages) if containing in _words(m)), None)

        return self.wait_for(found, timeout)

    def _do(self, what: str, **body: Any) -> Json:
        return self._request("POST", f"/page/{what}", {"user": self.user_id, **body})

    def _request(self, verb: str, path: str, body: Json | None = None) -> Json:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_seconds)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(verb, path, data, {"Content-Type": "application/json"} if data else {})
            response = connection.getresponse()
            answer: Json = json.loads(response.read())
            return answer
        except OSError as error:
            raise CostbotError(f"The local workspace does not answer ({error}).", "Is the demo running?") from error
        finally:
            connection.close()


def _is_named(element: Json, name: str) -> bool:
    text = element.get("text")
    return name in (element.get("action_id"), text.get("text") if isinstance(text, dict) else None)


def _words(message: Json) -> str:
    return str(message["text"]) + "\n" + json.dumps(message["blocks"], ensure_ascii=False)
