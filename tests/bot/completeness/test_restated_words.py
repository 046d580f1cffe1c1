"""Restated days, as they read."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.restated import MOST_SENTENCES, restated_sentences
from bot.settings import CostView
from bot.store import Restatement
from tests.bot.completeness.completeness_factories import NOW, TODAY, restated


def november(day: int) -> date:
    return date(2026, 11, day)


def said(*rows: Restatement, view: CostView = CostView.EFFECTIVE) -> list[str]:
    return restated_sentences(rows, view, TODAY)


def test_nothing_restated_says_nothing() -> None:
    assert said() == []


def test_consecutive_days_are_one_sentence() -> None:
    rows = [restated(november(day), 100.0, after) for day, after in ((5, 90.0), (3, 85.0), (4, 83.8))]
    assert said(*rows) == ["Nov 3–5 restated by −$41.20 (AWS)."]


def test_one_day() -> None:
    assert said(restated(november(3), 100.0, 123.4)) == ["Nov 3 restated by +$23.40 (AWS)."]


def test_up_and_down_never_hide_each_other() -> None:
    rows = [restated(november(3), 100.0, 200.0), restated(november(4), 200.0, 100.0)]
    assert said(*rows) == ["Nov 3 restated by +$100 (AWS).", "Nov 4 restated by −$100 (AWS)."]


def test_days_across_a_month_and_a_year() -> None:
    rows = [restated(november(30), 10.0, 12.0), restated(date(2026, 12, 1), 10.0, 12.0)]
    assert said(*rows) == ["Nov 30 – Dec 1 restated by +$4.00 (AWS)."]
    old = [restated(date(2025, 12, 31), 10.0, 12.0), restated(date(2026, 1, 1), 10.0, 12.0)]
    assert said(*old) == ["Dec 31 – Jan 1, 2026 restated by +$4.00 (AWS)."]


def test_a_gap_ends_a_run() -> None:
    rows = [restated(november(3), 100.0, 90.0), restated(november(5), 100.0, 90.0)]
    assert len(said(*rows)) == 2


def test_providers_are_told_apart() -> None:
    rows = [restated(november(3), 100.0, 90.0), restated(november(4), 100.0, 80.0, provider="Microsoft")]
    assert said(*rows) == ["Nov 3 restated by −$10.00 (AWS).", "Nov 4 restated by −$20.00 (Microsoft)."]


def test_a_day_restated_twice_is_told_once_from_its_first_amount_to_its_last() -> None:
    first = restated(november(3), 100.0, 90.0)
    again = restated(november(3), 90.0, 70.0, noted_at=NOW + timedelta(hours=6))
    assert said(again, first) == ["Nov 3 restated by −$30.00 (AWS)."]


def test_a_day_that_came_back_is_not_told() -> None:
    first = restated(november(3), 100.0, 90.0)
    back = restated(november(3), 90.0, 100.0, noted_at=NOW + timedelta(hours=6))
    assert said(first, back) == []


def test_a_day_that_is_gone_is_not_zero() -> None:
    gone = [restated(november(day), 41.2, None) for day in (3, 4)]
    assert said(*gone) == ["Nov 3–4 are gone from AWS's costs; stored before: $82.40."]
    assert said(restated(november(3), 41.2, 0.0)) == ["Nov 3 restated by −$41.20 (AWS)."]


def test_the_cost_that_is_shown_is_the_one_that_is_told() -> None:
    row = restated(november(3), 100.0, 80.0, effective_before=60.0, effective_after=50.0)
    assert said(row) == ["Nov 3 restated by −$10.00 (AWS)."]
    assert said(row, view=CostView.BILLED) == ["Nov 3 restated by −$20.00 (AWS)."]


def test_another_currency_is_named() -> None:
    assert said(restated(november(3), 100.0, 90.0, currency="CHF")) == ["Nov 3 restated by −10.00 CHF (AWS)."]


def test_many_runs_are_counted() -> None:
    rows = [restated(november(day), 100.0, 100.0 + day) for day in (1, 3, 5, 7, 9)]
    sentences = said(*rows)
    assert sentences == [
        "Nov 5 restated by +$5.00 (AWS).",
        "Nov 7 restated by +$7.00 (AWS).",
        "Nov 9 restated by +$9.00 (AWS).",
        "2 more days restated.",
    ]


@given(st.lists(st.tuples(st.integers(1, 28), st.floats(0, 1e6), st.none() | st.floats(0, 1e6)), max_size=40))
def test_any_days_read_as_a_few_sentences(rows: list[tuple[int, float, float | None]]) -> None:
    sentences = said(*(restated(november(day), before, after) for day, before, after in rows))
    assert len(sentences) <= MOST_SENTENCES + 1
    assert all(text.endswith(".") and "nan" not in text for text in sentences)
