"""The five scenarios of AWS's page "Understanding how Savings Plans apply to your usage", in its own numbers."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from analysis.commitments.apply import Applied, apply
from analysis.commitments.usage import Plan, Reservation
from tests.analysis.commitments.simulation_factories import line, plan, reservation, usage

R5, MEMORY, VCPU, WINDOWS, DURATION, REQUESTS = range(6)
FARGATE = {"service": "AmazonECS", "region": "us-west-1", "platform": ""}
LAMBDA = {"service": "AWSLambda", "region": "us-east-2", "platform": ""}
#: One hour: 4 r5.4xlarge, Fargate's 1,600 GB and 400 vCPUs, one m5.24xlarge, 1 million requests of 0.5 GB and 3 s.
HOUR = usage(
    line("r5.4xlarge", 4, 1.00),
    line("", 1600, 0.004, usage_type="USW1-Fargate-GB-Hours", **FARGATE),
    line("", 400, 0.04, usage_type="USW1-Fargate-vCPU-Hours:perCPU", **FARGATE),
    line("m5.24xlarge", 1, 10.00, platform="Windows", usage_type="DedicatedUsage:m5.24xlarge"),
    line("", 1_500_000, 0.000015, usage_type="USE2-Lambda-GB-Second", **LAMBDA),
    line("", 1, 0.20, usage_type="USE2-Request", **LAMBDA),
)
COMPUTE_RATES = (0.70, 0.003, 0.03, 8.20, 0.00001275, 0.20)


def applied(*plans: Plan, reservations: tuple[Reservation, ...] = ()) -> Applied:
    return apply(HOUR, reservations, plans)


def compute(hourly: float) -> Plan:
    return plan(hourly, *COMPUTE_RATES)


def test_without_any_plan_the_hour_costs_59_10() -> None:
    assert applied().cost == pytest.approx([59.10], abs=0.005)


def test_1_a_plan_of_50_covers_all_usage_with_47_13() -> None:
    found = applied(compute(50.00))

    assert found.used[0] == pytest.approx([47.13], abs=0.006)
    assert found.unused[0] == pytest.approx([2.87], abs=0.006)
    assert not found.left.any()
    assert found.cost == pytest.approx([50.00])


def test_2_a_plan_of_2_covers_2_9_of_the_largest_saving_and_leaves_56_24() -> None:
    found = applied(compute(2.00))

    assert found.covered[0].round(1).tolist() == [2.9, 0, 0, 0, 0, 0]
    assert found.left[0, R5] * 1.00 == pytest.approx(1.14, abs=0.005)
    assert found.on_demand == pytest.approx([56.24], abs=0.005)


def test_3_a_plan_of_19_60_covers_memory_before_vcpu_which_save_alike() -> None:
    found = applied(compute(19.60))

    assert found.covered[0] == pytest.approx([4, 1600, 400, 0, 0, 0])
    assert found.unused[0] == pytest.approx([0.0], abs=1e-9)
    assert found.on_demand == pytest.approx([32.70])


def test_3_memory_is_covered_first_where_the_plan_does_not_reach() -> None:
    found = applied(compute(2.80 + 4.80 + 3.00))

    assert found.covered[0] == pytest.approx([4, 1600, 100, 0, 0, 0])


def test_4_two_reservations_come_first_and_18_20_cover_the_rest() -> None:
    found = applied(compute(18.20), reservations=(reservation("r5.4xlarge", 2),))

    assert found.covered[0] == pytest.approx([2, 0, 0, 0, 0, 0])
    assert found.covered[1] == pytest.approx([2, 1600, 400, 0, 0, 0])
    assert found.unused[1] == pytest.approx([0.0], abs=1e-9)
    assert found.on_demand == pytest.approx([32.70])


def test_5_an_instance_plan_comes_before_a_compute_plan() -> None:
    of_family = plan(3.00, 0.60, nan, nan, nan, nan, nan, id="r5", kind="EC2Instance", family="r5")

    found = applied(compute(16.80), of_family)

    assert found.ids == ("sp", "r5")
    assert found.used[:, 0] == pytest.approx([16.80, 2.40])
    assert found.unused[:, 0] == pytest.approx([0.0, 0.60], abs=1e-9)
    assert found.covered[0] == pytest.approx([0, 1600, 400, 0, 0, 0])
    assert found.on_demand == pytest.approx([32.70])
    assert found.cost == pytest.approx([32.70 + 16.80 + 3.00])


def test_an_older_issue_of_the_page_has_instances_at_a_half_saved_before_a_third() -> None:
    """c5.9xlarge Linux 4.00, c5.24xlarge Windows 10.00, 10 vCPUs at 1.50 and 5 GB at 2.00; all for 25.00."""
    hour = usage(
        line("c5.9xlarge", 1, 4.00),
        line("c5.24xlarge", 1, 10.00, platform="Windows"),
        line("", 10, 1.50, usage_type="USW1-Fargate-vCPU-Hours:perCPU", **FARGATE),
        line("", 5, 2.00, usage_type="USW1-Fargate-GB-Hours", **FARGATE),
    )
    rates = (2.00, 8.00, 1.00, 1.00)

    assert apply(hour, [], [plan(25.00, *rates)]).used[0] == pytest.approx([25.00])
    # Of the same percentage, the lower rate: memory, then the instance.
    assert apply(hour, [], [plan(6.00, *rates)]).covered[0] == pytest.approx([0.5, 0, 0, 5])
    assert np.isclose(apply(hour, [], [plan(7.00, *rates)]).covered[0], [1, 0, 0, 5]).all()
