"""Which days are meant, and what they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.movers import Period
from bot.allocation.period import AskedPeriod, asked_period
from bot.cost_files import Window
from bot.errors import NotEnoughData, UsageError
from bot.settings import CostView

TODAY = date(2026, 11, 24)


def window(first: date = date(2025, 11, 1), complete: date = date(2026, 11, 22)) -> Window:
    return Window(first, TODAY, complete, "USD", CostView.EFFECTIVE, None, ("cost_explorer",), (), None)


def asked(month: str | None = None, days: str | None = None, **stored: date) -> AskedPeriod:
    return asked_period(month, days, window(**stored), TODAY)


@pytest.mark.parametrize("typed", ["october", "2026-13", "2026-00", "2026", "1999-01", "26-10", "next", "<!channel>"])
def test_what_is_no_month_gets_an_example(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(typed)
    assert "Write it as --month 2026-10" in caught.value.remedy
    assert "<!" not in str(caught.value)


@pytest.mark.parametrize("typed", ["0", "-3", "401", "seven", "1.5", "٣" * 5])
def test_what_is_no_number_of_days_gets_the_range(typed: str) -> None:
    with pytest.raises(UsageError, match="Write a number from 1 to 400"):
        asked(days=typed)


def test_a_month_and_days_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        asked("this", "7")


@pytest.mark.parametrize("typed", ["2025-10", "2026-12"])
def test_a_month_without_a_stored_day_says_which_are_stored(typed: str) -> None:
    with pytest.raises(NotEnoughData, match="Complete days are stored from Nov 1, 2025 to Nov 22, 2026"):
        asked(typed)


def test_without_words_it_is_the_last_month_that_is_over() -> None:
    found = asked()
    assert found.now == found.whole == Period(date(2026, 10, 1), date(2026, 11, 1))
    assert found.before == Period(date(2026, 9, 1), date(2026, 10, 1))


def test_without_a_last_month_it_is_the_one_that_is_running() -> None:
    found = asked(first=date(2026, 11, 3))
    assert (found.now, found.before) == (Period(date(2026, 11, 3), date(2026, 11, 23)), None)


def test_with_old_data_only_it_is_the_month_in_which_they_end() -> None:
    found = asked(first=date(2024, 9, 1), complete=date(2024, 9, 19))
    assert found.now == Period(date(2024, 9, 1), date(2024, 9, 20))


def test_a_running_month_is_compared_with_as_many_days() -> None:
    found = asked("this")
    assert found.now == Period(date(2026, 11, 1), date(2026, 11, 23))
    assert found.before == Period(date(2026, 10, 1), date(2026, 10, 23))
    assert found.whole == Period(date(2026, 11, 1), date(2026, 12, 1))


def test_a_long_month_under_way_is_compared_with_all_of_a_shorter_one() -> None:
    found = asked_period("2026-03", None, window(complete=date(2026, 3, 30)), date(2026, 3, 31))
    assert found.now == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert found.before == Period(date(2026, 2, 1), date(2026, 3, 1))


def test_a_month_that_is_stored_in_part_is_compared_with_nothing() -> None:
    found = asked("2026-10", first=date(2026, 10, 12))
    assert (found.now, found.before) == (Period(date(2026, 10, 12), date(2026, 11, 1)), None)


def test_days_end_with_the_last_complete_one() -> None:
    found = asked(days="30")
    assert found.now == Period(date(2026, 10, 24), date(2026, 11, 23))
    assert found.before == Period(date(2026, 9, 24), date(2026, 10, 24))
    assert asked(days="300").before is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [("last", date(2026, 10, 1)), (" THIS ", date(2026, 11, 1)), ("2026-9", date(2026, 9, 1))],
)
def test_a_month_may_be_typed_in_ways(typed: str, first: date) -> None:
    assert asked(typed).whole.start == first
