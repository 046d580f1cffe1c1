"""Alerts of budgets: the gravest, once each, whatever is killed in between; to whom; and never on too little."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.budgets import Cadence, Origin, Part
from analysis.budgets.alerts import Level
from bot.blocks.budget_alert import alert_reply
from bot.budgets import alerts
from bot.budgets.alerts import Due, alert_budgets
from bot.budgets.channels import channels_of
from bot.context import Context
from bot.cost_files import CostFiles
from bot.errors import CostbotError
from bot.store import Subscription
from tests.bot.budgets.budget_factories import ask, ec2, made, state
from tests.bot.decisions_factories import NOW, clock_of, slack_of
from tests.bot.forecast.forecast_factories import bill


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("costs")
    bill(120).store(CostFiles(folder))
    return folder


@pytest.fixture
def bot(tmp_path: Path, stored: Path) -> Context:
    return made(tmp_path, stored)


def posts(bot: Context) -> list[tuple[str, str]]:
    return [(call["channel"], call["text"].split(":")[0]) for call in slack_of(bot).of("post")]


def subscribe(bot: Context, channel: str, **filters: Any) -> None:
    bot.store.subscribe(Subscription(channel, "budgets", None, None, "U0ANA", NOW, **filters))


def kept(bot: Context, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> Due:
    """A budget that stands, and a state of it as it is made up."""
    done = bot.store.budgets.set(ec2(id="", amount=changed.pop("amount", 5000.0)), actor="U0ANA", now=NOW,
                                 channel="C0COSTS")  # fmt: skip
    found = state(budget=done.budget, **changed)
    monkeypatch.setattr(alerts, "budget_states", lambda _: [found])
    return Due(found, Level.FORECAST_100)


@pytest.mark.parametrize(
    ("amount", "title"),
    [(20000, None), (8000, "Budget close"), (6000, "Budget at risk"), (2000, "Budget reached")],
)
def test_the_gravest_is_told_once_where_it_was_set(bot: Context, amount: int, title: str | None) -> None:
    ask(bot, f"set {amount} --service ec2")

    assert alert_budgets(bot) == (title is not None)
    assert alert_budgets(bot) == 0
    assert posts(bot) == ([("C0COSTS", title)] if title else [])


def test_a_graver_one_follows_and_a_milder_one_never_does(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 %, then 100 %, then back to 80 %: two messages."""
    for expected in (4500.0, 6450.0, 4500.0, 6450.0):
        kept(bot, monkeypatch, expected=expected)
        alert_budgets(bot)
    kept(bot, monkeypatch, spent=5001.0)
    alert_budgets(bot)
    kept(bot, monkeypatch)

    assert alert_budgets(bot) == 0
    assert [title for _, title in posts(bot)] == ["Budget close", "Budget at risk", "Budget reached"]


