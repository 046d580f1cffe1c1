"""Ranking: what adds up, what is left out, and what has no share."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.movers import Period, compare
from analysis.top_costs import ranked, whole_weeks

END = date(2026, 11, 23)
NOW, BEFORE = Period(END - timedelta(days=7), END), Period(END - timedelta(days=14), END - timedelta(days=7))


def daily(**costs: list[float]) -> DataFrame:
    """Costs of each key on the days that end with the last of `NOW`."""
    rows = [
        {"date": pd.Timestamp(END) - pd.Timedelta(days=len(values) - i), "key": key, "cost": cost}
        for key, values in costs.items()
        for i, cost in enumerate(values)
    ]
    return DataFrame(rows, columns=["date", "key", "cost"]).astype({"date": "datetime64[us]", "cost": float})


def test_what_cost_nothing_in_the_period_is_left_out() -> None:
    table = ranked(daily(gone=[9.0] * 7 + [0.0] * 7, dust=[0.0004] * 7, here=[1.0] * 7), NOW, BEFORE)
    assert table["key"].tolist() == ["here"]


def test_no_costs_are_no_rows() -> None:
    assert len(ranked(daily(), NOW, BEFORE)) == 0


def test_the_dearest_is_first_and_shares_are_of_the_period_alone() -> None:
    table = ranked(daily(a=[100.0] * 7 + [1.0] * 7, b=[3.0] * 14), NOW, BEFORE)
    assert table.to_dict("list") == {
        "key": ["b", "a"],
        "cost": [21.0, 7.0],
        "share": [0.75, 0.25],
        "was": [3.0, 100.0],
        "is_now": [3.0, 1.0],
    }


@pytest.mark.parametrize("costs", [{"a": [1.0] * 7, "b": [-1.0] * 7}, {"a": [-2.0] * 7}])
def test_a_total_that_is_not_positive_has_no_shares(costs: dict[str, list[float]]) -> None:
    assert ranked(daily(**costs), NOW, BEFORE)["share"].isna().all()


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.lists(st.floats(-1e6, 1e6), min_size=14, max_size=14), max_size=6))
def test_costs_and_changes_add_up_to_those_of_everything(costs: dict[str, list[float]]) -> None:
    known = {key: [0.0 if abs(value) < 1 else value for value in values] for key, values in costs.items()}
    frame = daily(**known)
    table = ranked(frame, NOW, BEFORE)
    inside = frame[frame["date"] >= pd.Timestamp(NOW.start)]
    assert table["cost"].sum() == pytest.approx(inside["cost"].sum(), abs=0.005 * (len(known) + 1))
    left_out = frame[~frame["key"].isin(table["key"])]
    total, rest = compare(frame, NOW, BEFORE), compare(left_out, NOW, BEFORE)
    assert table["is_now"].sum() + rest.now == pytest.approx(total.now, abs=1e-6)
    assert table["was"].sum() + (rest.before or 0) == pytest.approx(total.before or 0, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "earlier", "weeks"), [(7, 7, 1), (30, 30, 4), (90, 90, 12), (30, 10, 2), (30, 0, 0), (6, 6, 0), (7, 3, 0)]
)
def test_whole_weeks_lie_side_by_side_within_what_is_stored(asked: int, earlier: int, weeks: int) -> None:
    now = Period(END - timedelta(days=asked), END)
    before = Period(now.start - timedelta(days=earlier), now.start)
    recent, then = whole_weeks(now, before)
    assert then.length == 7 * weeks
    assert recent.end == END
    if weeks:
        assert recent.length == then.length
        assert then.end == recent.start
        assert then.start >= before.start
