"""`autoscaling.static_group`: what scales already, or whose load is steady, is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import END, cards, judged, together
from tests.analysis.scaling_factories import (
    activities,
    activity,
    cause,
    daily,
    group,
    members,
    memory,
    office_week,
    series,
    sizes,
)

CHECK = "autoscaling.static_group"
OFFICE = office_week(8.0, 40.0, days=14)
MEASURED = together(daily(15.0), series(OFFICE))
PERSON = "a user request explicitly set group desired capacity "


def tables(
    groups: DataFrame | None = None, metrics: DataFrame | None = None, **more: DataFrame
) -> dict[str, DataFrame]:
    return {
        "autoscaling_groups": group(min_size=1.0, max_size=4.0, desired=2.0) if groups is None else groups,
        "autoscaling_metrics": MEASURED if metrics is None else metrics,
        "ec2_instances": members(2, "m5.large"),
    } | more


def verdict(**parts: Any) -> Any:
    return judged(CHECK, tables(**parts)).loc["web"]


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ({"policies": "cpu"}, "fine", "Scaled by policy: cpu."),
        ({"scheduled_actions": 1.0}, "fine", "Its scheduled actions set its size."),
        ({"desired": 1.0}, "fine", "It has one instance"),
        ({"desired": 0.0}, "fine", "It has no instances."),
        ({"eks_nodegroup": "workers"}, "conflict", "EKS node group workers owns it"),
        ({"suspended": "Launch"}, "conflict", "Its process Launch is suspended"),
        ({"policies_known": False}, "insufficient", "Its scaling policies and schedule"),
        ({"age_days": 3.0}, "insufficient", "14 days of it"),
    ],
)
def test_what_stands_against_it(changed: dict[str, Any], expected: str, why: str) -> None:
    found = verdict(groups=group(**({"min_size": 1.0, "max_size": 4.0, "desired": 2.0} | changed)))

    assert found["verdict"] == expected
    assert found["why"].startswith(why)


def test_a_steady_load_needs_no_policy() -> None:
    found = verdict(metrics=together(daily(15.0), series([15.0] * len(OFFICE))))

    assert found["why"].startswith("Its load never needs more than 1, at any hour")


def test_a_busy_group_is_no_larger_than_its_load() -> None:
    found = verdict(metrics=daily(70.0))

    assert (found["verdict"], found["needs"]) == ("fine", "")


def test_a_group_that_somebody_resizes_is_not_static() -> None:
    at = END - timedelta(days=5)
    moved = activities(activity(at, cause(at, PERSON, 4, 2)))

    assert verdict(autoscaling_activities=moved)["why"].startswith("Somebody changes its size")


def test_no_metrics_are_not_an_idle_group() -> None:
    found = verdict(metrics=daily(15.0).head(0))

    assert (found["verdict"], found["needs"]) == ("insufficient", "")
    assert "no CPUUtilization by AutoScalingGroupName" in found["why"]


def test_asks_for_the_series_first() -> None:
    found = verdict(metrics=daily(15.0))

    assert (found["verdict"], found["needs"]) == ("insufficient", "series")


def test_a_few_days_are_not_enough() -> None:
    assert verdict(metrics=together(daily(15.0), series(OFFICE[: 5 * 288])))["why"].endswith(
        "CloudWatch has 5 of them."
    )


def test_a_policy_that_would_leave_instances_full_is_not_proposed() -> None:
    """Bursts of five minutes: each is over before a new instance serves."""
    bursts = [70.0 if n % 24 == 0 else 4.0 for n in range(len(OFFICE))]

    found = verdict(metrics=together(daily(15.0), series(bursts)))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("A policy would leave its instances full for ")


def test_memory_that_might_not_fit_into_fewer_stops_it() -> None:
    assert verdict(metrics=together(MEASURED, memory(45.0)))["verdict"] == "saves"
    assert verdict(metrics=together(MEASURED, memory(46.0)))["why"] == "Its instances use up to 46 % of their memory."


def test_an_instance_that_was_replaced_does_not_make_a_group_move() -> None:
    replaced = [1.5 if n == 100 else 2.0 for n in range(14 * 24)]
    metrics = together(MEASURED, sizes(replaced, "GroupInServiceInstances"), sizes([2.0] * 14 * 24))

    assert verdict(metrics=metrics)["verdict"] == "saves"


def test_it_is_never_smaller_than_two_where_its_minimum_asks_for_two() -> None:
    wide = group(min_size=4.0, max_size=4.0, desired=4.0)

    found = verdict(groups=wide, ec2_instances=members(4, "m5.large"))

    assert (found["smallest"], found["largest"]) == (2, 4)


def test_saves_the_hours_that_the_replay_does_not_need() -> None:
    found = verdict()

    # Two from 08:05 to 18:15 on five days of seven, one at all other times.
    two = 5 * (10 + 10 / 60) / 168
    assert found["monthly_savings"] == pytest.approx((1 - two) * 0.096 * 730, rel=0.001)
    assert (found["full_before"], found["full_after"]) == (0, 0)


def test_the_card_shows_hours_and_full_minutes_before_and_after() -> None:
    (card,) = cards(CHECK, tables())

    assert (card.current, card.proposed) == ("2 instances, no policy", "target tracking, 1 to 4 instances")
    assert "1460 → 951 instance hours a month × $0.096" in card.how_computed
    assert "Minutes with full instances (above 90 %) in these days: 0 → 0." in card.how_computed
    assert [round(one.value) for one in card.evidence] == [1460, 951, 0, 0]
    assert card.chart is not None
    assert [line.name for line in card.chart.series] == ["As it was", "Proposed", "Needed at 50 % CPU"]
    assert len(card.chart.labels) == 12
    assert '"TargetValue":50.0}' in card.command
    assert "--min-size 1 --max-size 4 --default-instance-warmup 300" in card.command
    assert "delete-policy" in card.undo
    assert "--desired-capacity 2" in card.undo
