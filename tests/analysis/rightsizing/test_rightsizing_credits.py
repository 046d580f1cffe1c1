"""Burst credits on a recorded load: earned, held for a day, spent, and short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rightsizing.credits import last, lowest, mean_load, simulated
from analysis.rightsizing.demand import Metric
from tests.analysis.rightsizing_factories import instance, instances, points

DAY = 288
# t3.medium: two vCPUs of which 20 % last: 24 credits an hour, 576 at most.
MEDIUM = 0.4


def run(load: list[float]) -> pd.Series:
    return simulated(np.array([load]), np.array([MEDIUM])).iloc[0]


def test_a_load_at_the_baseline_lives_on_what_it_earns() -> None:
    assert run([MEDIUM] * DAY * 14).tolist() == pytest.approx([1.0, 0.0, 0.0])


def test_a_burst_of_four_hours_takes_what_a_day_has_saved() -> None:
    # Two vCPUs spend 120 credits an hour and earn 24: 576 last six hours, and four take 384 of them.
    found = run([0.0] * DAY + [2.0] * 48)

    assert found["lowest_share"] == pytest.approx(1 - 384 / 576)
    assert found["surplus_credits"] == 0


def test_beyond_six_hours_an_unlimited_one_is_charged_and_a_standard_one_starves() -> None:
    found = run([2.0] * 96)

    # Eight hours: two of them at 96 credits an hour beyond what is held.
    assert found["surplus_credits"] == pytest.approx(192)
    assert found["starved_share"] == pytest.approx(0.25, abs=0.011)


def test_no_more_is_held_than_a_day_earns() -> None:
    assert run([0.0] * DAY * 10 + [2.0] * 96)["surplus_credits"] == pytest.approx(192)


def test_what_was_not_measured_neither_earns_nor_spends() -> None:
    gap = run([2.0] * 48 + [float("nan")] * DAY + [2.0] * 48)

    assert gap["surplus_credits"] == pytest.approx(run([2.0] * 96)["surplus_credits"])


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60), st.floats(0.05, 2))
def test_credits_are_kept_between_nothing_and_full(load: list[float], sustained: float) -> None:
    found = simulated(np.array([load]), np.array([sustained])).iloc[0]

    assert 0 <= found["lowest_share"] <= 1
    assert (found["surplus_credits"] > 0) == (found["starved_share"] > 0)
    if max(load) <= sustained:
        assert found["surplus_credits"] == pytest.approx(0, abs=1e-6)


def test_only_instances_with_five_minute_means_are_simulated() -> None:
    current = instances(instance(instance_type="t3.large"), instance(resource_id="i-0bbb", instance_type="t3.large"))
    current = current.assign(vcpu=2.0)
    pairs = pd.DataFrame({"row": [0, 0, 1], "burstable": [True, False, True], "sustained_vcpu": [MEDIUM, 2.0, MEDIUM]})
    calm = points(Metric.CPU, "Average", [10.0] * DAY, period_s=300)
    wild = points(Metric.CPU, "Average", [100.0] * DAY, period_s=300)

    assert mean_load(current, calm).index.tolist() == [0]
    assert last(pairs, current, calm, headroom_percent=20).to_dict() == {0: True}
    assert last(pairs, current, wild, headroom_percent=20).to_dict() == {0: False}
    assert last(pairs, current, calm.iloc[:0], headroom_percent=20).empty


def test_each_pair_is_told_its_lowest_balance_and_its_busiest_day() -> None:
    current = instances(instance(vcpu=2.0), instance(resource_id="i-0bbb", vcpu=2.0))
    pairs = pd.DataFrame({"row": [0, 0, 1], "sustained_vcpu": [0.4, 0.6, 0.4]})
    series = points(Metric.CPU, "Average", [0.0] * DAY + [100.0] * 48 + [0.0] * 240, period_s=300)

    found = lowest(pairs, current, series)

    # Four hours at two vCPUs are a third of one all day; they take 384 of 576 credits, or 336 of 864.
    assert found.index.tolist() == [0, 1]
    assert found["busiest_vcpu"].tolist() == pytest.approx([1 / 3] * 2)
    assert found["lowest_share"].tolist() == pytest.approx([1 - 384 / 576, 1 - 336 / 864])
    assert (found["surplus_credits"].tolist(), found["days"].tolist()) == ([0, 0], [2, 2])
    assert lowest(pairs, current, points(Metric.CPU, "Maximum", [50.0] * 14)).empty
