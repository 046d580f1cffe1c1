"""Cards go to the channels whose filters fit; of what a channel knows it hears again only what is news."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly
from bot.context import Context
from bot.store import ChannelSettings, Finding, Subscription
from bot.workflows.post_anomalies import post_anomalies
from bot.workflows.post_savings import post_savings
from bot.workflows.record_savings import Recorded
from bot.workflows.scan_anomalies import apply
from tests.bot.anomalies.anomaly_factories import LAST, scan
from tests.bot.decisions_factories import NOW, anomaly, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as made_context

PROD, STAGING = "111122223333", "444455556666"


@pytest.fixture
def bot(tmp_path: Path) -> Context:
    return made_context(tmp_path, settings={"alert_channel": "C0COSTS"})


def found(per_day: float, **changed: Any) -> Anomaly:
    values = {"first_day": LAST - timedelta(days=2), "last_day": LAST, "data_until": LAST, "impact_per_day": per_day}
    return anomaly(**(values | changed))


def told(bot: Context, *, thread: bool = False) -> list[str]:
    return [call["text"] for call in slack_of(bot).of("post") if (call["thread_ts"] is not None) is thread]


def only(bot: Context) -> Finding:
    (finding,) = bot.store.findings("anomaly")
    return finding


def subscribe(bot: Context, channel: str, kind: str = "anomalies", least: float | None = None, **of: str) -> None:
    bot.store.subscribe(Subscription(channel, kind, None, least, "U0ANA", NOW, **of))


def channels(bot: Context) -> set[str]:
    return {call["channel"] for call in slack_of(bot).of("post")}


def test_cards_go_where_the_filters_fit(bot: Context) -> None:
    subscribe(bot, "C0PAY", team="payments")
    subscribe(bot, "C0STAGE", account=STAGING)
    subscribe(bot, "C0BIG", least=1000.0)
    mine = bot.store.record(found(50.0, owner="Payments"), NOW)
    spread = bot.store.record(found(60.0, owner="search", service="s3", also_in=(STAGING,)), NOW)

    post_anomalies(bot)

    by_channel = {call["channel"]: call["text"].split(":")[0] for call in slack_of(bot).of("post")}
    assert by_channel == {"C0PAY": mine.id, "C0STAGE": spread.id}


def test_what_fits_no_filter_goes_to_the_alert_channel(bot: Context) -> None:
    subscribe(bot, "C0PAY", team="payments")
    subscribe(bot, "C0PAY", "savings", team="payments")
    bot.store.record(found(50.0, owner="search"), NOW)
    bot.store.record(recommendation(owner="search"), NOW)

    post_anomalies(bot)
    post_savings(bot, Recorded((), (), ()))

    assert channels(bot) == {"C0COSTS"}
    assert len(told(bot)) == 2


@pytest.mark.parametrize(("least", "posted"), [(280.0, 1), (281.0, 0)])
def test_savings_of_one_account_from_an_amount_on(bot: Context, least: float, posted: int) -> None:
    subscribe(bot, "C0PROD", "savings", least, account=PROD)
    subscribe(bot, "C0STAGE", "savings", account=STAGING)
    bot.store.record(recommendation(account_id=PROD), NOW)

    assert post_savings(bot, Recorded((), (), ())).cards == posted
    assert channels(bot) == ({"C0PROD"} if posted else set())


def test_savings_that_find_no_room_wait_for_another_day(bot: Context) -> None:
    bot.store.channels.set("C0COSTS", ChannelSettings(alerts_a_day=2), NOW)
    for number in range(5):
        bot.store.record(recommendation(resource_id=f"i-{number}", monthly_savings=100.0 + number), NOW)
    ids = {finding.id for finding in bot.store.findings("recommendation")}

    first = post_savings(bot, Recorded((), (), ()))
    clock_of(bot).pass_time(days=1)
    post_savings(bot, Recorded((), (), ()))
    clock_of(bot).pass_time(days=1)
    post_savings(bot, Recorded((), (), ()))

    assert (first.cards, first.held_back) == (2, 3)
    assert len(told(bot)) <= 6
    assert ids <= {text.split(":")[0] for text in told(bot)}
    assert bot.store.held.held() == []


def test_the_same_figures_again_are_no_news(bot: Context) -> None:
    for per_day in (100.0, 100.0, 124.0, 90.0):
        apply(bot, scan(found(per_day)))

    assert (len(told(bot)), told(bot, thread=True)) == (1, [])


def test_what_grew_is_said_in_its_thread_and_on_the_card(bot: Context) -> None:
    for per_day in (100.0, 130.0, 131.0, 170.0):
        apply(bot, scan(found(per_day)))

    assert len(told(bot)) == 1
    first, second = told(bot, thread=True)
    assert first.startswith(f"{only(bot).id} has grown: +$130/day now, +$100/day when it was told;")
    assert "+$170/day now" in second
    assert "+$170/day" in str(slack_of(bot).of("update")[-1]["blocks"][0])


def test_what_doubled_is_told_to_the_channel_once_each_time(bot: Context) -> None:
    for per_day in (100.0, 210.0, 215.0, 430.0, 150.0, 400.0):
        apply(bot, scan(found(per_day)))

    card, doubled, again = told(bot)
    id_ = only(bot).id
    assert card.startswith(id_)
    assert doubled == f"Amazon Virtual Private Cloud in prod has doubled: +$210/day; {id_} told of +$100/day."
    assert again == f"Amazon Virtual Private Cloud in prod has doubled: +$430/day; {id_} told of +$210/day."
    buttons = str(slack_of(bot).of("post")[-1]["blocks"])
    assert "decide.acknowledge" in buttons
    assert f"/cost anomaly {id_}" in buttons


def test_what_doubled_on_a_full_day_is_said_in_its_thread_once(bot: Context) -> None:
    bot.store.channels.set("C0COSTS", ChannelSettings(alerts_a_day=1), NOW)
    for per_day in (100.0, 210.0, 211.0, 212.5, 215.0):
        apply(bot, scan(found(per_day, account_name="R&D")))

    assert [text.split(":")[0] for text in told(bot) if "more today" not in text] == [only(bot).id]
    (grown,) = told(bot, thread=True)
    assert "+$210/day now" in grown
    (held,) = bot.store.held.held("C0COSTS")
    assert held.title.startswith("Amazon Virtual Private Cloud in R&D has doubled: +$215/day;")


def test_a_channel_without_threads_has_its_card_redrawn_alone(bot: Context) -> None:
    bot.store.channels.set("C0COSTS", ChannelSettings(threads=False), NOW)
    for per_day in (100.0, 150.0):
        apply(bot, scan(found(per_day)))
    apply(bot, scan(found(150.0), until=LAST + timedelta(days=4)))

    assert only(bot).state == "resolved"
    assert (len(told(bot)), told(bot, thread=True)) == (1, [])
    assert len(slack_of(bot).of("update")) == 2


@pytest.mark.parametrize(("verb", "news"), [("acknowledge", 1), ("dismiss", 0), ("snooze", 0)])
def test_what_was_decided_is_told_again_only_where_it_waits(bot: Context, verb: str, news: int) -> None:
    apply(bot, scan(found(100.0)))
    until = NOW + timedelta(days=3) if verb == "snooze" else None
    bot.store.decide(only(bot).id, verb, actor="U0BEN", now=NOW, reason="expected", until=until)

    apply(bot, scan(found(300.0)))

    assert len(told(bot)) == 1 + news


def test_what_comes_back_after_it_was_resolved_is_told_once(bot: Context) -> None:
    apply(bot, scan(found(100.0)))
    apply(bot, scan(found(100.0), until=LAST + timedelta(days=4)))
    clock_of(bot).pass_time(days=5)
    for _ in range(2):
        apply(bot, scan(found(90.0, last_day=LAST + timedelta(days=5)), until=LAST + timedelta(days=5)))

    assert only(bot).state == "open"
    assert told(bot)[1:] == [
        f"Amazon Virtual Private Cloud in prod is back: +$90.00/day, after {only(bot).id} had been resolved."
    ]
