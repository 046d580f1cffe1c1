"""Input that is not as it should be: a sentence that says what is wrong, or the right answer; never a wrong one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect
from analysis.anomalies.detect import COLUMNS

DAYS = pd.date_range("2025-03-03", periods=160, freq="D")


def bill(**changes: object) -> pd.DataFrame:
    values = 200 * np.random.default_rng(4).normal(1, 0.03, len(DAYS))
    values[120] += 500
    return pd.DataFrame({"date": DAYS, "key": "ec2", "cost": values}).assign(**changes)


def told(frame: pd.DataFrame) -> list[pd.Timestamp]:
    return list(detect(frame)["date"])


@pytest.mark.parametrize("cost", [float("inf"), float("-inf")])
def test_an_infinite_cost_is_an_error_that_counts_the_rows(cost: float) -> None:
    frame = bill()
    frame.loc[[7, 9], "cost"] = cost
    with pytest.raises(ValueError, match="2 rows of daily costs are infinite"):
        detect(frame)


def test_a_row_without_a_date_is_an_error() -> None:
    frame = bill()
    frame.loc[3, "date"] = pd.NaT
    with pytest.raises(ValueError, match="1 rows of daily costs have no date"):
        detect(frame)


def test_a_cost_that_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="daily costs must be numbers"):
        detect(bill(cost="12 dollars"))


def test_a_missing_column_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="cost is missing"):
        detect(bill().drop(columns="cost"))


def test_a_date_of_another_century_is_an_error() -> None:
    stray = pd.DataFrame({"date": [pd.Timestamp("1900-01-01")], "key": ["ec2"], "cost": [1.0]})
    with pytest.raises(ValueError, match="look for a wrong date"):
        detect(pd.concat([stray, bill()]))


def test_a_day_that_is_not_known_is_no_anomaly_and_hides_none() -> None:
    frame = bill()
    frame.loc[[60, 61, 119], "cost"] = np.nan
    assert told(frame) == [DAYS[120]]


def test_rows_of_the_same_day_are_summed() -> None:
    half = bill(cost=bill()["cost"] / 2)
    pd.testing.assert_frame_equal(detect(pd.concat([half, half])), detect(bill()))


def test_rows_without_a_key_are_left_out() -> None:
    nobody = bill(key=None, cost=9000.0)
    assert told(pd.concat([bill(), nobody])) == [DAYS[120]]


def test_a_gap_is_zero_and_a_fall_that_is_told_when_it_is_sure() -> None:
    found = detect(bill().drop(index=range(80, 84)))
    fall = found[found["direction"] == "down"]
    assert fall["date"].iloc[0] == DAYS[80]
    assert fall["alert_date"].iloc[0] == DAYS[82]


@pytest.mark.parametrize("hours", [23, 25])
def test_a_day_of_another_length_is_silent(hours: int) -> None:
    frame = bill(cost=5000.0)
    frame.loc[100, "cost"] *= hours / 24
    assert told(frame) == []


def test_dates_with_a_time_zone_are_days_in_utc() -> None:
    aware = bill(date=DAYS.tz_localize("UTC") + pd.Timedelta(hours=5))
    assert told(aware) == [DAYS[120]]


def test_keys_may_be_categories_in_any_order() -> None:
    both = pd.concat([bill(), bill(key="rds", cost=50.0)], ignore_index=True)
    as_categories = both.assign(key=pd.Categorical(both["key"], categories=["rds", "unused", "ec2"]))
    pd.testing.assert_frame_equal(detect(both), detect(as_categories), check_dtype=False)


def test_a_frame_of_unknown_costs_only_has_no_anomalies() -> None:
    found = detect(bill(cost=np.nan))
    assert list(found.columns) == list(COLUMNS)
    assert found.empty
