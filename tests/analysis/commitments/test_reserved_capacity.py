"""DynamoDB's reserved capacity: prices as they are listed, whole blocks, and what quiet days would have lost."""

from __future__ import annotations

import pytest

from analysis.commitments.reserved_capacity import BLOCK, CapacityRate, Reserve, capacity_rates, reserve

WRITE = capacity_rates()["us-east-1", "write", 1]


@pytest.mark.parametrize(
    ("key", "on_demand", "upfront", "hourly", "reserved"),
    [
        (("us-east-1", "write", 1), 0.00065, 150.0, 0.0128, 0.029923),
        (("us-east-1", "read", 1), 0.00013, 30.0, 0.0025, 0.005925),
        (("us-east-1", "write", 3), 0.00065, 180.0, 0.0081, 0.014949),
        (("eu-west-1", "write", 1), 0.000735, 169.5, 0.0145, 0.033849),
    ],
)
def test_a_hundred_units_cost_what_is_listed(
    key: tuple[str, str, int], on_demand: float, upfront: float, hourly: float, reserved: float
) -> None:
    rate = capacity_rates()[key]

    assert (rate.on_demand, BLOCK * rate.upfront, BLOCK * rate.hourly) == pytest.approx((on_demand, upfront, hourly))
    assert BLOCK * rate.reserved == pytest.approx(reserved, abs=5e-7)


def test_every_listed_price_saves_what_aws_says_it_can() -> None:
    """AWS: up to 54 % in one year, up to 77 % in three."""
    saved = {key: 1 - rate.reserved / rate.on_demand for key, rate in capacity_rates().items()}

    assert len(saved) == 72
    assert all(0.52 < share < 0.55 for (_, _, years), share in saved.items() if years == 1)
    assert all(0.75 < share < 0.78 for (_, _, years), share in saved.items() if years == 3)


@pytest.mark.parametrize(("billed", "same"), [(0.00065, True), (0.000661, True), (0.00055, False), (0.00067, False)])
def test_a_bill_that_pays_another_price_is_not_compared_with(billed: float, same: bool) -> None:
    assert WRITE.is_of(billed) is same


def test_steady_usage_is_reserved_in_whole_blocks() -> None:
    found = reserve([1250.0] * 180, WRITE, floor=0.05)

    assert found == Reserve(1200, 1.0, pytest.approx(1200 * (0.00065 - 0.000299233) * 730, rel=1e-5))


def test_quiet_days_set_the_amount_and_are_paid_for() -> None:
    days = [400.0] * 9 + [1000.0] * 171
    found = reserve(days, WRITE, floor=0.05)

    assert found.units == 900  # a twentieth of 180 days lies at the ninth
    assert found.used == pytest.approx((9 * 400 + 171 * 900) / 180 / 900)
    assert found.saving == pytest.approx((875.0 * 0.00065 - 900 * 0.000299233) * 730, rel=1e-5)


def test_what_fills_no_block_is_not_reserved() -> None:
    assert reserve([99.0] * 180, WRITE, floor=0.05) == Reserve(0, 0.0, 0.0)


def test_the_upfront_part_is_spread_over_the_term() -> None:
    assert CapacityRate(3, 1.0, 26280.0, 0.25).reserved == 1.25
