"""Savings without a card are told owner by owner: one message each, nobody's resources in another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.blocks.owner_savings import MOST_LISTED
from bot.commands import Request, commands
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError
from bot.store import Finding
from bot.workflows.decide import decide
from bot.workflows.owner_savings import tell_owners
from bot.workflows.post_savings import post_savings
from bot.workflows.record_savings import Recorded
from tests.bot.decisions_factories import NOW, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as a_context

CHANNEL = "C0COSTS"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    owners = tmp_path / "owners.csv"
    owners.write_text("kind,value,owner\ntag,payments,U0BEN\ntag,checkout,U0BEN\ntag,search,S0SEARCH\n")
    return a_context(tmp_path, settings={"owners_file": owners})


def saving(context: Context, number: int, owner: str | None, **changed: Any) -> Finding:
    values = {"resource_id": f"i-{number}", "resource_name": f"vm-{number}", "owner": owner} | changed
    return context.store.record(recommendation(**values), NOW)


def some(context: Context) -> list[Finding]:
    """Savings of three owners and of nobody."""
    whose = ["payments", "checkout", "search", "growth <!channel>", None, None]
    return [saving(context, n, owner, monthly_savings=100.0 + n) for n, owner in enumerate(whose)]


def posts(context: Context) -> list[dict[str, Any]]:
    return slack_of(context).of("post")


def listed(message: dict[str, Any]) -> list[str]:
    """The resources that a message names."""
    return [block["text"]["text"].split(" on ")[1].split(":")[0] for block in message["blocks"] if "accessory" in block]


def test_each_owner_gets_one_message_with_what_is_theirs(context: Context) -> None:
    assert tell_owners(context, CHANNEL, some(context)) == 4

    assert [(message["text"], listed(message)) for message in posts(context)] == [
        ("No owner: 2 savings, $209 a month, to decide.", ["vm-5", "vm-4"]),
        ("<@U0BEN>: 2 savings of checkout, payments, $201 a month, to decide.", ["vm-1", "vm-0"]),
        ("No owner: 1 saving of growth &lt;!channel&gt;, $103 a month, to decide.", ["vm-3"]),
        ("<!subteam^S0SEARCH>: 1 saving of search, $102 a month, to decide.", ["vm-2"]),
    ]
    for message in posts(context):
        assert check_message({"text": message["text"], "blocks": message["blocks"]}) == []


def test_what_has_a_card_or_was_told_is_not_told_again(context: Context) -> None:
    found = some(context)
    context.store.claim_post(found[2].id, CHANNEL, NOW)
    context.store.confirm_post(found[2].id, CHANNEL, "1.1", NOW)

    tell_owners(context, CHANNEL, found)
    assert tell_owners(context, CHANNEL, found) == 0

    assert len(posts(context)) == 3
    assert not any("vm-2" in listed(message) for message in posts(context))


def test_within_the_week_the_same_message_grows_and_then_another_begins(context: Context) -> None:
    found = some(context)
    tell_owners(context, CHANNEL, found)

    tell_owners(context, CHANNEL, [*found, saving(context, 7, "payments", monthly_savings=7.0)])
    (drawn,) = slack_of(context).of("update")
    assert drawn["text"] == "<@U0BEN>: 3 savings of checkout, payments, $208 a month, to decide."
    assert listed(drawn) == ["vm-1", "vm-0", "vm-7"]

    clock_of(context).pass_time(days=7)
    tell_owners(context, CHANNEL, [*found, saving(context, 8, "payments")])
    assert listed(posts(context)[-1]) == ["vm-8"]


def test_a_decision_is_seen_in_the_list(context: Context) -> None:
    found = some(context)
    tell_owners(context, CHANNEL, found)

    decide(context, found[1].id, "approve", user_id="U0ANA")

    (drawn,) = slack_of(context).of("update")
    assert drawn["text"] == "<@U0BEN>: 1 saving of checkout, payments, $100 a month, to decide."
    assert "(approved)" in str(drawn["blocks"])
    assert listed(drawn) == ["vm-0", "vm-1"]
    decide(context, found[0].id, "approve", user_id="U0ANA")
    assert (
        slack_of(context)
        .of("update")[-1]["text"]
        .endswith("every saving of checkout, payments listed here is decided.")
    )


def test_a_scan_that_changes_many_draws_their_list_once(context: Context) -> None:
    tell_owners(context, CHANNEL, [saving(context, n, "payments") for n in range(20)])
    changed = tuple(saving(context, n, "payments", monthly_savings=10.0 + n) for n in range(20))

    post_savings(context, Recorded((), changed, ()), new_cards=False)

    (drawn,) = slack_of(context).of("update")
    assert drawn["text"] == "<@U0BEN>: 20 savings of payments, $390 a month, to decide."


def test_what_is_decided_is_not_counted_among_those_that_are_not_listed(context: Context) -> None:
    found = [saving(context, n, "payments", monthly_savings=10.0) for n in range(MOST_LISTED + 3)]
    tell_owners(context, CHANNEL, found)
    for one in found[:2]:
        decide(context, one.id, "approve", user_id="U0ANA")

    assert "1 more, $10.00 a month, are not listed here." in str(slack_of(context).of("update")[-1]["blocks"])


def test_a_list_that_slack_refuses_undoes_no_decision(context: Context) -> None:
    found = some(context)
    tell_owners(context, CHANNEL, found)
    slack_of(context).refuses["update"] = CostbotError("Slack did not answer.")
    decide(context, found[1].id, "approve", user_id="U0ANA")
    assert context.store.finding(found[1].id).state == "approved"


def test_what_slack_refused_is_told_later(context: Context) -> None:
    found = some(context)
    slack_of(context).refuses[CHANNEL] = CostbotError("The channel is archived.")
    with pytest.raises(CostbotError):
        tell_owners(context, CHANNEL, found)
    slack_of(context).refuses.clear()
    assert tell_owners(context, CHANNEL, found) == 4


def test_hundreds_of_savings_fit_one_message_and_many_owners_take_several_scans(context: Context) -> None:
    tell_owners(context, CHANNEL, [saving(context, n, "payments") for n in range(200)])
    (message,) = posts(context)
    assert len(listed(message)) == MOST_LISTED
    assert "188 more, $52,700 a month, are not listed here." in str(message["blocks"])
    assert check_message({"text": message["text"], "blocks": message["blocks"]}) == []

    others = [saving(context, 1000 + n, f"team {n}") for n in range(7)]
    assert [tell_owners(context, CHANNEL, others) for _ in range(3)] == [5, 2, 0]


def test_the_list_of_all_savings_is_grouped_by_owner_and_names_them_without_notifying(context: Context) -> None:
    some(context)
    saving(context, 9, None, account_id="777788889999", monthly_savings=9.0)
    slack_of(context).directory.names = {"U0BEN": "Ben <!here>"}
    slack_of(context).directory.handles = {"search-team": "S0SEARCH"}

    reply = commands()["savings"].answer(Request("savings", (), "U0ANA", CHANNEL), context)

    by_owner = next(b["text"]["text"] for b in reply.blocks if "By owner" in str(b))
    assert by_owner == (
        "By owner: no owner $218 · growth &lt;!channel&gt; $103 · search (@search-team) $102 · "
        "checkout (Ben &lt;!here&gt;) $101 · payments (Ben &lt;!here&gt;) $100"
    )
