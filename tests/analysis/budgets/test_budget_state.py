"""How a budget stands: known truths, calendar periods, what is not known, and what cannot be said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.budgets import Budget, BudgetState, Cadence, Standing, budget_state, span_of
from analysis.budgets.alerts import Level, due_level
from analysis.budgets.chance import chance_above
from analysis.forecasting import TOTAL, KnownChange, month_end
from analysis.models import from_json, to_json

FIRST, LAST = date(2025, 10, 1), date(2026, 11, 18)


def costs(per_day: float = 100.0, first: date = FIRST, last: date = LAST, noise: float = 0.04) -> pd.DataFrame:
    """A steady bill with quiet weekends."""
    days = pd.date_range(first, last, freq="D")
    rng = np.random.default_rng(3)
    weekly = np.where(days.day_of_week >= 5, 0.7, 1.0)
    cost = per_day * weekly * (1 + noise * rng.standard_normal(len(days)))
    return pd.DataFrame({"date": days, "cost": cost})


def state(amount: float, daily: pd.DataFrame | None = None, **changed: Any) -> BudgetState:
    cadence = changed.pop("cadence", Cadence.MONTH)
    known: dict[str, Any] = {"first_day": FIRST, "until": LAST, "day": LAST + timedelta(days=2)}
    frame = costs() if daily is None else daily
    return budget_state(Budget("B-1", "everything", amount, "USD", cadence), frame, **(known | changed))


@pytest.mark.parametrize(
    ("amount", "standing", "chance"),
    [(5000.0, Standing.ON_TRACK, 0.0), (3000.0, Standing.CLOSE, 0.0), (2600.0, Standing.EXPECTED_OVER, 1.0)],
)
def test_a_steady_month_ends_where_it_must(amount: float, standing: Standing, chance: float) -> None:
    found = state(amount)

    truth = costs(last=date(2026, 11, 30), noise=0.0)
    whole = float(truth.loc[truth["date"] >= "2026-11-01", "cost"].sum())
    assert found.standing is standing
    assert found.chance == pytest.approx(chance, abs=0.03)
    assert found.expected == pytest.approx(whole, rel=0.02)
    assert found.low95 is not None
    assert found.low is not None
    assert found.high is not None
    assert found.high95 is not None
    assert found.spent is not None
    assert found.expected is not None
    assert found.spent <= found.low95 <= found.low <= found.expected <= found.high <= found.high95
    assert (found.days_gone, found.days, found.unknown_days) == (18, 30, 0)


def test_the_day_of_a_breach_is_told_before_and_after_it() -> None:
    ahead, behind = state(2400.0), state(1000.0)

    assert ahead.breach_day is not None
    assert LAST < ahead.breach_day <= date(2026, 11, 30)
    daily = costs()
    so_far = daily[daily["date"] >= "2026-11-01"].set_index("date")["cost"].cumsum()
    assert behind.breach_day == so_far[so_far >= 1000].index[0].date()
    assert (behind.standing, behind.chance) == (Standing.OVER, 1.0)
    assert state(5000.0).breach_day is None


def test_the_chance_is_right_as_often_as_it_says() -> None:
    """Four hundred bills that wander, told twelve days before their month ends, against amounts near that end."""
    rng = np.random.default_rng(11)
    days, count = pd.date_range("2026-04-15", "2026-10-31", freq="D"), 400
    level = 100 * np.exp(np.cumsum(0.004 * rng.standard_normal((len(days), count)), axis=0))
    cost = level * (1 + 0.08 * rng.standard_normal(level.shape))
    frame = pd.DataFrame(
        {"date": np.repeat(days, count), "key": np.tile(np.arange(count), len(days)), "cost": cost.ravel()}
    )
    told = month_end(frame[frame["date"] <= "2026-10-19"], date(2026, 10, 19)).set_index("key")
    truth = frame[frame["date"] >= "2026-10-01"].groupby("key")["cost"].sum()
    bands = told[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    rows = [
        (chance_above(share * band[2], tuple(band)), truth[key] > share * band[2])
        for key, band in zip(told.index, bands, strict=True)
        for share in (0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.03)
    ]
    said, came = np.array(rows, dtype=float).T
    for low, high in ((0.0, 0.15), (0.15, 0.4), (0.4, 0.6), (0.6, 0.85), (0.85, 1.0)):
        inside = (said >= low) & (said <= high)
        assert inside.sum() > 250
        assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=0.07)


@pytest.mark.parametrize(
    ("cadence", "day", "start", "end"),
    [
        (Cadence.MONTH, date(2026, 2, 28), date(2026, 2, 1), date(2026, 3, 1)),
        (Cadence.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (Cadence.YEAR, date(2024, 2, 29), date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_periods_are_those_of_the_calendar(cadence: Cadence, day: date, start: date, end: date) -> None:
    span = span_of(cadence, day)

    assert (span.start, span.end) == (start, end)


def test_a_quarter_is_forecast_as_far_as_it_was_rehearsed_and_a_year_is_not() -> None:
    quarter = state(9000.0, cadence=Cadence.QUARTER)
    year = state(30000.0, costs(first=date(2026, 1, 1), last=date(2026, 6, 10)), cadence=Cadence.YEAR,
                 first_day=date(2026, 1, 1), until=date(2026, 6, 10), day=date(2026, 6, 12))  # fmt: skip

    assert quarter.is_forecast
    assert quarter.expected == pytest.approx(92 * 91.4, rel=0.03)
    assert year.chance is None
    assert year.low is None
    assert not year.is_forecast
    assert year.expected == pytest.approx(365 * 91.4, rel=0.03)
    assert year.why.startswith("The end is what this pace comes to, without a chance")
    assert year.breach_day is None
    assert due_level(year) is None


@pytest.mark.parametrize(
    ("cadence", "until", "day", "days"),
    [
        (Cadence.MONTH, LAST, date(2026, 11, 25), 6),
        (Cadence.QUARTER, LAST, date(2026, 12, 2), 30),
        (Cadence.YEAR, LAST, date(2026, 12, 2), 30),
        (Cadence.YEAR, date(2026, 5, 31), date(2026, 12, 2), 30),
        (Cadence.YEAR, date(2026, 5, 31), date(2026, 8, 20), 134),
        (Cadence.YEAR, date(2026, 5, 31), date(2026, 6, 3), 212),
        (Cadence.YEAR, LAST, date(2027, 1, 1), 0),
    ],
)
def test_a_known_change_moves_the_end_by_its_days(cadence: Cadence, until: date, day: date, days: int) -> None:
    frame, facts = costs(last=until), [KnownChange(TOTAL, day, -30.0)]
    known: dict[str, Any] = {"cadence": cadence, "until": until, "day": until + timedelta(days=2)}
    before, after = (state(30000.0, frame, facts=told, **known) for told in ((), facts))
    assert before.expected is not None
    assert after.expected is not None
    assert after.expected - before.expected == pytest.approx(-30.0 * days, abs=1.0)


def test_an_unknown_day_is_not_zero() -> None:
    hole = state(5000.0, unknown=[date(2026, 11, 4), date(2026, 11, 5)])
    whole = state(5000.0)

    assert hole.unknown_days == 2
    assert hole.spent is not None
    assert whole.spent is not None
    assert hole.expected is not None
    assert hole.spent < whole.spent - 150
    assert hole.expected == pytest.approx(whole.expected, rel=0.02)
    assert hole.pace == pytest.approx(whole.pace, rel=0.03)


def test_a_month_of_which_no_day_is_complete_is_forecast_whole() -> None:
    found = state(2600.0, costs(last=date(2026, 11, 29)), until=date(2026, 11, 29), day=date(2026, 12, 1))

    assert (found.start, found.days_gone, found.spent, found.pace) == (date(2026, 12, 1), 0, 0.0, None)
    assert found.expected == pytest.approx(31 * 91.4, rel=0.04)
    assert due_level(found) is None


def test_too_little_history_says_so() -> None:
    young = state(100.0, costs(first=date(2026, 11, 1)), first_day=date(2026, 11, 1))
    late = state(100.0, costs(first=date(2026, 11, 3)), first_day=date(2026, 11, 3))
    nothing = state(100.0, costs(per_day=0.0))

    assert (young.expected, young.why) == (None, "A forecast needs 28 days of costs; 18 are known.")
    assert young.is_over
    assert due_level(young) is Level.ACTUAL_100
    assert (late.spent, late.standing) == (None, Standing.UNKNOWN)
    assert late.why == "Costs are stored from Nov 3, 2026 on, not from the first day."
    assert (nothing.why, nothing.standing) == ("Nothing of this has cost anything yet.", Standing.UNKNOWN)


def test_drivers_are_what_moved_against_the_same_days_of_the_month_before() -> None:
    daily = costs()
    grown = daily.assign(key="EC2", cost=daily["cost"] * np.where(daily["date"] >= "2026-11-01", 0.9, 0.5))
    rest = daily.assign(key="S3", cost=daily["cost"] * 0.5)

    found = state(3000.0, pd.concat([grown, rest]), parts=pd.concat([grown, rest]))

    assert next(driver.name for driver in found.drivers) == "EC2"
    assert found.drivers[0].change == pytest.approx(0.4 * 91.4, rel=0.1)
    assert found.compared == "Oct 1–18"


@pytest.mark.parametrize(
    ("changed", "compared"),
    [
        ({"until": date(2026, 11, 4)}, "Oct 1–7"),
        ({"cadence": Cadence.QUARTER}, "Jul 1 – Aug 18"),
        ({"cadence": Cadence.YEAR}, "Sep 24 – Oct 21"),
        ({"first_day": date(2026, 10, 10), "until": date(2026, 12, 20), "day": date(2026, 12, 20)}, "Nov 1–20"),
        ({"first_day": date(2026, 11, 1)}, ""),
    ],
)
def test_what_drives_it_is_held_against_days_that_are_comparable(changed: dict[str, Any], compared: str) -> None:
    daily = costs(last=date(2026, 12, 20))

    assert state(3000.0, daily, parts=daily.assign(key="EC2"), **changed).compared == compared


@pytest.mark.parametrize(
    ("amount", "level"),
    [(5000.0, None), (3200.0, Level.FORECAST_80), (2600.0, Level.FORECAST_100), (1000.0, Level.ACTUAL_100)],
)
def test_the_gravest_alert_is_due(amount: float, level: Level | None) -> None:
    assert due_level(state(amount)) is level


def test_no_forecast_is_told_of_a_month_that_is_known_by_half() -> None:
    unknown = [date(2026, 11, day) for day in range(3, 9)]

    assert due_level(state(2600.0, unknown=unknown)) is None
    assert due_level(state(900.0, unknown=unknown)) is Level.ACTUAL_100


def test_a_state_survives_being_written_down() -> None:
    found = state(3000.0, parts=costs().assign(key="EC2"))

    assert found.chart is not None
    assert from_json(BudgetState, to_json(found)) == found


def test_the_chart_ends_with_the_period_and_starts_with_its_sums() -> None:
    chart = state(3000.0).chart

    assert chart is not None
    spent, plan, amount = chart.series
    assert chart.labels[-1] == "Nov 30"
    assert len(chart.labels) <= 20
    assert plan.values[-1] == pytest.approx(3000.0)
    assert set(amount.values) == {3000.0}
    assert spent.values[-1] == pytest.approx(state(3000.0).expected, rel=1e-6)
