"""An idle organisation hears nothing but its digest; a storm is a day of alerts and one line, and loses none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.delivery.held_line import tell_held
from bot.delivery.tell import Alert, tell
from bot.errors import CostbotError
from bot.jobs.daily_digest import send_due
from bot.jobs.held_alerts import held_alerts
from bot.store import ChannelSettings, Held, Subscription
from bot.workflows.post_anomalies import post_anomalies
from bot.workflows.scan_anomalies import apply
from tests.bot.anomalies.anomaly_factories import LAST, scan
from tests.bot.decisions_factories import NOW, anomaly, clock_of, slack_of
from tests.bot.decisions_factories import context as made_context
from tests.bot.digest.test_send_digest import stored

STORM = 200


def one(number: int, **changed: Any) -> Anomaly:
    """The dearest has the highest number."""
    values: dict[str, Any] = {
        "account_id": f"{number:012d}",
        "account_name": f"account-{number:03d}",
        "impact_per_day": 20.0 + number,
        "first_day": LAST - timedelta(days=2),
        "last_day": LAST,
        "data_until": LAST,
    }
    return anomaly(**(values | changed))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    context = made_context(tmp_path, settings={"max_cards": 50})
    context.store.subscribe(Subscription("C0COSTS", "anomalies", None, None, "U0ANA", NOW - timedelta(days=9)))
    return context


def messages(context: Context) -> list[str]:
    """Everything that appeared in a channel, first to last."""
    return [call["text"] for call in slack_of(context).of("post") if call["thread_ts"] is None]


def listed(context: Context) -> set[str]:
    """The ids on all pages of `/cost held`."""
    found: set[str] = set()
    for page in range(1, 6):
        reply = find("held").answer(Request("held", ("--page", str(page)), "U0BEN", "C0COSTS"), context)
        (table,) = [block for block in reply.blocks if block["type"] == "table"]
        found |= {row[0]["text"] for row in table["rows"][1:]}
    return found


def test_a_storm_is_a_days_number_of_alerts_and_one_line_and_loses_none(context: Context) -> None:
    every = [one(number) for number in range(STORM)]

    apply(context, scan(*every))
    post_anomalies(context)
    held_alerts.run(context, NOW)

    *cards, line = messages(context)
    held = context.store.held.held("C0COSTS")
    ids = [finding.id for finding in context.store.findings("anomaly")]
    assert len(cards) == context.settings.alerts_a_day == 10
    assert [f"account-{number:03d}" in text for number, text in zip(range(199, 189, -1), cards, strict=True)] == [
        True
    ] * 10
    left = sum(20.0 + number for number in range(190))
    assert line == f"+190 alerts more today: 190 anomalies (+${left:,.0f}/day in all)."
    assert sorted([*(text.split(":")[0] for text in cards), *(str(one.finding_id) for one in held)]) == sorted(ids)
    assert slack_of(context).of("update") == []
    assert listed(context) == {str(one.finding_id) for one in held}


def test_the_next_day_does_not_drip_what_was_held(context: Context) -> None:
    every = [one(number) for number in range(15)]
    apply(context, scan(*every))
    told = len(messages(context))
    clock_of(context).pass_time(days=1)

    apply(context, scan(*every))

    assert told == 11
    assert len(messages(context)) == told
    assert len(context.store.held.held("C0COSTS")) == 5


def test_what_was_held_and_has_doubled_is_told(context: Context) -> None:
    apply(context, scan(*(one(number) for number in range(15))))
    clock_of(context).pass_time(days=1)

    apply(context, scan(one(0, impact_per_day=41.0), *(one(number) for number in range(1, 15))))

    assert "account-000" in messages(context)[-1]
    assert len(context.store.held.held("C0COSTS")) == 4


def test_what_doubles_slowly_over_days_is_told_too(context: Context) -> None:
    grown = [
        Held("C0COSTS", "A-1", "anomalies", NOW.date() + timedelta(days=at), dollars, "EC2", "A-1", NOW)
        for at, dollars in enumerate((100.0, 130.0, 170.0, 199.0, 200.0))
    ]
    for one_day in grown[:-1]:
        context.store.held.hold(one_day)

    assert [context.store.held.admit(held, most=5) for held in grown[-2:]] == [False, True]


def test_what_is_over_is_no_longer_listed_as_held(context: Context) -> None:
    apply(context, scan(*(one(number) for number in range(12))))
    first, second = context.store.held.held("C0COSTS")
    context.store.decide(str(first.finding_id), "dismiss", actor="U0BEN", now=NOW, reason="expected")

    reply = find("held").answer(Request("held", (), "U0BEN", "C0COSTS"), context)

    assert reply.text == "1 alert held back here: 1 anomaly (+$20.00/day in all)."
    assert str(second.finding_id) in str(reply.blocks)
    assert "1 held before is over" in str(reply.blocks)


def test_the_line_is_redrawn_in_place(context: Context) -> None:
    apply(context, scan(*(one(number) for number in range(12))))
    apply(context, scan(*(one(number) for number in range(14))))

    assert [text for text in messages(context) if text.startswith("+")] == [
        "+2 alerts more today: 2 anomalies (+$41.00/day in all)."
    ]
    (update,) = slack_of(context).of("update")
    assert update["text"] == "+4 alerts more today: 4 anomalies (+$106/day in all)."
    assert tell_held(context) == 0


def test_a_line_that_slack_refuses_is_tried_again_half_an_hour_later(context: Context) -> None:
    apply(context, scan(*(one(number) for number in range(12))))
    apply(context, scan(*(one(number) for number in range(13))))
    slack_of(context).refuses["update"] = CostbotError("The message is no longer there.")
    context.store.held.hold(Held("C0COSTS", "B-1", "budgets", NOW.date(), 5.0, "search", None, NOW))

    tried = [tell_held(context)]
    slack_of(context).refuses.clear()
    tried.append(tell_held(context))
    clock_of(context).pass_time(minutes=30)

    assert [*tried, tell_held(context)] == [0, 0, 1]


def test_a_channel_may_want_fewer_and_urgent_is_not_asked(context: Context) -> None:
    context.store.channels.set("C0COSTS", ChannelSettings(alerts_a_day=0), NOW)

    apply(context, scan(one(1), one(2)))
    urgent = Alert("B-1:breach", "C0COSTS", "budgets", 500.0, "search is over its budget", urgent=True)

    assert tell(context, replace(urgent, urgent=False), lambda: Reply("held")) is False
    assert tell(context, urgent, lambda: Reply("Search is over its budget.")) is True
    assert messages(context)[:1] == ["+2 alerts more today: 2 anomalies (+$43.00/day in all)."]


def test_max_cards_leaves_for_later_what_fits_into_the_day(context: Context) -> None:
    bot = made_context(context.settings.data_dir / "other", settings={"max_cards": 5})
    bot.store.subscribe(Subscription("C0COSTS", "anomalies", None, None, "U0ANA", NOW))

    apply(bot, scan(*(one(number) for number in range(12))))
    first = len([text for text in messages(bot) if not text.startswith("+")])
    held = len(bot.store.held.held("C0COSTS"))
    apply(bot, scan(*(one(number) for number in range(12))))

    assert (first, held) == (5, 2)
    assert len([text for text in messages(bot) if not text.startswith("+")]) == 10


def test_an_idle_organisation_hears_nothing_but_its_digest(context: Context) -> None:
    stored(context, AmazonEC2=100.0, AmazonS3=20.0)
    context.store.subscribe(
        Subscription("C0COSTS", "digest", NOW.time().replace(hour=9), None, "U0ANA", NOW - timedelta(days=9))
    )
    for _ in range(3):
        apply(context, scan())
        send_due(context)
        held_alerts.run(context, NOW)
        clock_of(context).pass_time(hours=2)

    (message,) = messages(context)
    assert "Nothing waits for a decision" in message
