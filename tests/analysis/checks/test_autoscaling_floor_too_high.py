"""`autoscaling.floor_too_high`: a group above its minimum, or busy at it, is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, points, table, together
from tests.analysis.scaling_factories import daily, group, members, memory, series, sizes

CHECK = "autoscaling.floor_too_high"
QUIET = [12.0] * (14 * 288)
MEASURED = together(daily(8.0), series(QUIET))


def tables(
    groups: DataFrame | None = None, metrics: DataFrame | None = None, instances: DataFrame | None = None
) -> dict[str, DataFrame]:
    return {
        "autoscaling_groups": group() if groups is None else groups,
        "autoscaling_metrics": MEASURED if metrics is None else metrics,
        "ec2_instances": members() if instances is None else instances,
    }


def verdict(**parts: Any) -> Any:
    return judged(CHECK, tables(**parts)).loc["web"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"desired": 0.0, "min_size": 0.0}, "It has no instances."),
        ({"min_size": 2.0}, "Its minimum is 2"),
        ({"min_size": 1.0}, "Its minimum is 1"),
        ({"desired": 5.0, "max_size": 9.0}, "Above its minimum of 3"),
    ],
)
def test_leaves_a_group_alone_that_its_minimum_does_not_hold(changed: dict[str, Any], why: str) -> None:
    found = verdict(groups=group(**changed))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


@pytest.mark.parametrize(
    ("changed", "verdict_", "why"),
    [
        ({"eks_nodegroup": "workers"}, "conflict", "EKS node group workers owns it"),
        ({"suspended": "Terminate"}, "conflict", "Its process Terminate is suspended"),
        ({"scheduled_actions": 2.0}, "conflict", "Its scheduled actions set its minimum"),
        ({"policies_known": False}, "insufficient", "Its scaling policies and schedule"),
        ({"age_days": 5.0}, "insufficient", "14 days of it: it was created 5 days ago."),
        ({"region": "eu-west-3"}, "insufficient", "The price of its instances (none is running) in eu-west-3"),
    ],
)
def test_what_stands_against_it(changed: dict[str, Any], verdict_: str, why: str) -> None:
    found = verdict(groups=group(**changed))

    assert found["verdict"] == verdict_
    assert found["why"].startswith(why)


def test_a_busy_group_needs_its_minimum() -> None:
    assert verdict(metrics=daily(45.0))["verdict"] == "fine"
    assert verdict(metrics=together(daily(30.0), series([41.0] * len(QUIET))))["why"].startswith(
        "Its CPU is above 40 %"
    )


def test_a_peak_that_needs_all_three_is_kept() -> None:
    peaks = QUIET.copy()
    peaks[:40] = [39.0] * 40  # one hour in a hundred: 117 % of one instance

    assert verdict(metrics=together(daily(8.0), series(peaks)))["why"] == "Its load needs its minimum."


@pytest.mark.parametrize(("hours_above", "expected"), [(16, "saves"), (18, "fine")])
def test_it_is_at_its_minimum_for_at_least_95_percent_of_the_time(hours_above: int, expected: str) -> None:
    metrics = together(MEASURED, sizes([3.0] * (14 * 24 - hours_above) + [4.0] * hours_above))

    assert verdict(groups=group(max_size=6.0, policies="cpu"), metrics=metrics)["verdict"] == expected


def test_no_metrics_are_not_an_idle_group() -> None:
    found = verdict(metrics=points("CPUUtilization", []))

    assert (found["verdict"], found["needs"]) == ("insufficient", "")
    assert found["why"].startswith("CPU of the group: CloudWatch has no CPUUtilization")


def test_half_of_the_days_are_not_enough() -> None:
    found = verdict(metrics=together(daily(8.0), series(QUIET[: 8 * 288])))

    assert found["verdict"] == "insufficient"
    assert found["why"] == "CPU of 14 days by five minutes: CloudWatch has 8 of them."


def test_asks_for_the_series_of_candidates_only() -> None:
    assert verdict(metrics=daily(8.0))["needs"] == "series"
    assert verdict(metrics=daily(45.0))["needs"] == ""
    assert verdict(groups=group(min_size=2.0), metrics=daily(8.0))["needs"] == ""


@pytest.mark.parametrize(
    "changed", [{"spot": True}, {"platform": "Windows"}, {"tenancy": "dedicated"}, {"state": "stopped"}]
)
def test_without_a_known_price_nothing_is_saved(changed: dict[str, Any]) -> None:
    found = verdict(instances=members(**changed))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("The price of ")


def test_saves_what_the_load_does_not_need_and_keeps_two_for_the_zones() -> None:
    assert verdict()["monthly_savings"] == pytest.approx(0.17 * 730)
    wide = group(min_size=6.0, desired=6.0, max_size=9.0)
    assert verdict(groups=wide, instances=members(6))["monthly_savings"] == pytest.approx(4 * 0.17 * 730)


def test_the_busiest_hour_decides_how_many_remain() -> None:
    wide = group(min_size=6.0, desired=6.0, max_size=9.0)
    busier = [30.0] * len(QUIET)  # 180 % of one instance: four at 45 %

    found = verdict(groups=wide, instances=members(6), metrics=together(daily(25.0), series(busier)))

    assert found["monthly_savings"] == pytest.approx(2 * 0.17 * 730)
    assert found["cpu_after_percent"] == pytest.approx(45)


@pytest.mark.parametrize(("percent", "expected"), [(60.0, "saves"), (61.0, "fine")])
def test_memory_that_might_not_fit_into_fewer_stops_it(percent: float, expected: str) -> None:
    found = verdict(metrics=together(MEASURED, memory(20.0), memory(percent)))

    assert found["verdict"] == expected
    if expected == "fine":
        assert found["why"] == "Its instances use up to 61 % of their memory."


def test_unknown_memory_is_a_higher_risk_and_is_said() -> None:
    (unknown,) = cards(CHECK, tables())
    (known,) = cards(CHECK, tables(metrics=together(MEASURED, memory(20.0))))

    assert (unknown.risk, known.risk) == ("high", "medium")
    assert "Nothing measures its memory" in unknown.risk_reason
    assert known.risk_reason.endswith("Memory is at most 20 % used now.")


def test_the_card_says_what_to_do_and_that_types_are_changed_in_the_template() -> None:
    (card,) = cards(CHECK, tables())

    assert (card.current, card.proposed, round(card.monthly_savings, 2)) == ("min 3", "min 2", 124.1)
    assert "update-auto-scaling-group --auto-scaling-group-name web --min-size 2 --desired-capacity 2" in card.command
    assert "--min-size 3 --desired-capacity 3" in card.undo
    assert "launch template web-template, never on the instances" in card.effect
    assert card.risk_reason.startswith("With 2 instances the peak is at 18 % CPU; while one of them is lost, at 36 %.")
    assert card.covers == ("i-0", "i-1", "i-2")
    assert card.chart is not None


def test_a_policy_lowers_the_desired_capacity_by_itself() -> None:
    (card,) = cards(CHECK, tables(groups=group(policies="cpu", max_size=6.0)))

    assert "--desired-capacity" not in card.command


def test_an_empty_table_of_groups_is_no_fault() -> None:
    assert judged(CHECK, tables(groups=table("autoscaling_groups"))).empty
