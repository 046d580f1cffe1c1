"""A digest of one team or account: its costs alone, to the cent; at the channel's time; silent on a quiet day."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.context import Context
from bot.errors import NotEnoughData
from bot.jobs.daily_digest import send_due
from bot.reports.scope import known_scope
from bot.store import ChannelSettings, Held, Subscription
from bot.workflows.send_digest import gather_digest
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, anomaly, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as made_context

PROD, STAGING = "111122223333", "444455556666"
FIRST, COUNT = date(2026, 9, 1), 79
BEFORE = NOW - timedelta(days=3)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    """Three teams in two accounts with odd cents; payments jumps on the last complete day."""
    bot = made_context(tmp_path, settings={"jobs": False})
    rows = []
    for at, day in enumerate(days(FIRST, COUNT)):
        for account, team, cost in ((PROD, "payments", 33.33), (STAGING, "payments", 7.77), (PROD, "search", 20.01)):
            jump = 100.0 if (team, account, day) == ("payments", PROD, date(2026, 11, 18)) else 0.0
            rows.append(full(day, cost + at % 3 / 100 + jump, sub_account_id=account, tags={"team": team}))
        rows.append(full(day, 5.55, sub_account_id=STAGING, tags={"team": ""}))
    store(bot.costs, rows, source="focus")
    yield bot
    bot.store.close()


def wanted(channel: str, *, team: str = "", account: str = "", change: float | None = None) -> Subscription:
    return Subscription(
        channel, "digest", time(9), None, "U0ANA", BEFORE, team=team, account=account, least_change=change
    )


def posts(bot: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for call in slack_of(bot).of("post"):
        found.setdefault(call["channel"], []).append(call["text"])
    return found


def test_parts_add_up_to_the_whole_to_the_cent(bot: Context) -> None:
    def figures(team: str = "", account: str = "") -> tuple[float, float]:
        summary = gather_digest(bot, known_scope(bot.costs, "team", team=team, account=account)).summary
        return summary.cost, summary.month_to_date

    whole = figures()
    by_account = [figures(account=PROD), figures(account=STAGING)]
    teams = [figures("payments"), figures("search")]
    both = [figures("payments", PROD), figures("payments", STAGING)]
    untagged = (5.55, 5.55 * 18)

    assert [sum(part) for part in zip(*by_account, strict=True)] == pytest.approx(whole, abs=0.005)
    assert [math.fsum(part) for part in zip(*teams, untagged, strict=True)] == pytest.approx(whole, abs=0.005)
    assert [sum(part) for part in zip(*both, strict=True)] == pytest.approx(teams[0], abs=0.005)
    direct = bot.costs.daily(
        start=date(2026, 11, 18), end=date(2026, 11, 19), where={"tag:team": "payments", "account": PROD}
    )
    assert both[0][0] == pytest.approx(float(direct["cost"].sum()), abs=1e-9)


def test_only_its_findings_wait_in_it(bot: Context) -> None:
    bot.store.record(anomaly(owner="payments", account_id=PROD), NOW)
    bot.store.record(anomaly(owner="search", account_id=STAGING, service="s3"), NOW)
    bot.store.record(recommendation(owner="payments", account_id=STAGING), NOW)

    def counts(**of: str) -> tuple[int, int]:
        decisions = gather_digest(bot, known_scope(bot.costs, "team", **of)).decisions
        return decisions.anomalies, decisions.savings

    assert [counts(), counts(team="payments"), counts(account=STAGING), counts(team="payments", account=PROD)] == [
        (2, 1),
        (1, 1),
        (1, 1),
        (1, 0),
    ]


def test_each_subscription_of_a_channel_is_sent_once(bot: Context) -> None:
    for one in (wanted("C0COSTS"), wanted("C0COSTS", team="payments"), wanted("C0PROD", account=PROD)):
        bot.store.subscribe(one)

    assert [send_due(bot), send_due(bot)] == [3, 0]
    told = posts(bot)
    whole, payments = told["C0COSTS"]
    assert whole.startswith("Wednesday, Nov 18: $167, ")
    assert payments.startswith("team payments, Wednesday, Nov 18: $141")
    assert told["C0PROD"][0].startswith(f"account {PROD}, Wednesday, Nov 18: $153")
    blocks = str([call["blocks"] for call in slack_of(bot).of("post")])
    assert "/cost unsubscribe digest --team payments" in blocks


def test_a_team_without_costs_is_said_at_its_subscription_and_stops_no_other(bot: Context) -> None:
    bot.store.subscribe(wanted("C0COSTS"))
    bot.store.subscribe(wanted("C0GONE", team="gone"))

    assert send_due(bot) == 1
    assert {one.channel: one.problem for one in bot.store.subscriptions()} == {
        "C0COSTS": None,
        "C0GONE": "No cost of gone is stored. `/cost subscriptions` shows what this is about.",
    }
    with pytest.raises(NotEnoughData, match="No cost of gone"):
        gather_digest(bot, known_scope(bot.costs, "team", team="gone"))


def test_a_quiet_day_says_nothing_where_only_changes_are_wanted(bot: Context) -> None:
    bot.store.subscribe(wanted("C0SEARCH", team="search", change=10.0))
    bot.store.subscribe(wanted("C0PAY", team="payments", change=10.0))
    bot.store.subscribe(wanted("C0MUCH", team="payments", change=500.0))

    assert [send_due(bot), send_due(bot)] == [1, 0]
    assert list(posts(bot)) == ["C0PAY"]


def test_a_quiet_day_with_alerts_held_back_is_told_and_counts_them_once(bot: Context) -> None:
    bot.store.subscribe(wanted("C0SEARCH", team="search", change=10.0))
    bot.store.held.hold(Held("C0SEARCH", "A-1", "anomalies", NOW.date(), 40.0, "EC2 +$40/day", "A-1", NOW))

    assert send_due(bot) == 1
    (told,) = posts(bot)["C0SEARCH"]
    assert "1 alert held back since the last digest: 1 anomaly (+$40.00/day in all)." in told

    clock_of(bot).pass_time(days=1)
    assert bot.store.held.held("C0SEARCH", unfolded=True) == []
    assert len(bot.store.held.held("C0SEARCH")) == 1


@pytest.mark.parametrize(("zone", "hour", "sent"), [("Asia/Tokyo", 0, 1), ("UTC", 0, 0), ("America/New_York", 14, 1)])
def test_it_comes_at_the_time_of_the_channel(bot: Context, zone: str, hour: int, sent: int) -> None:
    bot.store.channels.set("C0COSTS", ChannelSettings(time_zone=zone), NOW)
    clock_of(bot).at = datetime(2026, 11, 20, hour, 5, tzinfo=UTC)
    since = clock_of(bot).at - timedelta(hours=1)
    bot.store.subscribe(Subscription("C0COSTS", "digest", time(9), None, "U0ANA", since))

    assert send_due(bot) == sent
