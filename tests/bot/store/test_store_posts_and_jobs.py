"""Claims of posts and jobs, subscriptions, spend, facts and source health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.charges import Booking, Charge, Unit
from bot.store import ApiSpend, JobRun, Post, SourceHealth, Store, Subscription
from bot.store.retention import Keep
from bot.store.rows import written
from tests.bot.decisions_factories import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "costbot.db")
    yield store
    store.close()


def test_a_post_in_flight_is_not_claimed_again(store: Store) -> None:
    assert store.claim_post("A-1", "C0COSTS", NOW)
    assert not store.claim_post("A-1", "C0COSTS", LATER)
    assert store.posts("A-1") == [Post("C0COSTS", None, NOW)]


def test_a_confirmed_post_is_never_claimed_again(store: Store) -> None:
    store.claim_post("A-1", "C0COSTS", NOW)
    store.confirm_post("A-1", "C0COSTS", "17.1", LATER)
    store.abandon_post("A-1", "C0COSTS")
    assert not store.claim_post("A-1", "C0COSTS", NOW + timedelta(days=400))
    assert store.posts("A-1") == [Post("C0COSTS", "17.1", NOW)]


def test_a_post_that_slack_refused_may_be_tried_as_often_as_it_takes(store: Store) -> None:
    for _ in range(5):
        assert store.claim_post("A-1", "C0COSTS", NOW)
        store.abandon_post("A-1", "C0COSTS")
    assert store.posts("A-1") == []


def test_a_claim_that_hangs_for_ten_minutes_is_given_once_more(store: Store) -> None:
    assert store.claim_post("A-1", "C0COSTS", NOW)
    assert store.claim_post("A-1", "C0COSTS", NOW + timedelta(minutes=11))
    assert not store.claim_post("A-1", "C0COSTS", NOW + timedelta(minutes=30))


def test_another_channel_is_another_claim(store: Store) -> None:
    assert store.claim_post("A-1", "C0COSTS", NOW)
    assert store.claim_post("A-1", "C0PAYMENTS", NOW)


def test_a_job_runs_once_for_a_due_time_however_long_it_takes(store: Store) -> None:
    assert store.claim_job("scan", NOW, NOW)
    assert not store.claim_job("scan", NOW, NOW + timedelta(hours=5))
    store.finish_job("scan", NOW, LATER, "No answer.")
    assert not store.claim_job("scan", NOW, LATER)
    assert store.last_run("scan") == JobRun("scan", NOW, NOW, LATER, "No answer.")
    assert store.last_run("other") is None


def test_a_run_that_was_abandoned_at_the_start_may_be_claimed_once_more(store: Store) -> None:
    store.claim_job("scan", NOW, NOW)
    store.claim_job("done", NOW, NOW)
    store.finish_job("done", NOW, NOW, None)
    assert store.abandon_jobs() == 1
    assert store.claim_job("scan", NOW, LATER)
    assert not store.claim_job("done", NOW, LATER)
    assert store.abandon_jobs() == 1
    assert not store.claim_job("scan", NOW, LATER), "a run that ends its process twice is not tried a third time"


def test_an_orderly_stop_does_not_count_as_a_run_that_ended_its_process(store: Store) -> None:
    for _ in range(4):
        assert store.claim_job("scan", NOW, NOW)
        last = store.last_run("scan")
        assert last is not None
        assert not last.broke_off
        assert store.release_jobs() == 1
    last = store.last_run("scan")
    assert last is not None
    assert last.broke_off


def test_job_runs_older_than_a_month_are_cleared(store: Store) -> None:
    store.claim_job("tick", NOW, NOW)
    store.claim_job("tick", NOW + timedelta(days=31), NOW + timedelta(days=31))
    store.retention.prune(Keep(30, 90, 400, None), NOW + timedelta(days=31))
    assert store.claim_job("tick", NOW, NOW), "its row is gone"


def test_subscribing_again_with_the_same_time_keeps_since_when(store: Store) -> None:
    store.subscribe(Subscription("C0COSTS", "digest", time(9), None, "U0ANA", NOW))
    store.subscribe(Subscription("C0COSTS", "digest", time(9), None, "U0BEN", LATER))
    assert store.subscriptions() == [Subscription("C0COSTS", "digest", time(9), None, "U0BEN", NOW, None)]
    store.subscribe(Subscription("C0COSTS", "digest", time(7, 30), None, "U0BEN", LATER))
    assert store.subscriptions() == [Subscription("C0COSTS", "digest", time(7, 30), None, "U0BEN", LATER, None)]


def test_a_problem_stays_until_it_is_over_or_somebody_subscribes_again(store: Store) -> None:
    store.subscribe(Subscription("C0COSTS", "savings", None, 50.0, "U0ANA", NOW))
    store.flag_subscription("C0COSTS", "savings", "The channel is archived.")
    assert [s.problem for s in store.subscriptions("savings")] == ["The channel is archived."]
    store.subscribe(Subscription("C0COSTS", "savings", None, 50.0, "U0ANA", NOW))
    assert [s.problem for s in store.subscriptions("savings")] == [None]


def test_unsubscribing_ends_one_kind_or_all_of_one_channel(store: Store) -> None:
    for channel, kind in (("C0COSTS", "digest"), ("C0COSTS", "savings"), ("C0PAYMENTS", "digest")):
        store.subscribe(Subscription(channel, kind, None, None, "U0ANA", NOW))
    assert store.unsubscribe("C0COSTS", "anomalies") == 0
    assert store.unsubscribe("C0COSTS", "digest") == 1
    assert store.unsubscribe("C0COSTS", None) == 1
    assert [(s.channel, s.kind) for s in store.subscriptions()] == [("C0PAYMENTS", "digest")]


def booked(store: Store, service: str, unit: Unit, usd: float, at: datetime, units: float = 1) -> Booking:
    operation = {"ce": "GetCostAndUsage", "cloudwatch": "GetMetricData"}[service]
    made = store.book(Charge(service, operation, unit, units, usd), at, requests_a_day=None, cap_usd=None)
    assert made.booking is not None
    return made.booking


def test_spend_is_summed_per_operation_and_unit_from_a_day_on(store: Store) -> None:
    booked(store, "ce", Unit.REQUEST, 0.01, NOW - timedelta(days=2))
    for unit in (Unit.REQUEST, Unit.PAGE, Unit.PAGE):
        booked(store, "ce", unit, 0.01, NOW)
    booked(store, "cloudwatch", Unit.METRIC, 0.5, NOW, 50_000)
    assert store.api_spend(NOW.date()) == [
        ApiSpend("cloudwatch", "GetMetricData", Unit.METRIC, 1, 50_000, 0.5),
        ApiSpend("ce", "GetCostAndUsage", Unit.PAGE, 2, 2, 0.02),
        ApiSpend("ce", "GetCostAndUsage", Unit.REQUEST, 1, 1, 0.01),
    ]
    assert store.spend_by_day(NOW.date()) == {NOW.date(): pytest.approx(0.53)}
    assert store.spent_in_month(NOW) == pytest.approx(0.54)


def test_a_call_that_was_taken_back_leaves_no_trace(store: Store) -> None:
    store.take_back(booked(store, "ce", Unit.REQUEST, 0.01, NOW))
    assert store.api_spend(NOW.date()) == []
    assert store.spend_by_day(NOW.date()) == {}
    assert store.requests_of("ce", NOW) == 0


def test_facts_are_remembered_until_forgotten(store: Store) -> None:
    assert store.recall("slack.no_native_charts") is None
    store.remember("slack.no_native_charts", "1", NOW)
    store.remember("slack.no_native_charts", "2", NOW)
    assert store.recall("slack.no_native_charts") == "2"
    store.forget("slack.no_native_charts")
    assert store.recall("slack.no_native_charts") is None


def test_a_failing_source_says_since_when_and_when_it_last_answered(store: Store) -> None:
    store.note_source("cloudwatch", "111122223333", "us-east-1", True, "", NOW)
    store.note_source("cloudwatch", "111122223333", "us-east-1", False, "No cloudwatch:GetMetricData.", LATER)
    again = LATER + timedelta(hours=6)
    store.note_source("cloudwatch", "111122223333", "us-east-1", False, "No cloudwatch:GetMetricData.", again)
    store.note_source("ce", None, None, True, "", NOW)
    assert store.source_health() == [
        SourceHealth(
            "cloudwatch", "111122223333", "us-east-1", False, "No cloudwatch:GetMetricData.", LATER, again, NOW
        ),
        SourceHealth("ce", None, None, True, "", NOW, NOW, NOW),
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        written(datetime(2026, 11, 20))  # noqa: DTZ001 - the naive time is the point


def test_times_in_other_zones_are_kept_in_utc() -> None:
    assert written(datetime(2026, 11, 20, 10, tzinfo=UTC)) == "2026-11-20T10:00:00.000000+00:00"
