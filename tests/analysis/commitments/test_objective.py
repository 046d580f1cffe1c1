"""What amounts save, against plain arithmetic and against the simulation of how AWS applies commitments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.commitments.apply import apply
from analysis.commitments.objective import applied, best_amount, grouped, layers, slopes, steps, sums
from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.usage import Plan, Reservation
from tests.analysis.commitments.purchase_factories import NO, offer, small_case, tried, usage

NAN = float("nan")


def test_a_line_without_a_rate_or_a_price_or_usage_is_in_no_group() -> None:
    quantity = np.array([[1.0, 1.0, 0.0, 1.0]])
    of = usage(quantity, "m5.large", "c5.large", "r5.large", "t3.large", on_demand=[1.0, NAN, 1.0, 1.0])
    found = grouped(of, [offer("Compute", 0.7, 0.7, 0.7, NAN)])
    assert found.line_groups.tolist() == [0, -1, -1, -1]
    assert found.spend.tolist() == [[1.0]]


def test_a_rate_above_on_demand_covers_nothing() -> None:
    found = grouped(usage(np.ones((1, 1)), "m5.large"), [offer("Compute", 1.02)])
    assert found.spend.shape == (0, 1)


def test_lines_of_equal_family_and_discount_are_one_group() -> None:
    of = usage(np.array([[1.0, 1.0, 4.0]]), "m5.large", "m5.xlarge", "c5.large", on_demand=[0.1, 0.2, 0.1])
    found = grouped(of, [offer("Compute", 0.07, 0.14, 0.07)])
    assert sorted(found.spend[:, 0].round(9)) == [0.3, 0.4]
    assert found.line_groups[0] == found.line_groups[1] != found.line_groups[2]
    assert found.ratios == pytest.approx(np.full((1, 2), 0.7))


def test_equal_lines_of_two_regions_are_two_groups() -> None:
    of = usage(np.ones((1, 2)), "m5.large", "m5.large")
    of = replace(of, lines=of.lines.assign(region=["us-east-1", "eu-west-1"]))
    assert len(grouped(of, [offer("Compute", 0.7, 0.7)]).spend) == 2


def test_what_is_narrow_comes_first_and_the_higher_discount_within_a_plan() -> None:
    offers = [offer("Compute", 0.7, 0.8), offer("EC2Instance", 0.6, NAN), offer(RESERVED, 0.65, NAN)]
    order = steps(offers, np.array([one.rates for one in offers]))
    assert [one.offer for one in order] == [2, 1, 0]
    done = applied(np.array([[10.0], [10.0]]), order, np.array([4.0, 2.4, 1.3]))
    # 1.30 reserve 2.00 of the first group, 2.40 of the plan cover 4.00, and Compute's 4.00 cover 4.00 for 2.80 there
    # and 1.50 of the second for 1.20.
    assert done.used[:, 0] == pytest.approx([4.0, 2.4, 1.3])
    assert done.avoided[:, 0] == pytest.approx([5.5, 4.0, 2.0])


def test_what_an_hour_does_not_use_is_lost() -> None:
    offers = [offer("Compute", 0.5)]
    done = applied(np.array([[1.0, 100.0]]), steps(offers, np.array([[0.5]])), np.array([5.0]))
    assert done.used.tolist() == [[0.5, 5.0]]
    assert done.avoided.tolist() == [[1.0, 10.0]]


@pytest.mark.parametrize("seed", range(4))
def test_the_saving_agrees_with_plain_arithmetic(seed: int) -> None:
    of, offers, order = small_case(seed)
    amounts = np.random.default_rng(seed).uniform(0, 6, (1, 3))
    saving, used = tried(of, offers, amounts)
    hourly_used, hourly_avoided = sums(of.flat, order, amounts[0])
    whole = applied(of.flat, order, amounts[0])
    np.testing.assert_allclose(hourly_avoided.sum() - amounts.sum() * of.flat.shape[1], saving.sum())
    np.testing.assert_allclose(whole.used.sum(axis=0), hourly_used)
    np.testing.assert_allclose(whole.avoided.sum(axis=0), hourly_avoided)
    np.testing.assert_allclose(hourly_used.sum(), (used * amounts.sum() * of.spend.shape[2]).sum())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dread", [0.0, 0.7])
def test_slopes_are_what_a_little_more_brings(seed: int, dread: float) -> None:
    of, _, order = small_case(seed)
    amounts = np.random.default_rng(seed).uniform(0.5, 4, 3)
    weights = np.random.default_rng(seed).uniform(1, 2, of.flat.shape[1])

    def worth(at: np.ndarray) -> float:
        used, avoided = sums(of.flat, order, at)
        return float((avoided - at.sum() - dread * (at.sum() - used)) @ weights)

    found = slopes(of.flat, order, amounts, weights, dread=dread)
    little = 1e-7 * np.eye(3)
    assert found == pytest.approx([(worth(amounts + one) - worth(amounts)) / 1e-7 for one in little], abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_offers_side_by_side_do_what_they_do_one_by_one(seed: int) -> None:
    of, _, order = small_case(seed)
    assert len(layers(order)) == 2
    amounts = np.random.default_rng(seed).uniform(0, 5, 3)
    weights = np.ones(of.flat.shape[1])
    np.testing.assert_allclose(sums(of.flat, layers(order), amounts), sums(of.flat, order, amounts))
    for dread in (0.0, 0.7):
        one_by_one = slopes(of.flat, order, amounts, weights, dread=dread)
        np.testing.assert_allclose(slopes(of.flat, layers(order), amounts, weights, dread=dread), one_by_one)


def test_two_offers_of_one_group_are_not_side_by_side() -> None:
    offers = [offer(RESERVED, 0.6), offer("EC2Instance", 0.65), offer("Compute", 0.7)]
    assert len(layers(steps(offers, np.array([one.rates for one in offers])))) == 3


def test_the_best_amount_of_one_plan_is_where_the_next_dollar_brings_nothing() -> None:
    # At half price the next dollar pays while it is used in more than half of the hours.
    need = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    assert best_amount(need, np.array([2.0]), np.ones(5)) == 3.0


def test_hours_that_stand_for_more_weigh_more() -> None:
    need = np.array([[1.0, 2.0, 3.0]])
    assert best_amount(need, np.array([2.0]), np.array([5.0, 1.0, 1.0])) == 1.0
    assert best_amount(need, np.array([2.0]), np.array([1.0, 1.0, 5.0])) == 3.0


def test_without_usage_nothing_is_best() -> None:
    assert best_amount(np.zeros((2, 4)), np.array([2.0, 1.5]), np.ones(4)) == 0.0
    assert best_amount(np.zeros((0, 4)), np.zeros(0), np.ones(4)) == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_the_totals_are_those_of_the_simulation(seed: int) -> None:
    """Reserved instances, EC2 Instance plans and a Compute plan bought at once, on lines of random discounts."""
    rng = np.random.default_rng(seed)
    types = ("m5.large", "m5.large", "c5.large", "r5.large", "t3.large")
    price = np.array([0.1, 0.1, 0.08, 0.12, 0.05])
    compute = price * (1 - np.array([0.25, 0.25, 0.22, 0.31, 0.15]))
    own = price * (1 - np.array([0.36, 0.36, 0.33, 0.4, 0.3]))
    of = usage(rng.uniform(0, 30, (48, 5)), *types, on_demand=price.tolist())
    of = replace(of, lines=of.lines.assign(units=4.0))
    offers = [
        offer("Compute", *compute),
        offer("EC2Instance", own[0], own[1], *[NAN] * 3, region="us-east-1", family="m5"),
        offer("EC2Instance", NAN, NAN, own[2], NAN, NAN, region="us-east-1", family="c5"),
        Offer(RESERVED, 1, NO, np.array([0.06, 0.06, NAN, NAN, NAN]), "us-east-1", "m5", "AmazonEC2", "Linux/UNIX"),
    ]
    count = int(rng.integers(0, 20))
    amounts = np.array([*rng.uniform(0, [4.0, 1.5, 1.5]), 0.06 * count])
    groups = grouped(of, offers)
    used, avoided = sums(groups.spend, steps(offers, groups.ratios), amounts)
    plans = [Plan(str(n), one.kind, "", amounts[n], one.rates) for n, one in enumerate(offers[:3])]
    owned = Reservation(
        "r", "", "AmazonEC2", "us-east-1", "m5.large", "Linux/UNIX", count, 0.06 * count, is_flexible=True
    )
    simulated = apply(of, [owned] if count else [], plans)
    np.testing.assert_allclose(used, simulated.used.sum(axis=0))
    np.testing.assert_allclose(of.on_demand.sum(axis=1) - avoided, simulated.on_demand, atol=1e-9)
