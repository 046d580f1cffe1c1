"""The plan alone, over simulated days: never more than a day's requests, and in the end every day of every query."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.collectors.cost_plan import FOR_HISTORY, Ask, Plan, after, narrowed, oldest_day, plan
from bot.collectors.daily_costs import queries
from bot.cost_files.reach import BASIC_CUTS, Reach

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
QUERIES = queries(("team",))
BILL = QUERIES[0]


def planned(reaches: dict[str, Reach] | None = None, now: datetime = NOW, **changed: object) -> Plan:
    known: dict[str, object] = {
        "history_days": 200,
        "requests_a_day": 12,
        "requests_a_round": 0,
        "force": False,
    }
    return plan(reaches or {}, QUERIES, now=now, **(known | changed))  # type: ignore[arg-type]


def answered(asks: tuple[Ask, ...], reaches: dict[str, Reach] | None = None, now: datetime = NOW) -> dict[str, Reach]:
    """What is known after whole answers."""
    known = dict(reaches or {})
    for ask in asks:
        reach = after(known.get(ask.query.name), ask, whole_until=ask.end, first_estimated=None, now=now)
        assert reach is not None
        known[ask.query.name] = reach
    return known


@pytest.mark.parametrize("today", [date(2026, 12, 1), date(2027, 3, 31), date(2028, 2, 29)])
def test_no_day_older_than_cost_explorer_knows_is_asked_for(today: date) -> None:
    now = datetime(today.year, today.month, today.day, 10, tzinfo=UTC)
    first = planned(now=now, history_days=425)
    history = planned(answered(first.round, now=now), now=now, history_days=425).history
    assert {ask.start for ask in history} == {oldest_day(today)}
    assert {ask.end for ask in first.round} == {today + timedelta(days=1)}


@pytest.mark.parametrize("history_days", [0, 1, 24, 425])
@pytest.mark.parametrize("today", [date(2026, 12, 1), date(2026, 12, 31)])
def test_today_is_always_asked_for_and_no_request_is_for_no_day(today: date, history_days: int) -> None:
    now = datetime(today.year, today.month, today.day, 0, 5, tzinfo=UTC)
    first = planned(now=now, history_days=history_days)
    later = planned(answered(first.round, now=now), now=now + timedelta(days=1), history_days=history_days)
    for made, last in ((first, today), (later, today + timedelta(days=1))):
        assert {ask.end for ask in made.round} == {last + timedelta(days=1)}
        assert all(ask.start < ask.end for ask in (*made.round, *made.history))


def test_recent_months_come_first_and_the_rest_in_one_span_a_query() -> None:
    first = planned()
    assert {(ask.start, ask.end) for ask in first.round} == {(date(2026, 8, 1), date(2026, 11, 25))}
    history = planned(answered(first.round)).history
    assert [ask.query for ask in history] == list(QUERIES)
    assert {(ask.start, ask.end) for ask in history} == {(date(2026, 5, 8), date(2026, 8, 1))}


def test_a_new_day_begins_no_round_before_the_last_one_is_a_day_old() -> None:
    reaches = answered(planned(history_days=60).round)
    later = planned(reaches, now=NOW + timedelta(hours=15), history_days=60, requests_a_round=10)
    assert later.round == ()
    assert later.kept_for_round == len(QUERIES)
    assert planned(reaches, now=NOW + timedelta(hours=24), history_days=60, requests_a_round=10).round


def test_history_does_not_use_what_the_round_of_the_day_will_need() -> None:
    reaches = answered(planned().round)
    night = planned(reaches, now=NOW + timedelta(hours=15))
    assert night.history
    assert night.kept_for_round == len(QUERIES)


def test_a_stop_of_months_is_caught_up_in_one_span() -> None:
    reaches = answered(planned().round)
    later = planned(reaches, now=NOW + timedelta(days=100))
    assert {ask.start for ask in later.round} == {date(2026, 11, 1), date(2026, 11, 14)}


def test_after_a_stop_longer_than_cost_explorer_remembers_days_begin_anew() -> None:
    now = NOW + timedelta(days=800)
    later = planned(answered(planned().round), now=now)
    assert {ask.start for ask in later.round} == {oldest_day(now.date())}
    again = answered(later.round, answered(planned().round), now)
    assert {reach.first for reach in again.values()} == {oldest_day(now.date())}
    assert {reach.open_from for reach in again.values()} == {now.date() - timedelta(days=10)}


def test_an_answer_of_which_no_day_is_whole_changes_nothing() -> None:
    ask = planned().round[0]
    assert after(None, ask, whole_until=ask.start, first_estimated=None, now=NOW) is None


def test_an_answer_that_broke_off_leaves_its_query_to_be_asked_on() -> None:
    ask = planned().round[0]
    reach = after(None, ask, whole_until=date(2026, 9, 10), first_estimated=None, now=NOW)
    assert reach is not None
    assert (reach.first, reach.until, reach.open_from) == (date(2026, 8, 1), date(2026, 9, 10), date(2026, 9, 10))
    assert planned({BILL.name: reach}).round[0].start == date(2026, 9, 1)


def test_days_that_wait_for_the_invoice_alone_are_left_out() -> None:
    ask = Ask(QUERIES[1], date(2026, 11, 1), date(2026, 11, 25))
    reach = Reach(date(2026, 8, 1), date(2026, 11, 24), date(2026, 11, 1), date(2026, 11, 21), NOW)
    waiting = Reach(date(2026, 8, 1), date(2026, 11, 25), date(2026, 11, 1), date(2026, 11, 22), NOW)
    final = Reach(date(2026, 8, 1), date(2026, 11, 25), date(2026, 11, 14), date(2026, 11, 22), NOW)
    assert narrowed(ask, reach, waiting, None, NOW.date()).start == date(2026, 11, 14)
    assert narrowed(ask, reach, waiting, date(2026, 11, 3), NOW.date()).start == date(2026, 11, 3)
    assert narrowed(ask, reach, final, None, NOW.date()) == ask


@settings(max_examples=60, deadline=None)
@given(
    tags=st.integers(0, 30),
    requests_a_day=st.integers(8, 20),
    hours=st.integers(1, 24),
    history_days=st.integers(30, 425),
    pages=st.integers(1, 5),
)
def test_days_of_rounds_stay_within_the_requests_and_reach_everything(
    tags: int, requests_a_day: int, hours: int, history_days: int, pages: int
) -> None:
    every = queries([f"tag{number}" for number in range(tags)])
    reaches: dict[str, Reach] = {}
    used: dict[date, int] = {}
    turns = requests_a_day - len(BASIC_CUTS) - FOR_HISTORY
    needed = 3 + len(every) // FOR_HISTORY + 2 * -(-tags // turns)
    for hour in range(0, 24 * needed, hours):
        now = NOW + timedelta(hours=hour)
        today = now.date()
        for part in ("round", "history"):
            made = plan(
                reaches,
                every,
                now=now,
                history_days=history_days,
                requests_a_day=requests_a_day,
                requests_a_round=pages * len(every),
                force=False,
            )
            left = requests_a_day - used.get(today, 0)
            if part == "round":
                is_too_long = len(every) > requests_a_day - FOR_HISTORY and (made.history or not reaches)
                asks = made.round[: max(0, left - (FOR_HISTORY if is_too_long else 0))]
            else:
                asks = made.history[: max(left - made.kept_for_round, min(FOR_HISTORY, left))]
            used[today] = used.get(today, 0) + len(asks)
            reaches = answered(asks, reaches, now)
    assert max(used.values()) <= requests_a_day
    assert set(reaches) == {query.name for query in every}
    # A day later, a day less is wanted; a month later, Cost Explorer has forgotten one.
    wanted = max(NOW.date() - timedelta(days=history_days - needed), oldest_day(today))
    assert all(reach.first <= wanted for reach in reaches.values())
    basic = [reaches[query.name] for query in every[: len(BASIC_CUTS)]]
    assert all((today - reach.until).days <= 1 for reach in basic)
    assert all((today - reach.until).days <= 2 + -(-tags // turns) for reach in reaches.values())
