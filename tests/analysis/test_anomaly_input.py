"""Input that is not as it should be: a sentence that says what is wrong, or the right answer; never a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect
from analysis.anomalies.detect import COLUMNS
from analysis.daily_series import daily_series
from analysis.forecasting import forecast, month_end
from analysis.trends import trend

DAYS = pd.date_range("2025-03-03", periods=160, freq="D")


def bill(**changes: object) -> pd.DataFrame:
    values = 200 * np.random.default_rng(4).normal(1, 0.03, len(DAYS))
    values[120] += 500
    return pd.DataFrame({"date": DAYS, "key": "ec2", "cost": values}).assign(**changes)


COSTS = (bill()["cost"], 50.0)


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


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_midnights_of_a_zone_are_its_days_across_clock_changes(zone: str) -> None:
    local = DAYS.tz_localize(zone)
    for dates in (local, [stamp.isoformat() for stamp in local], [stamp.to_pydatetime() for stamp in local]):
        series = daily_series(bill(date=dates))
        assert list(series.days) == list(DAYS)
        assert list(series.cost[:, 0]) == list(bill()["cost"])


def test_hours_of_a_zone_are_summed_on_their_days_in_utc_across_a_clock_change() -> None:
    hours = pd.date_range("2025-03-20", "2025-04-10", freq="h", tz="Europe/Berlin", inclusive="left")
    series = daily_series(pd.DataFrame({"date": hours, "key": "ec2", "cost": 1.0}))
    assert list(series.cost[1:-1, 0]) == [24.0] * 20
    assert series.cost.sum() == len(hours) == 21 * 24 - 1


def test_hours_may_come_as_text_with_changing_offsets() -> None:
    hours = pd.date_range("2025-03-29", "2025-04-01", freq="h", tz="Europe/Berlin", inclusive="left")
    text = [stamp.isoformat() for stamp in hours]
    series = daily_series(pd.DataFrame({"date": text, "key": "ec2", "cost": 1.0}))
    assert list(series.cost[:, 0]) == [1.0, 24.0, 24.0, 22.0]


@pytest.mark.parametrize("dates", [DAYS.strftime("%Y%m%d").astype(int), np.arange(160.0)], ids=["whole", "broken"])
def test_dates_that_are_numbers_are_an_error_and_not_1970(dates: object) -> None:
    with pytest.raises(ValueError, match="dates of daily costs are numbers, the first"):
        detect(bill(date=dates))


@pytest.mark.parametrize("text", ["03/04/2025", "Service total", "yesterday"])
def test_a_date_that_can_be_read_in_two_ways_or_none_is_an_error_that_shows_it(text: str) -> None:
    frame = bill(date=DAYS.strftime("%Y-%m-%d"))
    frame.loc[5, "date"] = text
    with pytest.raises(ValueError, match=f"have the date '{text}'"):
        detect(frame)


def test_zones_on_some_rows_only_are_an_error() -> None:
    with pytest.raises(ValueError, match="some dates of daily costs have a time zone"):
        detect(bill(date=[*DAYS[:80], *DAYS[80:].tz_localize("UTC")]))


@pytest.mark.parametrize(
    "date",
    [
        DAYS.to_period("D"),
        [stamp.date() for stamp in DAYS],
        [*(stamp.date() for stamp in DAYS[:50]), *DAYS[50:]],
        pd.Categorical(DAYS.strftime("%Y-%m-%d")),
    ],
    ids=["periods", "dates", "dates and times", "categories"],
)
def test_days_may_be_written_in_any_clear_way(date: object) -> None:
    series = daily_series(bill(date=date))
    assert list(series.days) == list(DAYS)
    assert list(series.cost[:, 0]) == list(bill()["cost"])


@pytest.mark.parametrize(
    ("cost", "dollars"),
    [
        ([3, 4], [3.0, 4.0]),
        ([Decimal("3.25"), Decimal("-4")], [3.25, -4.0]),
        (["3.25", "1e2"], [3.25, 100.0]),
        (pd.array([3.5, None], dtype="Float64"), [3.5, np.nan]),
        (pd.array([3, None], dtype="Int64"), [3.0, np.nan]),
        (pd.Series([3.5, pd.NA], dtype=object), [3.5, np.nan]),
        ([3.5, None], [3.5, np.nan]),
    ],
    ids=["whole", "decimal", "text", "nullable", "nullable whole", "NA", "None"],
)
def test_costs_may_be_any_numbers_and_what_is_unknown_stays_so(cost: object, dollars: list[float]) -> None:
    frame = pd.DataFrame({"date": DAYS[:2], "key": "ec2", "cost": cost})
    np.testing.assert_array_equal(daily_series(frame).cost[:, 0], dollars)


@pytest.mark.parametrize("cost", ["1,204.50", "$12", "", "twelve"])
def test_a_cost_that_is_no_number_is_shown(cost: str) -> None:
    frame = bill(cost=bill()["cost"].map(str))
    frame.loc[[4, 9], "cost"] = cost
    with pytest.raises(ValueError, match=r"must be numbers: 2 are not, the first '" + re.escape(cost)):
        detect(frame)


@pytest.mark.parametrize("cost", [True, pd.Timedelta("1h"), pd.Timestamp("2025-01-01")])
def test_truths_and_times_are_no_costs(cost: object) -> None:
    with pytest.raises(ValueError, match="daily costs must be numbers: they are"):
        detect(bill(cost=cost))


def test_costs_that_add_up_to_infinity_are_an_error() -> None:
    with pytest.raises(ValueError, match="add up to infinity"):
        detect(pd.concat([bill(cost=1e308)] * 2))


def test_a_column_that_is_there_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 columns called cost"):
        detect(pd.concat([bill(), bill()[["cost"]]], axis=1))


@pytest.mark.parametrize("keys", [(1, "ec2"), (("a", "ec2"), ("b", "ec2")), (7, 8)], ids=["mixed", "pairs", "numbers"])
def test_keys_may_be_anything(keys: tuple[object, object]) -> None:
    frames = [
        bill(key=pd.Series([key] * len(DAYS), dtype=object), cost=cost) for key, cost in zip(keys, COSTS, strict=True)
    ]
    found = detect(pd.concat(frames))
    assert [(key, day) for key, day in zip(found["key"], found["date"], strict=True)] == [(keys[0], DAYS[120])]


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame(columns=["date", "key", "cost"]), bill().iloc[:0]])
def test_nothing_gives_nothing(frame: pd.DataFrame) -> None:
    assert detect(frame).empty
    assert forecast(frame).empty
    assert month_end(frame, DAYS[0].date()).empty
    assert trend(frame).empty


@pytest.mark.parametrize("cost", [0.0, -120.0], ids=["nothing", "credits"])
def test_a_key_that_costs_nothing_or_is_all_credits_is_told_as_it_is(cost: float) -> None:
    frame = bill(cost=cost)
    assert told(frame) == []
    assert list(trend(frame)["direction"]) == ["flat"]
    ahead = forecast(frame)
    assert ahead["mean"].to_numpy() == pytest.approx(cost, abs=0.5)
    assert (ahead["hi95"] <= 0 if cost else ahead["hi95"] >= 0).all()
    march = month_end(frame, DAYS[20].date()).iloc[0]
    assert march["mtd"] == pytest.approx(21 * cost)
    assert march["mean"] == pytest.approx(29 * cost, rel=0.01)


def test_a_single_day_is_forecast_and_told_nothing_about() -> None:
    frame = bill().iloc[:1]
    assert told(frame) == []
    assert np.isfinite(forecast(frame, 7)[["mean", "lo95", "hi95"]].to_numpy()).all()
    assert list(trend(frame)["direction"]) == ["flat"]


@pytest.mark.parametrize("say", [forecast, trend, lambda frame: month_end(frame, DAYS[100].date())])
def test_forecasts_and_trends_refuse_what_detection_refuses(say: Callable[[pd.DataFrame], object]) -> None:
    for wrong, message in (
        (bill(cost=float("inf")), "infinite"),
        (bill(cost="a lot"), "must be numbers"),
        (bill(date=pd.NaT), "no date"),
        (bill(date=20250303), "are numbers"),
        (bill().drop(columns="key"), "key is missing"),
    ):
        with pytest.raises(ValueError, match=message):
            say(wrong)


@pytest.mark.parametrize("say", [forecast, trend, lambda frame: month_end(frame, DAYS[100].date())])
def test_forecasts_and_trends_do_not_depend_on_how_a_frame_is_written(say: Callable[[pd.DataFrame], object]) -> None:
    plain = bill()
    half = plain.assign(cost=plain["cost"] / 2)
    odd = pd.concat([half, half, bill(key=None, cost=9000.0)]).sample(frac=1, random_state=3)
    odd = odd.assign(date=[stamp.date() for stamp in odd["date"]], key=odd["key"].astype("category"))
    pd.testing.assert_frame_equal(say(plain), say(odd), check_dtype=False, check_categorical=False)


@pytest.mark.parametrize("day", [DAYS[119].date(), DAYS[119] + pd.Timedelta(hours=9), DAYS[119].tz_localize("UTC")])
def test_limits_may_be_days_or_times_of_them(day: object) -> None:
    expected = detect(bill(), since=DAYS[119])
    assert len(expected) == 1
    pd.testing.assert_frame_equal(detect(bill(), since=day), expected)  # type: ignore[arg-type]
    assert detect(bill(), as_of=day).empty  # type: ignore[arg-type]
