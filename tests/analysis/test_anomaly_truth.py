"""Detection against known truth: first what must stay silent, then what must be told, and when."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect, episodes
from benchmarks.analysis.detection import score
from tests.analysis.generators import FAMILIES, Family, inject
from tests.analysis.generators_apart import APART
from tests.analysis.generators_labelled import labelled
from tests.analysis.generators_wide import WIDE

DAYS = pd.date_range("2025-03-03", periods=300, freq="D")
RNG_SEED = 11


def frame(values: np.ndarray, key: str = "key", days: pd.DatetimeIndex = DAYS) -> pd.DataFrame:
    return pd.DataFrame({"date": days[: len(values)], "key": key, "cost": values})


def steady(level: float = 200.0, noise: float = 0.03) -> np.ndarray:
    weekend = np.where(DAYS.day_of_week >= 5, 0.6, 1.0)
    return level * weekend * np.random.default_rng(RNG_SEED).normal(1, noise, len(DAYS))


def told(values: np.ndarray, **options: object) -> pd.DataFrame:
    found = episodes(detect(frame(values), **options))  # type: ignore[arg-type]
    return found[["kind", "direction", "start", "alert_date"]].reset_index(drop=True)


def test_a_steady_cost_is_silent() -> None:
    assert told(steady()).empty


@pytest.mark.parametrize("growth", [-0.05, 0.05, 0.12])
def test_growth_is_silent(growth: float) -> None:
    assert told(steady() * (1 + growth) ** (np.arange(300) / 30.4)).empty


def test_a_charge_on_the_first_of_the_month_is_silent_after_two() -> None:
    values = steady() + np.where(DAYS.day == 1, 600.0, 0)
    assert told(values, since=pd.Timestamp("2025-05-02")).empty


def test_a_month_end_batch_is_silent_after_two() -> None:
    values = steady() + np.where(DAYS.is_month_end, 500.0, 0)
    assert told(values, since=pd.Timestamp("2025-05-15")).empty


def test_a_batch_every_second_week_is_silent_once_known() -> None:
    values = steady() + np.where(np.arange(300) % 14 == 3, 500.0, 0)
    assert told(values, since=pd.Timestamp("2025-05-15")).empty


def test_prices_per_month_are_silent() -> None:
    assert told(9000.0 / np.asarray(DAYS.days_in_month)).empty


def test_a_free_tier_that_starts_again_is_silent_once_known() -> None:
    values = np.where(DAYS.day <= 6, 0.0, 80.0)
    assert told(values, since=pd.Timestamp("2025-05-15")).empty


def test_holidays_are_no_drop() -> None:
    values = steady()
    for day in ("2025-07-04", "2025-11-27", "2025-12-25", "2025-12-26"):
        values[DAYS.get_loc(day)] *= 0.4
    assert told(values).empty


def test_small_steps_are_silent() -> None:
    values = steady(noise=0.005)
    values[150:] *= 1.08
    assert told(values).empty


def test_cents_are_silent() -> None:
    values = steady(level=2.0)
    values[200:203] *= 4
    assert told(values).empty


def test_a_late_day_is_no_drop_yet() -> None:
    values = steady()
    values[-1] *= 0.3
    values[-2] *= 0.6
    assert told(values).empty


def test_a_late_credit_is_no_rise_and_one_that_ended_is() -> None:
    values = np.full(300, -120.0)
    values[-1], values[-2] = 0.0, -60.0
    assert told(values).empty
    values[200:] = 0.0
    assert list(told(values)["alert_date"])[:1] == [DAYS[202]]


def test_the_return_to_normal_is_no_news() -> None:
    values = steady()
    values[200:203] += 800
    found = told(values)
    assert list(found["direction"]) == ["up"]


def test_a_spike_is_told_on_its_day() -> None:
    values = steady()
    values[200] += 400
    assert told(values).to_dict("records") == [
        {"kind": "spike", "direction": "up", "start": DAYS[200], "alert_date": DAYS[200]}
    ]


def test_a_spike_is_not_held_against_itself() -> None:
    alike = []
    for times in (1, 5, 10_000):
        values = steady()[:31]
        values[-1] *= times
        alike.append(frame(values, f"{times} times"))
    days = detect(pd.concat(alike), return_all=True).groupby("key").last()
    assert days["is_anomaly"].to_dict() == {"1 times": False, "5 times": True, "10000 times": True}
    assert len(days[["expected", "lower", "upper"]].drop_duplicates()) == 1


def test_a_week_at_three_times_the_cost_is_told_within_a_month_of_history() -> None:
    values = 200 * np.random.default_rng(RNG_SEED).normal(1, 0.03, 30)
    values[-7:] *= 3
    found = told(values)
    assert list(found["start"]) == [DAYS[23]]
    assert found["alert_date"][0] <= DAYS[25]


def test_a_partly_billed_day_may_already_be_a_spike() -> None:
    values = steady()
    values[-1] = values[-1] + 400
    assert list(told(values)["start"]) == [DAYS[-1]]


def test_a_lasting_shift_is_told_once() -> None:
    values = steady()
    values[200:] *= 1.6
    found = told(values)
    assert list(found["direction"]) == ["up"]
    assert found["start"][0] == DAYS[200]


def test_a_small_lasting_shift_is_a_step_told_with_its_third_day() -> None:
    values = steady(noise=0.07)
    values[210:] *= 1.38
    found = told(values)
    assert found["kind"][0] == "step"
    assert found["start"][0] <= DAYS[212]
    assert found["alert_date"][0] <= DAYS[214]


def test_a_ramp_is_told_while_it_rises() -> None:
    values = steady()
    values[180:] *= 1 + np.clip(np.arange(120) / 24, 0, 1)
    found = told(values)
    assert len(found) >= 1
    assert DAYS[182] <= found["start"][0] <= DAYS[204]


def test_a_drop_is_told_two_days_late() -> None:
    values = steady()
    values[200:204] *= 0.1
    found = told(values)
    assert found.to_dict("records") == [
        {"kind": "drop", "direction": "down", "start": DAYS[200], "alert_date": DAYS[202]}
    ]


def noisy(level: float = 200.0) -> np.ndarray:
    return level * np.exp(np.random.default_rng(RNG_SEED).normal(0, 0.15, len(DAYS)))


def test_noise_alone_is_silent_whatever_it_costs() -> None:
    assert detect(pd.concat([frame(noisy(level)[:90], str(level)) for level in (0.02, 30.0, 200.0)])).empty


def test_a_day_that_went_wrong_alone_is_no_drop_of_a_noisy_key() -> None:
    values = noisy()
    values[[150, 200, 230]] = 0.0
    assert told(values).empty


def test_a_fall_of_two_days_is_a_drop_however_noisy_the_key() -> None:
    values = noisy()
    values[200:202] = 0.0
    assert list(told(values)["alert_date"]) == [DAYS[202]]


def test_a_quiet_key_that_stops_for_a_day_is_told() -> None:
    values = steady()
    values[200] = 0.0
    assert list(told(values)["alert_date"]) == [DAYS[202]]


def test_a_large_step_of_a_young_key_is_told_on_its_first_day() -> None:
    values = steady()[:90]
    values[50:] *= 4.5
    assert list(told(values)["alert_date"])[:1] == [DAYS[50]]


def test_a_new_key_is_told_from_its_first_day() -> None:
    daily = pd.concat([frame(steady(), "old"), frame(np.full(40, 25.0), "new", DAYS[260:])])
    found = episodes(detect(daily))
    assert found[["key", "kind", "start"]].to_dict("records") == [{"key": "new", "kind": "new", "start": DAYS[260]}]


def test_a_new_key_of_little_cost_is_silent() -> None:
    daily = pd.concat([frame(steady(), "old"), frame(np.full(40, 9.0), "new", DAYS[260:])])
    assert detect(daily).empty


def test_a_weekend_left_running_is_told() -> None:
    values = np.where(DAYS.day_of_week >= 5, 20.0, 300.0) * np.random.default_rng(1).normal(1, 0.03, 300)
    saturday = 201 + int((5 - DAYS[201].day_of_week) % 7)
    values[saturday : saturday + 2] = 300
    assert list(told(values)["start"]) == [DAYS[saturday]]


def test_thresholds_are_the_callers() -> None:
    values = steady(level=30.0)
    values[200] += 12
    assert len(detect(frame(values))) == 1
    assert detect(frame(values), min_impact=20).empty
    assert detect(frame(values), min_pct=0.6).empty


@pytest.mark.parametrize("families", [WIDE, APART], ids=["trained on", "kept apart"])
def test_held_out_bills_are_judged_well(families: dict[str, tuple[Family, float]]) -> None:
    result = score([labelled(500, families, series=90)])
    assert result.f1 >= 0.85
    assert result.false / result.series_months <= 0.015


def test_a_batch_that_falls_on_the_end_of_the_month_is_silent() -> None:
    fortnightly = (np.arange(300) - DAYS.get_loc("2025-09-30")) % 14 == 0
    values = steady() + np.where(DAYS.is_month_end, 400.0, 0) + np.where(fortnightly, 400.0, 0)
    assert told(values, since=pd.Timestamp("2025-06-02")).empty


def test_an_amount_that_is_free_on_the_first_days_is_no_drop_once_known() -> None:
    values = np.where(DAYS.day <= 2, 0.0, np.where(DAYS.day == 3, 40.0, 150.0))
    assert told(values, since=pd.Timestamp("2025-05-15")).empty


def raised_for_weeks() -> np.ndarray:
    """Six weeks at more than double, while what it comes back to has fallen with the season."""
    values = steady() * (1 - 0.0022 * np.maximum(np.arange(300) - 130, 0)).clip(0.7)
    values[150:192] += 260
    return values


def test_the_return_from_a_rise_that_lasted_is_no_drop() -> None:
    assert list(told(raised_for_weeks())["direction"]) == ["up"]


def test_a_rise_that_ends_in_next_to_nothing_is_a_drop() -> None:
    values = raised_for_weeks()
    values[192:200] = 2.0
    assert list(told(values)["start"]) == [DAYS[150], DAYS[192]]


def test_a_weekday_seen_wrong_at_first_is_learnt() -> None:
    values = np.where(DAYS.day_of_week >= 5, 20.0, 300.0) * np.random.default_rng(1).normal(1, 0.03, 300)
    values[[1, 8, 15]] = 60.0  # three Tuesdays off right after the start
    assert told(values, since=pd.Timestamp("2025-05-15")).empty


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_has_its_incidents_in_dollars(family: str) -> None:
    rng = np.random.default_rng(3)
    values = FAMILIES[family][0](DAYS, rng)
    assert len(values) == len(DAYS)
    raised, first, last = inject(values, DAYS, "step", rng)
    assert (raised[first:last] > values[first:last]).all()
    assert (values[:first] == raised[:first]).all()
