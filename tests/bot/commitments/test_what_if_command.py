"""`/cost commitments what-if`, from typed words to the answer, over a stored export."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pandas import Timestamp

from analysis.lifecycle import Verb
from bot.blocks.elements import Block
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import NotEnoughData, SourceUnavailable, UsageError
from bot.store import Told
from bot.terminal import render
from tests.bot.commitments.hourly_bills import PlanRates, exported, hours
from tests.bot.commitments.test_hours import owns
from tests.bot.costs.cost_factories import texts
from tests.bot.decisions_factories import NOW, recommendation


def asked(context: Context, typed: str) -> Reply:
    reply = find("commitments").answer(Request("commitments", tuple(typed.split()), "U0ANA", "C0COSTS"), context)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    return reply


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Ten machines on demand; for tests that change nothing."""
    return exported(tmp_path_factory.mktemp("told"), hours())


def chart(reply: Reply) -> Block:
    [found] = [block for block in reply.blocks if block["type"] == "data_visualization"]
    return found


@pytest.mark.parametrize("word", ["what-if", "What-If", "whatif"])
def test_answers_in_dollars_a_month(told: Context, word: str) -> None:
    reply = asked(told, f"{word} 0.35/h")

    # $0.35 for what costs $0.50 on demand would be $109.50 a month; in a few scenarios usage falls or leaves.
    assert reply.text.startswith(
        "$0.35 an hour more for a Compute Savings Plan (1 year, No Upfront) would save $104 a month"
    )
    assert [point["value"] for point in chart(reply)["chart"]["series"][0]["data"]] == [0.7] * 20
    assert "In 100 % of the last 30 days' hours the load reached the new line" in texts(reply)


def test_offers_the_other_amounts_and_terms_of_the_same_purchase(told: Context) -> None:
    rendered = render(asked(told, "what-if 0.1/h --type ec2 --family m5"))

    assert (
        "/cost commitments what-if 0.60/h --type ec2 --term 1y --payment none --region us-east-1 --family m5"
        in rendered
    )
    assert "/cost commitments what-if 0.10/h --type ec2 --term 3y --payment none" in rendered


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("what-if", "what-if 12.50/h"),
        ("what-if much", "what-if 12.50/h"),
        ("what-if 1/h --term 3y", "1 year No Upfront"),
        ("what-if 1/h --type ec2 --region eu-west-1", "us-east-1"),
        ("what-if 1/h --type ec2 --family r5", "m5"),
        ("what-now", "what-if 12.50/h"),
    ],
)
def test_says_how_to_type_it(told: Context, typed: str, remedy: str) -> None:
    with pytest.raises(UsageError) as raised:
        asked(told, typed)
    assert remedy in raised.value.remedy


def test_what_aws_has_no_rate_of_is_said_with_what_it_has(told: Context) -> None:
    with pytest.raises(NotEnoughData) as raised:
        asked(told, "what-if 1/h --type database")
    assert raised.value.remedy == "Ask for --type compute or --type ec2."


def test_a_purchase_of_last_week_leaves_nothing_to_say_yet(tmp_path: Path) -> None:
    context = exported(tmp_path, hours())
    owns(tmp_path, starts_at=Timestamp("2026-11-15"))
    with pytest.raises(NotEnoughData) as raised:
        asked(context, "what-if 1/h")
    assert "Compute Savings Plan $0.50/h began so lately" in raised.value.cause


class Refusing(PlanRates):
    def describe_savings_plans_offering_rates(self, **asked: Any) -> dict[str, Any]:
        raise SourceUnavailable("AWS refuses it.", "Allow it.")


def test_without_rates_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        asked(exported(tmp_path, hours(), aws=Refusing()), "what-if 1/h")


def test_savings_on_the_same_usage_are_taken_off_until_somebody_dismisses_them(tmp_path: Path) -> None:
    context = exported(tmp_path, hours())
    elsewhere = recommendation(current="m5.large", account_id="999999999999", monthly_savings=8.0)
    context.store.record(elsewhere, NOW)
    context.store.record(recommendation(current="gp2 100 GiB", resource_id="vol-1"), NOW)
    assert "Taken off" not in texts(asked(context, "what-if 0.1/h"))

    smaller = recommendation(current="m5.large", proposed="m5.medium", monthly_savings=73.0)
    saving = context.store.record(smaller, NOW)
    taken_off = "Taken off first, decided or not: search-api-1 m5.large → m5.medium, $0.10 an hour."
    assert taken_off in texts(asked(context, "what-if 0.1/h"))

    context.store.decide(saving.id, Verb.APPROVE, actor="U0ANA", now=NOW)
    assert taken_off in texts(asked(context, "what-if 0.1/h"))

    other = recommendation(current="m5.large", proposed="m5.small", resource_id="i-2", monthly_savings=146.0)
    unwanted = context.store.record(other, NOW)
    assert "$0.30 an hour." in texts(asked(context, "what-if 0.1/h"))
    context.store.decide(unwanted.id, Verb.DISMISS, actor="U0ANA", now=NOW, reason="needed")
    assert taken_off in texts(asked(context, "what-if 0.1/h"))


def test_an_announced_end_counts_from_its_day(tmp_path: Path) -> None:
    context = exported(tmp_path, hours())
    told = Told("ec2", "EC2", "service", ("ec2",), None, -12.0, "USD", date(2027, 5, 20), None, None)
    context.store.add_known_change(told, actor="U0ANA", now=NOW, channel=None)

    assert "Taken off first, decided or not: EC2, $0.50 an hour." in texts(asked(context, "what-if 0.7/h"))
