"""What must hold for any bill: causality, and verdicts that do not depend on how the frame is written."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.anomalies import detect, episodes
from analysis.anomalies.detect import COLUMNS
from tests.analysis.generators import bills
from tests.analysis.generators_labelled import labelled
from tests.analysis.generators_wide import WIDE

BILL = bills(5, series=14, length=170).daily
EVERY = detect(BILL, return_all=True)
LAST = BILL["date"].max()
MANY = labelled(7, WIDE, series=40, length=170).daily
EVERY_OF_MANY = detect(MANY, return_all=True)


def verdicts(frame: pd.DataFrame, **options: object) -> pd.DataFrame:
    return detect(frame, **options).reset_index(drop=True)  # type: ignore[arg-type]


@settings(max_examples=8, deadline=None)
@given(days_cut=st.integers(1, 100))
def test_truncating_the_future_never_changes_a_past_verdict(days_cut: int) -> None:
    as_of = LAST - pd.Timedelta(days=days_cut)
    known_then = verdicts(BILL, as_of=as_of, return_all=True)
    then = known_then[known_then["alert_date"] <= as_of]
    now = EVERY[EVERY["alert_date"] <= as_of]
    pd.testing.assert_frame_equal(then.reset_index(drop=True), now.reset_index(drop=True))


def test_a_future_that_turns_wild_never_changes_a_past_verdict() -> None:
    as_of = LAST - pd.Timedelta(days=30)
    wild = BILL.assign(cost=np.where(BILL["date"] > as_of, BILL["cost"] * 50 + 1000, BILL["cost"]))
    before = verdicts(BILL)
    after = verdicts(wild)
    pd.testing.assert_frame_equal(
        before[before["alert_date"] <= as_of].reset_index(drop=True),
        after[after["alert_date"] <= as_of].reset_index(drop=True),
    )


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 1000))
def test_row_order_does_not_matter(seed: int) -> None:
    shuffled = BILL.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(EVERY, verdicts(shuffled, return_all=True))


def test_date_type_does_not_matter() -> None:
    as_dates = BILL.assign(date=[stamp.date() for stamp in BILL["date"]])
    as_text = BILL.assign(date=BILL["date"].dt.strftime("%Y-%m-%d"))
    in_seconds = BILL.assign(date=BILL["date"].astype("datetime64[s]"))
    expected = verdicts(BILL)
    for frame in (as_dates, as_text, in_seconds):
        pd.testing.assert_frame_equal(expected, verdicts(frame), check_dtype=False)


def test_omitted_zero_rows_do_not_matter() -> None:
    started = BILL[BILL["cost"] != 0].groupby("key")["date"].min()
    inside = BILL["date"] > BILL["key"].map(started)
    without = BILL[~(inside & (BILL["cost"] == 0))]
    assert len(without) < len(BILL)
    pd.testing.assert_frame_equal(EVERY, verdicts(without, return_all=True))


def test_unrelated_keys_do_not_matter() -> None:
    every = EVERY
    whole = BILL.groupby("key")["date"].size() == 170
    some = list(whole[whole].index[:3])
    alone = verdicts(BILL[BILL["key"].isin(some)], return_all=True)
    pd.testing.assert_frame_equal(every[every["key"].isin(some)].reset_index(drop=True), alone)


@pytest.mark.parametrize("bill", [BILL, MANY], ids=["few", "many"])
@pytest.mark.parametrize("days", [0, 1, 2, 3, 8, 35, 168, 500])
def test_since_limits_the_rows_and_changes_none(bill: pd.DataFrame, days: int) -> None:
    since = bill["date"].max() - pd.Timedelta(days=days)
    every = EVERY if bill is BILL else EVERY_OF_MANY
    expected = every[every["is_anomaly"] & (every["date"] >= since)].reset_index(drop=True)
    pd.testing.assert_frame_equal(expected, verdicts(bill, since=since))


def test_the_newest_day_of_every_morning_is_judged_as_by_a_look_at_all_days() -> None:
    for day in pd.date_range(LAST - pd.Timedelta(days=12), LAST, freq="D"):
        every = verdicts(BILL, as_of=day)
        newest = verdicts(BILL, as_of=day, since=day - pd.Timedelta(days=3))
        expected = every[every["date"] >= day - pd.Timedelta(days=3)].reset_index(drop=True)
        pd.testing.assert_frame_equal(expected, newest)


def test_keys_are_judged_alike_however_many_are_walked_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("analysis.anomalies.detect"), "DAYS_AT_ONCE", 4 * BILL["date"].nunique())
    pd.testing.assert_frame_equal(EVERY, verdicts(BILL, return_all=True))


def test_the_input_is_left_as_it_was() -> None:
    before = BILL.copy(deep=True)
    detect(BILL)
    pd.testing.assert_frame_equal(before, BILL)


def test_an_anomaly_is_a_score_of_one() -> None:
    every = EVERY
    assert every["is_anomaly"].any()
    assert (every["is_anomaly"] == (every["score"] >= 1)).all()


def test_an_empty_frame_has_no_anomalies() -> None:
    empty = pd.DataFrame({"date": pd.Series(dtype="datetime64[ns]"), "key": [], "cost": []})
    assert list(detect(empty).columns) == list(COLUMNS)
    assert len(detect(empty, return_all=True)) == 0
    assert len(episodes(detect(empty))) == 0


@pytest.mark.parametrize("cost", [0.0, 5.0, -40.0, 10_000.0, float("nan")])
def test_one_day_alone_is_no_anomaly(cost: float) -> None:
    one = pd.DataFrame({"date": [date(2026, 1, 1)], "key": ["a"], "cost": [cost]})
    assert len(detect(one)) == 0
    assert not detect(one, return_all=True)["is_anomaly"].any()


def test_steady_credits_are_no_anomaly() -> None:
    days = pd.date_range("2026-01-01", periods=120)
    credits = pd.DataFrame({"date": days, "key": "credit", "cost": np.where(days.day_of_week < 5, -120.0, -80.0)})
    assert len(detect(credits)) == 0


@settings(max_examples=25, deadline=None)
@given(
    costs=st.lists(st.floats(-1e5, 1e5, allow_nan=False) | st.just(float("nan")), min_size=1, max_size=80),
    seed=st.integers(0, 9),
)
def test_any_series_gets_finite_verdicts(costs: list[float], seed: int) -> None:
    frame = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=len(costs)), "key": "x", "cost": costs})
    found = detect(frame.sample(frac=1, random_state=seed))
    assert np.isfinite(found[["cost", "score", "impact"]].to_numpy(dtype=float)).all()
    assert (found["impact"].abs() >= 10 - 1e-9).all()
    assert len(episodes(found)) <= len(found)
