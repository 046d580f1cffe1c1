"""Who looks after a finding: typed or chosen on the card, told once, kept through a scan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import UsageError
from bot.listeners.assigning import answer
from tests.bot.decisions_factories import context as a_context
from tests.bot.decisions_factories import recommendation, slack_of


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path, settings={"alert_channel": "C0COSTS"})


def saved(context: Context) -> str:
    return context.store.record(recommendation(), context.clock.now()).id


def posted(context: Context, finding_id: str) -> None:
    context.store.claim_post(finding_id, "C0COSTS", context.clock.now())
    context.store.confirm_post(finding_id, "C0COSTS", "1.1", context.clock.now())


def typed(context: Context, *words: str) -> Reply:
    return commands()["assign"].answer(Request("assign", words, user_id="U0ANA", channel_id="C0COSTS"), context)


@pytest.mark.parametrize(
    "words", [(), ("{id}",), ("{id}", "everybody"), ("{id}", "<!channel>"), ("{id}", "U0BEN", "x")]
)
def test_without_one_person_nothing_is_assigned(context: Context, words: tuple[str, ...]) -> None:
    finding_id = saved(context)

    with pytest.raises(UsageError):
        typed(context, *(word.format(id=finding_id) for word in words))

    assert context.store.finding(finding_id).assignee is None


def test_what_is_dismissed_is_given_to_nobody(context: Context) -> None:
    finding_id = saved(context)
    context.store.decide(finding_id, "dismiss", actor="U0ANA", now=context.clock.now(), reason="accepted")

    assert "is dismissed" in typed(context, finding_id, "me").text
    assert context.store.finding(finding_id).assignee is None


@pytest.mark.parametrize(
    ("word", "assignee"),
    [
        ("<@U0BEN|ben>", "U0BEN"),
        ("<@U0BEN>", "U0BEN"),
        ("U0BEN", "U0BEN"),
        ("me", "U0ANA"),
        ("<!subteam^S0SEARCH|@search>", "S0SEARCH"),
        ("<!subteam^S0SEARCH>", "S0SEARCH"),
        ("@search", "S0SEARCH"),
        ("<mailto:ben@example.com|ben@example.com>", "U0BEN"),
        ("ben@example.com", "U0BEN"),
        ("owner", "S0SEARCH"),
    ],
)
def test_a_person_or_group_is_named_in_any_way_slack_writes_one(context: Context, word: str, assignee: str) -> None:
    finding_id = saved(context)
    slack_of(context).directory.handles["search"] = "S0SEARCH"
    slack_of(context).directory.emails["ben@example.com"] = "U0BEN"

    reply = typed(context, finding_id, word)

    assert context.store.finding(finding_id).assignee == assignee
    who = f"<!subteam^{assignee}>" if assignee.startswith("S") else f"<@{assignee}>"
    assert f"{finding_id} is with {who} now" in reply.text


@pytest.mark.parametrize("word", ["owner", "@nobody", "nobody@example.com"])
def test_who_cannot_be_found_gets_nothing(context: Context, word: str) -> None:
    finding_id = saved(context)
    with pytest.raises(UsageError):
        typed(context, finding_id, word)
    assert context.store.finding(finding_id).assignee is None


def test_a_groups_card_is_one_that_slack_takes(context: Context) -> None:
    finding_id = saved(context)
    posted(context, finding_id)
    typed(context, finding_id, "S0SEARCH")
    (drawn,) = slack_of(context).of("update")
    assert check_message({"text": drawn["text"], "blocks": drawn["blocks"]}) == []
    assert "with <!subteam^S0SEARCH>" in str(drawn["blocks"])
    assert "initial_user" not in str(drawn["blocks"])


def test_the_card_and_its_thread_say_so_once(context: Context) -> None:
    finding_id = saved(context)
    posted(context, finding_id)

    for _ in range(2):
        typed(context, finding_id, "U0BEN")

    slack = slack_of(context)
    assert len(slack.of("update")) == 1
    (told,) = [post["text"] for post in slack.of("post") if post["thread_ts"] == "1.1"]
    assert told.startswith("Assigned to <@U0BEN> by <@U0ANA>")


def test_nobody_takes_it_away_again_and_both_are_in_the_audit(context: Context) -> None:
    finding_id = saved(context)
    typed(context, finding_id, "U0BEN")

    typed(context, finding_id, "nobody")

    assert context.store.finding(finding_id).assignee is None
    assert [(row.verb, row.note, row.actor) for row in context.store.audit(finding_id)[1:]] == [
        ("assign", "U0BEN", "U0ANA"),
        ("assign", None, "U0ANA"),
    ]


def test_a_scan_and_a_decision_leave_it_with_its_person(context: Context) -> None:
    finding_id = saved(context)
    typed(context, finding_id, "U0BEN")

    context.store.record(recommendation(monthly_savings=99.0), context.clock.now())
    context.store.decide(finding_id, "approve", actor="U0ANA", now=context.clock.now())

    assert context.store.finding(finding_id).assignee == "U0BEN"


def chosen(block_id: str, user: str | None) -> dict[str, Any]:
    return {
        "user": {"id": "U0ANA"},
        "container": {"channel_id": "C0COSTS", "message_ts": "1.1"},
        "actions": [{"action_id": "assign", "block_id": block_id, "selected_user": user}],
    }


def test_the_list_of_a_card_assigns_the_finding_of_its_block(context: Context) -> None:
    finding_id = saved(context)
    posted(context, finding_id)

    answer(context, chosen(f"decide.{finding_id}", "U0BEN"))

    assert context.store.finding(finding_id).assignee == "U0BEN"
    assert [call["user"] for call in slack_of(context).of("ephemeral")] == ["U0ANA"]


def test_a_finding_that_is_not_there_is_told_and_nothing_breaks(context: Context) -> None:
    answer(context, chosen("decide.S-0000", "U0BEN"))

    (told,) = slack_of(context).of("ephemeral")
    assert "There is no finding" in told["text"]
