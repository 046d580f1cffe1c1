"""Files of answers: in the thread of one message, and a sentence where Slack does not take them."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.request import urlopen

import pytest

from bot.blocks import elements
from bot.demo.slack.server import SlackWorkspace
from bot.listeners.commands import deliver
from bot.posting import Poster, web_client
from bot.reply import Attachment, Reply
from bot.slack_manifest import PATH

CHANNEL = "C0COSTS"
REPLY = Reply("2 rows.", [elements.section("*2 rows.*")], file=Attachment("costs.csv", b"a,b\r\n1,2\r\n"))


class Facts(dict[str, str]):
    def recall(self, key: str) -> str | None:
        return self.get(key)

    def remember(self, key: str, value: str, now: Any) -> None:
        self[key] = value


@pytest.fixture
def workspace() -> Iterator[SlackWorkspace]:
    made = SlackWorkspace(manifest=PATH)
    made.start()
    yield made
    made.stop()


def deliver_to(workspace: SlackWorkspace, channel: str) -> None:
    slack = Poster(web_client("xoxb-local", f"{workspace.workspace.base_url}/api/"), Facts(), lambda: datetime.now(UTC))
    url = workspace.workspace.response_url(channel, "U0ANA")
    deliver(types.SimpleNamespace(slack=slack), REPLY, url, channel, "U0ANA")  # type: ignore[arg-type]


def messages(workspace: SlackWorkspace, channel: str = CHANNEL) -> list[Any]:
    return workspace.workspace.messages.in_channel(channel)


def test_a_file_lies_in_the_thread_of_the_message_that_describes_it(workspace: SlackWorkspace) -> None:
    deliver_to(workspace, CHANNEL)
    described, with_file = messages(workspace)
    assert described.text == "2 rows."
    assert "Asked for by <@U0ANA>" in str(described.blocks)
    assert described.only_for is None
    assert with_file.thread_ts == described.ts
    [file] = with_file.files
    assert file["name"] == "costs.csv"
    with urlopen(workspace.workspace.base_url + file["url"], timeout=60) as answer:
        assert answer.read() == b"a,b\r\n1,2\r\n"


def test_a_missing_scope_is_a_sentence_for_the_asker_and_no_promise_is_left(workspace: SlackWorkspace) -> None:
    workspace.fault(fault="remove_scope", scope="files:write")
    deliver_to(workspace, CHANNEL)
    described, told = messages(workspace)
    assert described.text.startswith("The file that <@U0ANA> asked for could not be posted here.")
    assert told.only_for == "U0ANA"
    assert "costbot lacks the Slack permission files:write to upload a file to C0COSTS." in told.text
    assert "install the app again" in told.text


def test_an_archived_channel_is_a_sentence_for_the_asker(workspace: SlackWorkspace) -> None:
    workspace.fault(fault="archive", channel=CHANNEL)
    deliver_to(workspace, CHANNEL)
    assert [(message.only_for, message.files) for message in messages(workspace)] == [("U0ANA", [])]
    assert "is archived" in messages(workspace)[0].text
