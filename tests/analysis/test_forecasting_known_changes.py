"""Known changes: what they must not do, and that they move the days from theirs on by exactly their dollars."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.forecasting import KnownChange, forecast, month_end

DAYS = pd.date_range("2025-03-03", periods=280, freq="D")  # the last one is 2025-12-07
BANDS = ["mean", "lo80", "hi80", "lo95", "hi95"]


def frame(values: np.ndarray, key: str = "key") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS[: len(values)], "key": key, "cost": values})


FLAT = frame(np.full(280, 100.0))


@cache
def without_facts() -> pd.DataFrame:
    return forecast(FLAT)


def test_no_facts_change_nothing() -> None:
    pd.testing.assert_frame_equal(forecast(FLAT, facts=[]), forecast(FLAT))


def test_a_fact_about_one_key_leaves_the_others_alone() -> None:
    daily = pd.concat([FLAT, frame(np.full(280, 7.0), "other")])
    told = forecast(daily, facts=[KnownChange("key", date(2025, 12, 14), 60.0)])
    alone = forecast(daily)
    pd.testing.assert_frame_equal(told[told["key"] == "other"], alone[alone["key"] == "other"])


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([KnownChange("nobody", date(2025, 12, 14), 5.0)], "no costs of that key"),
        ([KnownChange("key", date(2025, 12, 14), float("nan"))], "nan is no amount"),
        ([KnownChange("key", date(2025, 12, 14), float("inf"))], "inf is no amount"),
        (pd.DataFrame({"key": ["key"], "date": [pd.NaT], "change": [1.0]}), "it has no date"),
        (pd.DataFrame({"key": ["key"], "change": [1.0]}), "date is missing"),
    ],
)
def test_a_fact_that_says_nothing_is_refused(facts: list[KnownChange] | pd.DataFrame, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        forecast(FLAT, facts=facts)


def test_a_saving_above_the_cost_leaves_zero() -> None:
    told = forecast(FLAT, facts=[KnownChange("key", date(2025, 12, 10), -500.0)])
    later = told[told["date"] >= "2025-12-10"]
    assert (later[["mean", "lo80", "lo95"]] == 0).all(axis=None)
    assert later["hi95"].max() < 1


@settings(max_examples=12, deadline=None)
@given(change=st.floats(0, 1e4), after=st.integers(0, 40))
def test_the_days_from_a_change_on_move_by_its_dollars(change: float, after: int) -> None:
    day = DAYS[-1] + pd.Timedelta(days=1 + after)
    told = forecast(FLAT, facts=[KnownChange("key", day.date(), change)])
    moved = told[BANDS].to_numpy() - without_facts()[BANDS].to_numpy()
    expected = np.where(told["date"] >= day, change, 0.0)[:, None]
    assert np.allclose(moved, expected, atol=1e-6)


def test_facts_may_come_as_a_frame() -> None:
    facts = pd.DataFrame({"key": ["key"], "date": ["2025-12-14"], "change": [-40]})
    listed = forecast(FLAT, facts=[KnownChange("key", date(2025, 12, 14), -40.0)])
    pd.testing.assert_frame_equal(forecast(FLAT, facts=facts), listed)


def test_a_change_of_two_days_ago_needs_no_weeks_to_be_believed() -> None:
    values = np.full(280, 100.0)
    values[278:] = 160.0
    told = forecast(frame(values), facts=[KnownChange("key", DAYS[278].date(), 60.0)])
    assert told["mean"].between(158, 162).all()


def test_a_months_end_counts_the_days_from_the_change_on() -> None:
    plain = month_end(FLAT, date(2025, 11, 20)).iloc[0]
    told = month_end(FLAT, date(2025, 11, 20), facts=[KnownChange("key", date(2025, 11, 24), 10.0)]).iloc[0]
    assert told["mtd"] == plain["mtd"] == 2000
    assert round(told["mean"] - plain["mean"], 6) == 70
    assert round(told["hi95"] - plain["hi95"], 6) == 70


def test_a_change_of_next_month_leaves_this_one_alone() -> None:
    facts = [KnownChange("key", date(2025, 12, 1), 10.0)]
    pd.testing.assert_frame_equal(month_end(FLAT, date(2025, 11, 20), facts=facts), month_end(FLAT, date(2025, 11, 20)))
