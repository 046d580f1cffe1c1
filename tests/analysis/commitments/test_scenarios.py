"""Scenarios are drawn from what the past says, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.commitments.objective import Groups, grouped
from analysis.commitments.scenarios import Change, Scenarios, scenarios
from analysis.commitments.scenarios_outlook import Outlook, outlook
from analysis.commitments.usage import HourlyUsage
from tests.analysis.commitments.purchase_factories import offer, steady, usage

#: Nothing grows, wanders or leaves.
STILL = Outlook(
    growth=0.0,
    goes_on=1.0,
    seen_spread=0.0,
    growth_spread=0.0,
    own_spread=0.0,
    wander=0.0,
    own_wander=np.zeros(1),
    leaving=0.0,
)


def two_types(hours: int = 26 * 168) -> tuple[HourlyUsage, Groups]:
    of = usage(steady(hours, 10.0, 30.0), "m5.large", "c5.large")
    return of, grouped(of, [offer("Compute", 0.7, 0.6)])


def draw(ahead: Outlook, years: int = 1, **more: object) -> Scenarios:
    of, groups = two_types()
    return scenarios(of, groups, replace(ahead, own_wander=np.full(2, ahead.own_wander[0])), years=years, **more)  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_scenarios() -> None:
    of, groups = two_types()
    one, same, other = (scenarios(of, groups, outlook(groups.spend), years=1, seed=seed) for seed in (1, 1, 2))
    assert (one.spend == same.spend).all()
    assert (one.spend != other.spend).any()


def test_what_stands_still_goes_on_as_it_was() -> None:
    found = draw(STILL)
    np.testing.assert_allclose(found.spend.sum(axis=0), 40.0)


@pytest.mark.parametrize("years", [1, 3])
def test_hours_stand_for_the_whole_term_month_by_month(years: int) -> None:
    found = draw(STILL, years=years)
    assert found.weights.sum() == pytest.approx(8760 * years)
    assert found.thinned(5).weights.sum() == pytest.approx(8760 * years)
    assert np.bincount(found.months).tolist() == [14] * 12 * years


def test_every_hour_of_the_week_comes_once_a_year() -> None:
    week = np.tile(np.arange(168.0) + 1, 26)[:, None]
    of = usage(week, "m5.large")
    groups = grouped(of, [offer("Compute", 0.7)])
    found = scenarios(of, groups, STILL, years=1, count=3)
    np.testing.assert_allclose(np.sort(found.spend[0], axis=1), np.tile(np.arange(168.0) + 1, (3, 1)))


def test_what_peaks_together_stays_together() -> None:
    day = 10 + 5 * np.sin(np.arange(26 * 168) * 2 * np.pi / 24)
    of = usage(np.stack([day, 2 * day], axis=1), "m5.large", "c5.large")
    groups = grouped(of, [offer("Compute", 0.7, 0.6)])
    found = scenarios(of, groups, replace(STILL, own_wander=np.zeros(2)), years=1, count=5)
    np.testing.assert_allclose(found.spend.max(axis=0), 2 * found.spend.min(axis=0))


def test_growth_moves_the_level_through_the_term() -> None:
    found = draw(replace(STILL, growth=0.2, damping=0.0))
    month = found.spend.sum(axis=0)[:, found.months == 11]
    np.testing.assert_allclose(month, 40 * np.exp(0.2 * 11.5 / 12))


def test_growth_goes_on_as_often_as_is_said() -> None:
    found = draw(replace(STILL, growth=0.3, goes_on=0.4, damping=0.0), count=4000)
    rises = found.spend.sum(axis=0)[:, -1] > 41
    assert rises.mean() == pytest.approx(0.4, abs=0.04)


def test_a_wandering_level_is_expected_where_it_is() -> None:
    found = draw(replace(STILL, wander=0.05, own_wander=np.array([0.05])), count=4000)
    assert found.spend.sum(axis=0).mean() == pytest.approx(40.0, rel=0.02)


@pytest.mark.parametrize(("parts", "chance"), [(6, 0.24), (4, 0.24), (2, 0.12), (1, 0.06)])
def test_a_part_leaves_as_often_as_is_said_and_the_whole_seldom(parts: int, chance: float) -> None:
    types = [f"{family}.large" for family in ("m5", "c5", "r5", "m6i", "c6i", "r6i")[:parts]]
    of = usage(steady(26 * 168, *[10.0] * parts), *types)
    groups = grouped(of, [offer("Compute", *[0.7] * parts)])
    groups = replace(groups, parts=np.arange(len(groups.spend)))
    ahead = replace(STILL, leaving=0.24, own_wander=np.zeros(len(groups.spend)))
    ends = scenarios(of, groups, ahead, years=1, count=4000).spend[:, :, -1]
    # A leaving within the last month is not seen in its hours.
    assert (ends < 10).any(axis=0).mean() == pytest.approx(chance * 11 / 12, abs=0.025)
    assert ((ends < 10).sum(axis=0) <= 1).all()


def test_what_has_gone_to_nothing_stays_nothing() -> None:
    gone = np.concatenate([steady(22 * 168, 10.0, 30.0), steady(4 * 168, 0.0, 30.0)])
    of = usage(gone, "m5.large", "c5.large")
    groups = grouped(of, [offer("Compute", 0.7, 0.6)])
    found = scenarios(of, groups, outlook(groups.spend), years=1)
    assert found.spend[groups.line_groups[0]].max() == 0


def test_an_announced_end_is_taken_off_from_its_start() -> None:
    found = draw(STILL, changes=[Change(line=1, start_hour=6 * 730.0, remaining=0.0)])
    total = found.spend.sum(axis=0)[0]
    np.testing.assert_allclose(total[found.months < 6], 40.0)
    np.testing.assert_allclose(total[found.months >= 6], 10.0)


def test_a_right_sizing_takes_its_share_of_the_group() -> None:
    of = usage(steady(26 * 168, 10.0, 30.0), "m5.large", "m5.large")
    groups = grouped(of, [offer("Compute", 0.7, 0.7)])
    found = scenarios(of, groups, STILL, years=1, changes=[Change(line=1, start_hour=0.0, remaining=0.5)])
    np.testing.assert_allclose(found.spend.sum(axis=0), 25.0)


def test_two_changes_of_a_line_follow_each_other() -> None:
    halved, halved_again = Change(1, 0.0, 0.5), Change(1, 0.0, 0.5)
    np.testing.assert_allclose(draw(STILL, changes=[halved, halved_again]).spend.sum(axis=0), 10 + 30 / 4)


def test_less_than_a_week_is_too_few() -> None:
    of, groups = two_types(hours=100)
    with pytest.raises(ValueError, match="100 hours"):
        scenarios(of, groups, STILL, years=1)


def test_growth_is_seen_in_the_past() -> None:
    weeks = np.exp(0.3 * np.arange(52) * 7 / 365)
    ahead = outlook(np.repeat(weeks, 168)[None, :])
    assert ahead.growth == pytest.approx(0.3, abs=0.01)


def test_of_a_short_past_no_growth_is_believed() -> None:
    weeks = np.exp(2.0 * np.arange(8) * 7 / 365)
    assert outlook(np.repeat(weeks, 168)[None, :]).growth == 0


def test_a_level_that_jumps_wanders_more_than_one_that_stands() -> None:
    rng = np.random.default_rng(1)
    jumping = np.exp(np.repeat(np.cumsum(rng.normal(0, 0.1, 52)), 168))
    assert outlook(jumping[None, :]).wander > 2 * outlook(np.ones((1, 52 * 168))).wander
