"""`/cost mine`: what a person was given and owns, with buttons that draw the list anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.blocks.mine_report import PAGE
from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError, UsageError
from bot.listeners.actions import Click, answer_click
from tests.bot.decisions_factories import NOW, anomaly, recommendation, slack_of
from tests.bot.decisions_factories import context as a_context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    owners = tmp_path / "owners.toml"
    owners.write_text('[tags]\npayments = "U0BEN"\nsearch = "S0SEARCH"\n')
    bot = a_context(tmp_path, settings={"owners_file": owners})
    slack_of(bot).groups["S0SEARCH"] = frozenset({"U0BEN", "U0CLEO"})
    return bot


def typed(context: Context, name: str, *words: str, user: str = "U0BEN") -> Reply:
    return commands()[name].answer(Request(name, words, user_id=user, channel_id="C0COSTS"), context)


def ids(reply: Reply) -> list[str]:
    """The findings of the list, in its order."""
    return [b["block_id"].partition(".")[2] for b in reply.blocks if b.get("block_id", "").startswith("mine.")]


def some(context: Context) -> dict[str, str]:
    """An anomaly and a saving of each kind of belonging, by what they are."""
    record, assign = context.store.record, context.store.assign
    values: dict[str, Any] = {
        "given": recommendation(resource_id="i-1", owner="growth"),
        "given to a group": recommendation(resource_id="i-2", owner=None, monthly_savings=10.0),
        "owned": anomaly(owner="payments"),
        "owned by a group": recommendation(resource_id="i-3", owner="search", monthly_savings=99.0),
        "owned, given to another": recommendation(resource_id="i-4", owner="payments"),
        "owned and decided": anomaly(owner="payments", service="AmazonS3"),
        "another's": anomaly(owner="growth", service="AmazonRDS"),
    }
    found = {what: record(value, NOW).id for what, value in values.items()}
    assign(found["given"], "U0BEN", actor="U0ANA", now=NOW)
    assign(found["given to a group"], "S0SEARCH", actor="U0ANA", now=NOW)
    assign(found["owned, given to another"], "U0ANA", actor="U0ANA", now=NOW)
    context.store.decide(found["owned and decided"], "acknowledge", actor="U0ANA", now=NOW)
    return found


def test_what_was_given_comes_first_then_what_is_owned_dearest_first(context: Context) -> None:
    found = some(context)

    reply = typed(context, "mine")

    wanted = ("given", "given to a group", "owned", "owned by a group")
    assert ids(reply) == [found[what] for what in wanted]
    told = "4 findings are yours (2 given, 2 owned): $389 a month to save, $344 a day above expectation."
    assert reply.text == told
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    assert ids(typed(context, "mine", user="U0CLEO")) == [found["given to a group"], found["owned by a group"]]
    assert typed(context, "mine", user="U0DAN").text == "Nothing is yours to look after at the moment."


def test_the_anomalies_alone(context: Context) -> None:
    found = some(context)
    reply = typed(context, "anomalies", "mine")
    assert reply.text == "1 anomaly of yours, +$344/day above expectation."
    assert found["owned"] in json.dumps(reply.blocks)
    assert typed(context, "anomalies", "mine", user="U0DAN").text == "No anomaly is yours."


def test_only_an_approver_is_offered_to_approve(context: Context) -> None:
    some(context)
    assert "decide.approve" not in json.dumps(typed(context, "mine").blocks)
    assert "decide.approve" in json.dumps(typed(context, "mine", user="U0ANA").blocks)


def test_a_group_that_slack_does_not_tell_of_is_said_and_breaks_nothing(context: Context) -> None:
    found = some(context)
    slack_of(context).refuses["group_members"] = CostbotError("Slack did not answer.")
    reply = typed(context, "mine")
    assert ids(reply) == [found["given"], found["owned"]]
    assert "did not tell the members" in json.dumps(reply.blocks)


def test_long_lists_have_pages_that_slack_takes(context: Context) -> None:
    for number in range(2 * PAGE + 1):
        context.store.record(recommendation(resource_id=f"i-{number}", owner="payments"), NOW)
    pages = [typed(context, "mine", "--page", str(page)) for page in (1, 2, 3, 99)]
    assert [len(ids(page)) for page in pages] == [PAGE, PAGE, 1, 1]
    assert len({one for page in pages[:3] for one in ids(page)}) == 2 * PAGE + 1
    assert all(check_message({"text": page.text, "blocks": page.blocks}) == [] for page in pages)
    assert '"value": "/cost mine --page 2"' in json.dumps(pages[0].blocks)


@pytest.mark.parametrize("words", [("yours",), ("--page", "0"), ("--page", "two"), ("--team", "x")])
def test_what_cannot_be_read_is_said(context: Context, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        typed(context, "mine", *words)


def test_a_decision_in_the_list_draws_the_list_anew(context: Context) -> None:
    found = some(context)
    body = {
        "user": {"id": "U0BEN"},
        "container": {"channel_id": "C0COSTS", "message_ts": "9.9", "is_ephemeral": True},
        "response_url": "https://hooks/1",
        "actions": [{"action_id": "decide.acknowledge", "value": found["owned"], "block_id": f"mine.{found['owned']}"}],
    }

    answer_click(context, Click.from_body(body))

    (drawn,) = slack_of(context).of("respond")
    assert drawn["replace"]
    assert drawn["text"].startswith("3 findings are yours")
    assert f"You acknowledged {found['owned']}" in json.dumps(drawn["blocks"])
    assert context.store.finding(found["owned"]).state == "acknowledged"
