"""On-demand hours out of AWS's details: exact with one discount, refused where they do not add up, never filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.commitments.look_back import LookBackRefused, on_demand_hours
from tests.analysis.commitments.look_back_factories import FIRST, day_and_night, detail

DOLLARS = day_and_night()
TOLD = detail(DOLLARS, hourly=5.0, ratio=0.66)


@pytest.mark.parametrize("hourly", [1.0, 2.64, 5.0, 7.92])
def test_hours_come_back_whole_whatever_the_commitment(hourly: float) -> None:
    found = on_demand_hours(detail(DOLLARS, hourly=hourly, ratio=0.66))

    np.testing.assert_allclose(found, DOLLARS, rtol=1e-12)
    assert (found.index[0], found.index[-1]) == (FIRST, FIRST + pd.Timedelta(hours=719))


def test_hours_that_come_in_any_order_or_twice_are_put_in_theirs() -> None:
    back = np.arange(719, -1, -1)
    order = np.append(back, 5)
    turned = replace(
        TOLD, hours=TOLD.hours[order], left_by_hour=TOLD.left_by_hour[order], used_by_hour=TOLD.used_by_hour[order]
    )

    pd.testing.assert_series_equal(on_demand_hours(turned), on_demand_hours(TOLD), check_freq=False)


def test_an_hour_without_a_figure_is_missing_and_no_zero() -> None:
    left, used = TOLD.left_by_hour.copy(), TOLD.used_by_hour.copy()
    left[3], used[10] = np.nan, np.nan
    found = on_demand_hours(replace(TOLD, left_by_hour=left, used_by_hour=used))

    assert len(found) == 718
    assert not set(TOLD.hours[[3, 10]]) & set(found.index)
    assert (found > 0).all()


def test_more_absent_hours_than_a_hundredth_are_refused_with_their_number() -> None:
    some = replace(
        TOLD, hours=TOLD.hours[20:], left_by_hour=TOLD.left_by_hour[20:], used_by_hour=TOLD.used_by_hour[20:]
    )

    with pytest.raises(LookBackRefused, match=r"what is on demand comes to .*; 20 of 720 hours are not told"):
        on_demand_hours(some)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"left": TOLD.left + 0.011 * TOLD.spent}, "what stays on demand comes to"),
        ({"spent": TOLD.spent * 1.02}, "do not add up"),
        ({"mean": TOLD.mean * 0.98}, "the mean of an hour"),
        ({"cost": TOLD.cost * 1.02}, r"\$5.000 in each hour of 30 days are \$3,600.00"),
        ({"utilization": float("nan")}, "lack a total"),
        ({"utilization": 0.0}, "no discount"),
        ({"saving": -1.0 - TOLD.cost * 0.5}, "no discount"),
        ({"hours": TOLD.hours[:0], "left_by_hour": np.array([]), "used_by_hour": np.array([])}, "have no hours"),
    ],
)
def test_totals_that_do_not_fit_are_refused_with_a_sentence(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(LookBackRefused, match=said):
        on_demand_hours(replace(TOLD, **changed))


@pytest.mark.parametrize("changed", [{"left": TOLD.left + 0.009 * TOLD.spent}, {"mean": TOLD.mean * 1.009}])
def test_a_hundredth_apart_is_rounding(changed: dict[str, float]) -> None:
    assert len(on_demand_hours(replace(TOLD, **changed))) == 720