def test_another_amount_and_another_month_are_told_anew(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(bot, monkeypatch)
    alert_budgets(bot)
    kept(bot, monkeypatch, amount=5500.0)
    alert_budgets(bot)
    kept(bot, monkeypatch, amount=5500.0, start=date(2026, 12, 1), end=date(2027, 1, 1))
    alert_budgets(bot)

    assert [title for _, title in posts(bot)] == ["Budget at risk"] * 3


def test_killed_between_claim_and_post_it_is_told_once_more_and_not_again(
    bot: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = kept(bot, monkeypatch)
    assert bot.store.claim_post(due.subject(due.level), "C0COSTS", clock_of(bot).now())

    assert alert_budgets(bot) == 0
    clock_of(bot).pass_time(minutes=11)
    assert alert_budgets(bot) == 1
    clock_of(bot).pass_time(minutes=11)
    assert alert_budgets(bot) == 0
    assert len(posts(bot)) == 1


def test_a_channel_that_refuses_is_tried_again_and_stops_no_other(
    bot: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(bot, monkeypatch)
    subscribe(bot, "C0A")
    subscribe(bot, "C0B")
    slack_of(bot).refuses["C0A"] = CostbotError("The channel is archived.", "Unarchive it.")

    assert alert_budgets(bot) == 1
    (problem,) = [one.problem for one in bot.store.subscriptions("budgets") if one.channel == "C0A"]
    slack_of(bot).refuses.clear()
    assert alert_budgets(bot) == 1

    assert problem == "The channel is archived. Unarchive it."
    assert [channel for channel, _ in posts(bot)] == ["C0B", "C0A"]
    assert all(one.problem is None for one in bot.store.subscriptions("budgets"))


def test_subscribers_are_told_in_place_of_the_channel_it_was_set_in(bot: Context) -> None:
    subscribe(bot, "C0TEAM", team="data")
    subscribe(bot, "C0PROD", account="111122223333")
    ask(bot, "set 100 --team data")
    ask(bot, "set 100 --account 111122223333")
    ask(bot, "set 100 --service ec2")

    alert_budgets(bot)

    assert sorted(channel for channel, _ in posts(bot)) == ["C0COSTS", "C0PROD", "C0TEAM"]


def test_a_budget_of_aws_is_told_to_subscribers_alone(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(budget=ec2(id="AWS-1", origin=Origin.AWS, by="", channel=""))
    monkeypatch.setattr(alerts, "budget_states", lambda _: [found])
    monkeypatch.setattr(alerts, "every_budget", lambda _: [found.budget])

    assert alert_budgets(bot) == 0
    subscribe(bot, "C0TEAM")
    assert alert_budgets(bot) == 1


def test_the_alert_channel_that_asked_for_a_team_is_not_told_of_other_budgets(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored, alert_channel="C0ALERTS")
    subscribe(bot, "C0ALERTS", team="data")

    assert channels_of(bot, ec2(id="AWS-1", origin=Origin.AWS, by="", channel="")) == []
    assert channels_of(bot, ec2()) == ["C0COSTS"]
    assert channels_of(bot, ec2(scope=(Part("tag:team", ("data",)),))) == ["C0ALERTS"]


def test_the_least_amount_of_a_subscription_is_money_a_month(bot: Context) -> None:
    bot.store.subscribe(Subscription("C0LARGE", "budgets", None, 1000.0, "U0ANA", NOW))
    assert channels_of(bot, ec2(amount=11_900.0, cadence=Cadence.YEAR)) == ["C0COSTS"]
    assert channels_of(bot, ec2(amount=12_000.0, cadence=Cadence.YEAR)) == ["C0LARGE"]
    assert channels_of(bot, ec2(amount=3_000.0, cadence=Cadence.QUARTER)) == ["C0LARGE"]


@pytest.mark.parametrize(("since", "told"), [(date(2026, 9, 1), 1), (date(2026, 10, 1), 0), (None, 1)])
def test_what_aws_plans_for_this_month_is_not_held_against_the_last(
    bot: Context, monkeypatch: pytest.MonkeyPatch, since: date | None, told: int
) -> None:
    planned = ec2(id="AWS-1", amount=1000.0, origin=Origin.AWS, by="", channel="", since=since)
    subscribe(bot, "C0TEAM")
    clock_of(bot).at = datetime(2026, 10, 2, 10, tzinfo=UTC)
    monkeypatch.setattr(alerts, "budget_states", lambda _: [])
    monkeypatch.setattr(alerts, "every_budget", lambda _: [planned])

    assert alert_budgets(bot) == told


def test_a_budget_removed_meanwhile_is_not_told(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(bot, monkeypatch)
    bot.store.budgets.remove("B-1", actor="U0ANA", now=NOW, channel=None)

    assert alert_budgets(bot) == 0
    assert posts(bot) == []


def test_days_of_a_month_that_is_over_may_still_reach_it(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """On December 2 the last days of November are in, and the month before went over."""
    clock_of(bot).at = datetime(2026, 10, 2, 10, tzinfo=UTC)
    set_at = datetime(2026, 9, 30, 23, tzinfo=UTC)
    bot.store.budgets.set(ec2(id="", amount=1000.0), actor="U0ANA", now=set_at, channel="C0COSTS")
    monkeypatch.setattr(alerts, "budget_states", lambda _: [])

    assert alert_budgets(bot) == 1
    assert alert_budgets(bot) == 0
    assert "over the September budget" in slack_of(bot).of("post")[0]["text"]
    clock_of(bot).at = datetime(2026, 10, 8, 10, tzinfo=UTC)
    assert alert_budgets(bot) == 0


def test_a_month_that_was_over_when_its_amount_was_set_is_not_told(
    bot: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_of(bot).at = datetime(2026, 10, 2, 10, tzinfo=UTC)
    for amount, day in ((900.0, datetime(2026, 9, 5, tzinfo=UTC)), (1000.0, datetime(2026, 10, 1, tzinfo=UTC))):
        bot.store.budgets.set(ec2(id="", amount=amount), actor="U0ANA", now=day, channel="C0COSTS")
    monkeypatch.setattr(alerts, "budget_states", lambda _: [])

    assert alert_budgets(bot) == 0


def test_without_slack_nothing_is_told(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored)
    ask(bot, "set 100")

    from dataclasses import replace

    assert alert_budgets(replace(bot, slack=None)) == 0


def test_an_alert_names_what_drives_it(bot: Context) -> None:
    text = alert_reply(state(), Level.FORECAST_100).text

    assert text == (
        "Budget at risk: EC2: November is expected to end over budget, about $6,450 of $5,000, crossed on about "
        "Nov 24. "
        "$3,820 spent until Nov 18 (76 % of the budget, 60 % of November gone): 1.27 times an even pace. "
        "Expected end $6,450, $6,100–$6,800 in four of five cases; chance of ending above $5,000: over 99 %. "
        "Moved most against Oct 1–18: NAT gateway traffic +$41.00/day (to $61.00); m5.large −$5.50/day (to $144)."
    )
