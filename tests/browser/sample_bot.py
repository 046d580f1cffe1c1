"""A small bot on slack_bolt in Socket Mode that sends the sample messages and notes what people do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.browser import samples
from tests.closing import close

CHANNEL = "C0COSTS"
Body = dict[str, Any]


class SampleBot:
    """Posts the samples, answers `/cost …`, and keeps every interaction payload in `seen`."""

    def __init__(self, base_url: str) -> None:
        self.seen: list[Body] = []
        self._posted: list[str] = []
        self.client = WebClient(token="xoxb-local", base_url=f"{base_url}/api/")
        self.app = App(name="sample", client=self.client, signing_secret="secret-local", process_before_response=True)
        self.app.command("/cost")(self._command)
        self.app.action(re.compile(".*"))(self._action)
        self.app.view("dismiss")(self._dismissed)
        self.app.view("form")(self._subscribed)
        self.app.event("app_home_opened")(self._home)
        self._handler = SocketModeHandler(self.app, "xapp-local")

    def start(self) -> None:
        self._handler.connect()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        close(self._handler)

    def post(self, message: Body, **more: Any) -> str:
        """Post a sample; returns its ts."""
        ts = str(self.client.chat_postMessage(channel=CHANNEL, **message, **more)["ts"])
        self._posted.append(ts)
        return ts

    def clean_up(self) -> None:
        """Delete what was posted, so that the next page opens fast."""
        while self._posted:
            with suppress(SlackApiError):
                self.client.chat_delete(channel=CHANNEL, ts=self._posted.pop())

    def wait_for(self, wanted: Callable[[Body], bool]) -> Body:
        """The first payload seen that fits, waited for."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for payload in list(self.seen):
                if wanted(payload):
                    return payload
            time.sleep(0.02)
        raise AssertionError(f"no such payload among {len(self.seen)}")

    def submitted(self, callback_id: str) -> Body:
        """The payload of a modal that was submitted, waited for."""
        return self.wait_for(lambda payload: payload.get("view", {}).get("callback_id") == callback_id)

    def _command(self, ack: Any, body: Body, respond: Any) -> None:
        word = str(body.get("text", "")).partition(" ")[0]
        if word == "silent":
            time.sleep(0.6)
            return
        ack()
        if word == "form":
            self.client.views_open(trigger_id=body["trigger_id"], view=samples.form_modal())
        elif word == "trend":
            respond(**samples.trend())
        elif word in ("", "help"):
            respond(**samples.help_card())
        else:
            respond(text=f"There is no `{word}`. Did you mean `/cost trend`?")

    def _action(self, ack: Any, body: Body, respond: Any) -> None:
        ack()
        self.seen.append(body)
        action = body["actions"][0]
        if action["action_id"] in ("decide.approve", "decide.acknowledge"):
            self._redraw(body, f"Done by <@{body['user']['id']}>")
        elif action["action_id"] == "decide.dismiss":
            view = self.client.views_open(trigger_id=body["trigger_id"], view=samples.loading())["view"]
            self.client.views_update(view_id=view["id"], hash=view["hash"], view=samples.dismiss_modal(action["value"]))
        elif action["action_id"].startswith("run."):
            days = int(action["value"].rpartition(" ")[2])
            respond(**samples.trend(days), replace_original=True)

    def _redraw(self, body: Body, done: str) -> None:
        message = body["message"]
        kept = [block for block in message["blocks"] if block["type"] != "actions"]
        blocks = [*kept, samples.context(done)]
        self.client.chat_update(channel=CHANNEL, ts=message["ts"], text=message["text"], blocks=blocks)
        command = f"{done}: `aws ec2 modify-instance-attribute`"
        self.client.chat_postMessage(channel=CHANNEL, thread_ts=message["ts"], text=command)

    def _dismissed(self, ack: Any, body: Body) -> None:
        note = body["view"]["state"]["values"]["note"]["note"]["value"]
        if note == "refuse me":
            ack(response_action="errors", errors={"note": "Say a little more."})
            return
        ack()
        self.seen.append(body)

    def _subscribed(self, ack: Any, body: Body) -> None:
        ack()
        self.seen.append(body)

    def _home(self, event: Body) -> None:
        self.client.views_publish(user_id=event["user"], view=samples.home(event["user"]))
