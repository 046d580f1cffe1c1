"""On-demand hours out of AWS's details: exact with one discount, refused where they do not add up, never filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.commitments.look_back import Detail, LookBackRefused, on_demand_hours
from tests.analysis.commitments.look_back_factories import FIRST, at, day_and_night, detail

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
    turned = at(TOLD, order)

    pd.testing.assert_series_equal(on_demand_hours(turned), on_demand_hours(TOLD), check_freq=False)


def test_an_hour_without_a_figure_is_missing_and_no_zero() -> None:
    left, used = TOLD.left_by_hour.copy(), TOLD.used_by_hour.copy()
    left[3], used[10] = np.nan, np.nan
    found = on_demand_hours(replace(TOLD, left_by_hour=left, used_by_hour=used))

    assert len(found) == 718
    assert not set(TOLD.hours[[3, 10]]) & set(found.index)
    assert (found > 0).all()


def test_more_absent_hours_than_a_hundredth_are_refused_with_their_number() -> None:
    some = at(TOLD, np.arange(20, 720))

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
    ],
)
def test_totals_that_do_not_fit_are_refused_with_a_sentence(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(LookBackRefused, match=said):
        on_demand_hours(replace(TOLD, **changed))


def test_details_without_hours_are_refused() -> None:
    with pytest.raises(LookBackRefused, match="have no hours"):
        on_demand_hours(at(TOLD, np.arange(0)))


@pytest.mark.parametrize("changed", [{"left": TOLD.left + 0.009 * TOLD.spent}, {"mean": TOLD.mean * 1.009}])
def test_a_hundredth_apart_is_rounding(changed: dict[str, float]) -> None:
    assert len(on_demand_hours(replace(TOLD, **changed))) == 720


def two_discounts(**changed: Any) -> Detail:
    """A Compute plan of $6 an hour: $4 on demand at 66 %, the rest at 76 %; a tenth of all is covered already."""
    first, second = np.full(720, 4.0), DOLLARS - 3.0
    used_first = np.minimum(first * 0.66, 6.0)
    used_second = np.minimum(second * 0.76, 6.0 - used_first)
    left = first + second - used_first / 0.66 - used_second / 0.76
    spent, used = first + second, used_first + used_second
    told = detail(spent, hourly=6.0, ratio=0.7, kind="Compute")
    return replace(
        told,
        saving=float((spent - left).sum()) - told.cost,
        utilization=float(used.mean()) / 6.0,
        left=float(left.sum()),
        left_by_hour=left,
        used_by_hour=used / 6.0,
        covered_now=np.full(720, 0.1),
        covered_then=1 - 0.9 * left / spent,
        **changed,
    )


def test_coverage_says_what_hours_that_use_all_of_a_plan_of_many_discounts_cost() -> None:
    found = on_demand_hours(two_discounts())

    np.testing.assert_allclose(found, DOLLARS + 1.0, rtol=1e-9)


@pytest.mark.parametrize(
    "changed",
    [
        {"covered_now": np.full(720, np.nan)},
        {"covered_then": np.full(720, 0.9999)},
        {"covered_now": np.full(720, 3.5), "covered_then": np.full(720, 9.0)},
    ],
)
def test_coverage_that_is_no_share_of_the_hour_is_left_alone(changed: dict[str, Any]) -> None:
    found = on_demand_hours(replace(two_discounts(), **changed))

    assert found.sum() == pytest.approx((DOLLARS + 1.0).sum(), rel=1e-9)
    assert np.abs(found - DOLLARS - 1.0).max() > 0.02
