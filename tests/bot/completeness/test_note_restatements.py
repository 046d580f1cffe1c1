"""What is kept when a month is replaced: open days are observed, whole days that changed are said, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from bot.context import Context
from bot.cost_files.arrival import read_curves
from bot.errors import CostbotError
from bot.restated_days import restated_days
from bot.workflows.note_restatements import changes, note
from tests.bot.costs.cost_factories import full, row, store
from tests.bot.decisions_factories import clock_of
from tests.bot.decisions_factories import context as made_context

SOURCE = "cost_explorer"


def november(day: int) -> date:
    return date(2026, 11, day)


def totals(costs: dict[date, float | None], **changed: Any) -> DataFrame:
    """The usage of days as it is stored; None is a day without a row."""
    known = {"provider": "AWS", "currency": "USD", "estimated": True, "hours_seen": None}
    return DataFrame(
        [
            known | {"date": pd.Timestamp(day), "billed_cost": cost, "effective_cost": cost} | changed
            for day, cost in costs.items()
            if cost is not None
        ],
        columns=["date", "provider", "billed_cost", "effective_cost", "currency", "estimated", "hours_seen"],
    )


NOTHING = totals({})


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = made_context(tmp_path)
    clock_of(bot).at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    yield bot
    bot.store.close()


def told(bot: Context, before: DataFrame, after: DataFrame, *, hours: float = 0.0) -> tuple[str, ...]:
    """What a replacement says that comes some hours later."""
    clock_of(bot).pass_time(hours=hours)
    return note(bot, SOURCE, before, after)


def test_the_first_fetch_restates_nothing(bot: Context) -> None:
    assert told(bot, NOTHING, totals({november(day): 100.0 for day in range(1, 21)})) == ()
    assert bot.store.restatements(datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_only_open_days_are_observed(bot: Context) -> None:
    told(bot, NOTHING, totals({november(day): 100.0 for day in range(1, 21)}))
    assert [seen.day for seen in bot.store.observations(SOURCE)] == [november(day) for day in range(10, 21)]
    assert [seen.day for seen in bot.store.observations(SOURCE) if not seen.is_complete] == [november(19), november(20)]


def test_a_day_that_fills_up_is_not_restated(bot: Context) -> None:
    empty, half = totals({november(20): 5.0}), totals({november(20): 60.0})
    assert told(bot, NOTHING, empty) == ()
    assert told(bot, empty, half, hours=24) == ()
    assert told(bot, half, totals({november(20): 100.0}), hours=24) == ()
    assert [seen.billed_cost for seen in bot.store.observations(SOURCE)] == [5.0, 60.0, 100.0]


def test_whole_days_that_changed_are_said_together(bot: Context) -> None:
    before = totals({november(day): 1000.0 for day in range(1, 19)})
    told(bot, NOTHING, before)
    after = totals({november(day): 1000.0 - 20.6 * (day in (13, 14)) for day in range(1, 19)})
    assert told(bot, before, after, hours=6) == ("Nov 13–14 restated by −$41.20 (AWS).",)
    assert told(bot, after, after, hours=6) == ()


def test_a_closed_day_that_was_never_observed_is_noticed_too(bot: Context) -> None:
    before = totals({november(day): 100.0 for day in (2, 3)})
    assert told(bot, before, totals({november(2): 100.0, november(3): 80.0})) == ("Nov 3 restated by −$20.00 (AWS).",)


def test_an_estimated_day_that_was_never_observed_counted_only_when_it_is_old(bot: Context) -> None:
    before = totals({november(day): 100.0 for day in (8, 9)})
    after = totals({november(day): 80.0 for day in (8, 9)})
    assert told(bot, before, after) == ("Nov 8 restated by −$20.00 (AWS).",)


@pytest.mark.parametrize(("was", "now"), [(1000.0, 1002.4), (1000.0, 997.6), (0.5, 0.504), (0.0, 0.009), (-5.0, -5.01)])
def test_rounding_and_routine_corrections_are_not_said(bot: Context, was: float, now: float) -> None:
    before, after = totals({november(3): was}, estimated=False), totals({november(3): now}, estimated=False)
    assert told(bot, before, after) == ()


def test_many_routine_corrections_are_said_once_they_add_up(bot: Context) -> None:
    stored, said = totals({november(18): 1000.0}), []
    told(bot, NOTHING, stored)
    for step in range(1, 13):
        fresh = totals({november(18): 1000.0 + 2.0 * step})
        said += told(bot, stored, fresh, hours=12)
        stored = fresh
    assert said == ["Nov 18 restated by +$12.00 (AWS)."] * 2


def test_a_jump_is_said_as_it_is_whatever_small_corrections_came_before(bot: Context) -> None:
    first, drifted, jumped = (totals({november(18): cost}) for cost in (1000.0, 1002.0, 961.0))
    told(bot, NOTHING, first)
    assert told(bot, first, drifted, hours=12) == ()
    assert told(bot, drifted, jumped, hours=12) == ("Nov 18 restated by −$41.00 (AWS).",)
    assert told(bot, jumped, jumped, hours=12) == ()


def test_a_run_that_was_killed_before_it_could_note_is_made_up_for(bot: Context) -> None:
    first = totals({november(17): 100.0})
    told(bot, NOTHING, first)
    stored_by_the_killed_run = totals({november(17): 70.0})
    assert told(bot, stored_by_the_killed_run, stored_by_the_killed_run, hours=6) == (
        "Nov 17 restated by −$30.00 (AWS).",
    )


def test_a_source_that_goes_back_to_zero(bot: Context) -> None:
    before = totals({november(day): 100.0 for day in (15, 16, 17)})
    told(bot, NOTHING, before)
    assert told(bot, before, totals(dict.fromkeys((november(15), november(16), november(17)), 0.0)), hours=6) == (
        "Nov 15–17 restated by −$300 (AWS).",
    )


def test_a_day_that_is_gone_is_not_zero_and_comes_back_in_silence(bot: Context) -> None:
    before = totals({november(day): 100.0 for day in (15, 16, 17)})
    told(bot, NOTHING, before)
    without = totals({november(15): 100.0, november(17): 100.0})
    gone = "Nov 16 is gone from AWS's costs; stored before: $100."
    assert told(bot, before, without, hours=6) == (gone,)
    assert told(bot, without, without, hours=6) == ()
    told(bot, without, before, hours=6)
    assert restated_days(bot, datetime(2026, 11, 1, tzinfo=UTC)) == []


def test_a_filling_day_that_is_gone_never_counted(bot: Context) -> None:
    before = totals({november(20): 5.0})
    told(bot, NOTHING, before)
    assert told(bot, before, NOTHING, hours=1) == ()


def test_a_day_cut_off_half_way_counts_when_its_hours_are_in(bot: Context) -> None:
    half = pd.concat([totals({november(15): 90.0}, hours_seen=24), totals({november(16): 40.0}, hours_seen=10)])
    whole = pd.concat([totals({november(15): 90.0}, hours_seen=24), totals({november(16): 95.0}, hours_seen=24)])
    told(bot, NOTHING, half)
    assert told(bot, half, whole, hours=6) == ()
    assert [seen.is_complete for seen in bot.store.observations(SOURCE) if seen.day == november(16)] == [False, True]


def test_providers_are_told_apart(bot: Context) -> None:
    before = pd.concat([totals({november(15): 100.0}), totals({november(15): 50.0}, provider="Microsoft")])
    told(bot, NOTHING, before)
    after = pd.concat([totals({november(15): 100.0}), totals({november(15): 80.0}, provider="Microsoft")])
    assert told(bot, before, after, hours=6) == ("Nov 15 restated by +$30.00 (Microsoft).",)


def test_another_currency_is_another_bill(bot: Context) -> None:
    before = totals({november(3): 100.0}, estimated=False)
    assert told(bot, before, totals({november(3): 90.0}, estimated=False, currency="EUR")) == ()


def test_effective_cost_alone_may_be_restated(bot: Context) -> None:
    before = totals({november(3): 100.0}, estimated=False)
    after = totals({november(3): 100.0}, estimated=False, effective_cost=80.0)
    assert told(bot, before, after) == ("Nov 3 restated by −$20.00 (AWS).",)


def test_a_month_change(bot: Context) -> None:
    clock_of(bot).at = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
    last, first = november(30), date(2026, 12, 1)
    before = totals({last: 100.0, first: 100.0})
    told(bot, NOTHING, before)
    clock_of(bot).pass_time(hours=6)
    note(bot, SOURCE, totals({last: 100.0}), totals({last: 90.0}))
    note(bot, SOURCE, totals({first: 100.0}), totals({first: 80.0}))
    assert restated_days(bot, datetime(2026, 12, 4, tzinfo=UTC)) == ["Nov 30 – Dec 1 restated by −$30.00 (AWS)."]


def test_a_clock_that_goes_back_restates_nothing(bot: Context) -> None:
    stored = totals({november(day): 100.0 for day in (17, 18, 19)})
    told(bot, NOTHING, stored)
    assert told(bot, stored, stored, hours=-72) == ()
    assert told(bot, stored, stored, hours=72) == ()
    assert all(seen.confirmed_at >= seen.observed_at for seen in bot.store.observations(SOURCE))


def test_days_of_the_future_are_not_observed(bot: Context) -> None:
    told(bot, NOTHING, totals({november(20): 1.0, november(21): 100.0, date(2027, 5, 1): 9.0}))
    assert [seen.day for seen in bot.store.observations(SOURCE)] == [november(20)]


def test_an_export_is_as_old_as_it_says(bot: Context) -> None:
    told_at = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
    note(bot, "focus", NOTHING, totals({november(17): 60.0, november(18): 5.0}), told_at=told_at)
    assert [(seen.observed_at, seen.is_complete) for seen in bot.store.observations("focus")] == [(told_at, False)] * 2


def test_only_the_source_that_answers_is_told(bot: Context) -> None:
    store(bot.costs, [row(november(day), 100.0) for day in range(1, 20)])
    changed = totals({november(3): 90.0})
    note(bot, SOURCE, totals({november(3): 100.0}), changed)
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert restated_days(bot, since) == ["Nov 3 restated by −$10.00 (AWS)."]
    store(bot.costs, [full(november(day), 99.0) for day in range(1, 20)], "focus")
    assert restated_days(bot, since) == []


def test_only_the_days_and_providers_that_are_shown_are_told(bot: Context) -> None:
    note(bot, SOURCE, totals({november(3): 100.0}), totals({november(3): 90.0}))
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert restated_days(bot, since, start=november(4)) == []
    assert restated_days(bot, since, end=november(3)) == []
    assert restated_days(bot, since, providers={"Microsoft"}) == []
    assert restated_days(bot, since + timedelta(days=30)) == []
    assert len(restated_days(bot, since, start=november(3), end=november(4), providers={"AWS"})) == 1


def test_what_was_seen_for_three_weeks_is_learnt(bot: Context) -> None:
    """A source that tells all of a day 44 hours after it began, asked every twelve hours."""
    first, start = date(2026, 10, 1), datetime(2026, 10, 1, 6, 0, tzinfo=UTC)

    def stored(now: datetime) -> DataFrame:
        shares = {}
        for n in range((now.date() - first).days + 1):
            age = (now - start).total_seconds() / 3600 + 6 - 24 * n
            shares[first + timedelta(days=n)] = 500.0 * float(np.clip((age - 20) / 24, 0.0, 1.0))
        return totals(shares)

    before = NOTHING
    for look in range(44):
        clock_of(bot).at = start + timedelta(hours=12 * look)
        after = stored(clock_of(bot).at)
        assert note(bot, SOURCE, before, after) == ()
        before = after
    curve = read_curves(bot.costs.months.folder, [SOURCE])[(SOURCE, "AWS")]
    assert curve.days >= 12
    assert curve.at(30).typical == pytest.approx(10 / 24, abs=0.02)
    assert curve.at(56).low == 1.0
    assert 1 <= len([seen for seen in bot.store.observations(SOURCE) if seen.day == first]) <= 4


def test_a_disk_that_refuses_is_a_sentence(bot: Context) -> None:
    folder = bot.costs.months.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    with pytest.raises(CostbotError, match="What was learnt of late charges cannot be written"):
        told(bot, NOTHING, totals({november(20): 1.0}))


amounts = st.dictionaries(st.integers(1, 20), st.floats(-1e5, 1e6), max_size=20)


@settings(deadline=None, max_examples=60)
@given(amounts, amounts, st.booleans())
def test_any_two_states_of_a_month_reconcile(were: dict[int, float], are: dict[int, float], estimated: bool) -> None:
    """A restated day goes from what was stored to what is stored; no other moved by a quarter of a per cent."""
    before = totals({november(day): cost for day, cost in were.items()}, estimated=estimated)
    after = totals({november(day): cost for day, cost in are.items()}, estimated=estimated)
    now = datetime(2026, 12, 20, tzinfo=UTC)
    noted = changes(SOURCE, before, after, known=(), restated=(), curves={}, told_at=now, now=now)
    told = {one.day.day: one for one in noted.restatements}
    assert set(told) <= set(were)
    for day, one in told.items():
        assert (one.billed_before, one.billed_after) == (were[day], are.get(day))
    for day in set(were) - set(told):
        assert abs(are[day] - were[day]) <= max(0.01, 0.0025 * max(abs(were[day]), abs(are[day])))
    assert noted.observations == ()
