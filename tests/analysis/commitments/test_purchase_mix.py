"""The amounts found are as good as the best of all amounts."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.objective import steps
from analysis.commitments.purchase_mix import Drawn, Limits, best_alone, best_mix
from tests.analysis.commitments.purchase_factories import best_of_all, drawn, offer, small_case, tried


@pytest.mark.parametrize("seed", range(4))
def test_a_mix_agrees_with_every_amount_tried(seed: int) -> None:
    of, offers, order = small_case(seed, scenarios=6)
    amounts = best_mix(of, order, 3, Limits(None))
    top = np.array([one.max() for one in (of.spend.sum(axis=0), of.spend[0], of.spend[1])])
    best = best_of_all(of, offers, top, chance=None)
    saving, _ = tried(of, offers, amounts[None])
    assert saving.mean() >= 0.999 * best > 0


@pytest.mark.parametrize("seed", range(3))
def test_a_mix_within_a_limit_of_risk_agrees_with_every_amount_tried(seed: int) -> None:
    of, offers, order = small_case(100 + seed)
    amounts = best_mix(of, order, 3, Limits(0.2))
    top = np.array([one.max() for one in (of.spend.sum(axis=0), of.spend[0], of.spend[1])])
    best = best_of_all(of, offers, top, chance=0.2)
    saving, used = tried(of, offers, amounts[None])
    assert (used < 0.95).mean() <= 0.2
    assert saving.mean() >= 0.999 * best > 0


def test_one_offer_alone_agrees_with_every_amount_tried() -> None:
    of, offers, order = small_case(7)
    step = next(step for step in order if step.offer == 0)
    amount = best_alone(of, step, Limits(None))
    amounts = np.zeros((4001, 3))
    amounts[:, 0] = np.linspace(0, of.spend.sum(axis=0).max(), 4001)
    every = tried(of, offers, amounts)[0].mean(axis=1)
    assert tried(of, offers, np.array([[amount, 0, 0]]))[0].mean() >= every.max() - 1e-9


def test_buys_nothing_where_nothing_is_used() -> None:
    of, _, order = small_case(1)
    assert best_mix(drawn(np.zeros_like(of.spend)), order, 3, Limits()).tolist() == [0, 0, 0]


def test_buys_nothing_that_would_mostly_be_lost() -> None:
    # Used in one hour of eight, at a discount of a fifth.
    spend = np.zeros((1, 5, 8))
    spend[:, :, 3] = 10.0
    offers = [offer("Compute", 0.8)]
    assert best_mix(drawn(spend), steps(offers, np.array([[0.8]])), 1, Limits(None)) == pytest.approx([0.0], abs=1e-6)


def test_a_load_that_never_changes_is_covered_in_full() -> None:
    offers = [offer("Compute", 0.8)]
    found = best_mix(drawn(np.full((1, 5, 8), 10.0)), steps(offers, np.array([[0.8]])), 1, Limits())
    assert found == pytest.approx([8.0], rel=1e-3)


def test_the_limit_of_risk_counts_scenarios_and_not_hours() -> None:
    """Of ten equal futures one shrinks to half; accepted is no such one, or one."""
    spend = np.full((1, 10, 8), 10.0)
    spend[:, 0] = 5.0
    offers = [offer("Compute", 0.8)]
    order = steps(offers, np.array([[0.8]]))
    careful, bold = (float(best_mix(drawn(spend), order, 1, Limits(chance))[0]) for chance in (0.0, 0.1))
    assert careful == pytest.approx(5.0 * 0.8 / 0.95, rel=1e-3)
    assert bold == pytest.approx(8.0, rel=1e-3)


def test_a_narrow_plan_is_bought_for_what_never_moves_and_a_wide_one_for_what_does() -> None:
    """Two families whose loads change places: only their sum is steady."""
    spend = np.full((2, 4, 8), 10.0)
    spend[0, :, ::2], spend[1, :, 1::2] = 2.0, 2.0
    nothing = float("nan")
    offers = [offer("Compute", 0.75, 0.75), offer("EC2Instance", 0.65, nothing), offer("EC2Instance", nothing, 0.65)]
    found = best_mix(drawn(spend), steps(offers, np.array([one.rates for one in offers])), 3, Limits(None))
    assert found == pytest.approx([8.0 * 0.75, 2.0 * 0.65, 2.0 * 0.65], rel=2e-3)


def test_many_hours_are_searched_in_part_and_answered_in_full() -> None:
    rng = np.random.default_rng(3)
    spend = rng.uniform(0.7, 1.2, (1, 40, 1)) * rng.uniform(5, 10, (1, 40, 1600))
    offers = [offer("Compute", 0.75)]
    order = steps(offers, np.array([[0.75]]))
    found = best_mix(drawn(spend), order, 1, Limits())
    saving, used = Drawn(drawn(spend), order).by_scenario(found)
    assert (used < 0.95).mean() <= 0.1
    exact = best_alone(drawn(spend), order[0], Limits())
    best = Drawn(drawn(spend), order).saving(np.array([exact]))
    assert saving.mean() >= 0.999 * best
