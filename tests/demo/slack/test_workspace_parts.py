"""The workspace's parts by themselves: manifest, messages, inputs, events to slow pages, the person as a program."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.demo.slack import SlackWorkspace, fan_out, messages
from bot.demo.slack.client import Person
from bot.demo.slack.elements import state_values, with_ids
from bot.demo.slack.fan_out import FanOut
from bot.demo.slack.input_errors import REQUIRED, input_errors
from bot.demo.slack.manifest import read_manifest
from bot.demo.slack.messages import Messages
from bot.demo.slack.team import demo_channels
from bot.errors import CostbotError
from tests.demo.slack.slack_factories import SetClock, button, plain, section, write_manifest


@pytest.mark.parametrize(("text", "said"), [("", "lacks `features`"), ("- 1", "lacks `features`"), ("a: [", "no YAML")])
def test_what_is_no_manifest_is_refused(tmp_path, text, said):
    with pytest.raises(CostbotError, match=said):
        read_manifest(write_manifest(tmp_path, text))


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(CostbotError, match="no manifest at"):
        SlackWorkspace(manifest=tmp_path / "none.yml")


def test_a_taken_port_is_an_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        SlackWorkspace(manifest=write_manifest(tmp_path), port=taken.getsockname()[1]).start()


def test_the_alternatives_of_the_usage_hint_are_subcommands(tmp_path):
    cost, raw = read_manifest(write_manifest(tmp_path)).commands
    assert raw.subcommands() == []
    assert [(s["name"], s["usage"]) for s in cost.subcommands()] == [
        ("help", ""),
        ("trend", "[service] [--days 7|30]"),
        ("savings", ""),
    ]


def test_only_the_last_messages_of_a_channel_are_kept(monkeypatch):
    monkeypatch.setattr(messages, "KEPT_PER_CHANNEL", 3)
    kept = Messages(SetClock().unix, demo_channels(), FanOut())
    posted = [kept.post("C0COSTS", "U0ANA", str(n)) for n in range(5)]
    other = kept.post("C0PAYMENTS", "U0ANA", "other")
    assert kept.in_channel("C0COSTS") == posted[2:]
    assert kept.in_channel("C0PAYMENTS") == [other]


def test_a_page_that_does_not_read_is_cut_off(monkeypatch):
    monkeypatch.setattr(fan_out, "QUEUE_LENGTH", 2)

    async def overflow():
        events = FanOut()
        stream = events.stream("U0ANA")
        await anext(stream)
        for number in range(4):
            events.publish({"n": number})
        return [line async for line in stream]

    # In a thread of its own: on this one a browser test may have left its loop running.
    with ThreadPoolExecutor(1) as pool:
        assert len(pool.submit(lambda: asyncio.run(overflow())).result(10)) <= 2


def input_block(element, **more):
    block = {"type": "input", "block_id": "b", "label": plain("l"), "element": {**element, "action_id": "a"}}
    return with_ids([{**block, **more}])


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ({"type": "plain_text_input"}, None, REQUIRED),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Enter at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "Enter at most 3 characters."),
        ({"type": "plain_text_input"}, "x" * 3001, "Enter at most 3000 characters."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "Enter a number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "5"},
            "4.9",
            "Enter a number of at least 5.",
        ),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "5"}, "5.1", "Enter a number of at most 5."),
        ({"type": "email_text_input"}, "nobody", "Enter a valid email address."),
        ({"type": "url_text_input"}, "ftp://x", "Enter a valid URL."),
        ({"type": "plain_text_input", "min_length": 3}, "abc", None),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "5"}, "5", None),
        ({"type": "email_text_input"}, "a@example.com", None),
    ],
)
def test_inputs_are_checked_before_the_bot_hears_of_them(element, value, error):
    blocks = input_block(element)
    state = state_values(blocks, {"b": {"a": {"value": value}}})
    assert input_errors(blocks, state) == ({"b": error} if error else {})


def test_an_optional_input_may_be_empty():
    blocks = input_block({"type": "checkboxes", "options": []}, optional=True)
    assert input_errors(blocks, state_values(blocks, None)) == {}


@pytest.mark.parametrize("given", [None, [], {"b": []}, {"b": {"a": "text"}}, {"elsewhere": {"a": {"value": "x"}}}])
def test_a_state_of_another_shape_counts_as_empty(given):
    blocks = input_block({"type": "plain_text_input", "initial_value": "preset"})
    assert state_values(blocks, given) == {"b": {"a": {"type": "plain_text_input", "value": "preset"}}}


def test_ids_are_given_where_the_bot_gave_none_and_nothing_else_changes():
    given = [
        section("x", accessory={**button("b", "a"), "confirm": {"text": plain("t")}}),
        {"type": "actions", "block_id": "mine", "elements": [{"type": "button", "text": plain("x")}]},
        {"type": "card", "actions": [{"type": "button", "text": plain("x")}]},
    ]
    before = [dict(block) for block in given]
    first, second, card = with_ids(given)
    assert given == before
    assert {key: value for key, value in first.items() if key != "block_id"} == given[0]
    assert (second["block_id"], bool(second["elements"][0]["action_id"])) == ("mine", True)
    assert card["actions"][0]["action_id"]


def test_a_person_without_a_workspace_says_so():
    with pytest.raises(CostbotError, match="does not answer"):
        Person("http://127.0.0.1:9", "U0ANA").state()


def test_waiting_ends(tmp_path):
    workspace = SlackWorkspace(manifest=write_manifest(tmp_path))
    ana = Person(workspace.start(), "U0ANA")
    try:
        with pytest.raises(TimeoutError, match="U0ANA"):
            ana.wait_for_message("C0COSTS", "never", timeout=0.1)
    finally:
        workspace.stop()
