"""`autoscaling.thrash`: groups that breathe with the day are left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.analysis.checks.check_factories import END, cards, judged
from tests.analysis.scaling_factories import SCHEDULE, activities, activity, cause, group, members, there_and_back

CHECK = "autoscaling.thrash"


def pulses(a_day: int, *, days: int = 14, minutes: float = 30, **more: Any) -> list[dict[str, Any]]:
    """So many scale-outs a day in the newest days, each taken back."""
    starts = [END - timedelta(days=day + 1, hours=-2 * n) for day in range(days) for n in range(a_day)]
    return [row for start in starts for row in there_and_back(start, minutes, **more)]


def verdict(*rows: dict[str, Any], **changed: Any) -> Any:
    tables = {
        "autoscaling_groups": group(max_size=8.0, policies="cpu", **changed),
        "autoscaling_activities": activities(*rows),
        "ec2_instances": members(),
    }
    return judged(CHECK, tables).loc["web"]


def test_a_group_that_did_nothing_is_fine() -> None:
    assert verdict()["why"] == "Its policies took back 0 scale-outs within 60 minutes in 14 days."


@pytest.mark.parametrize(("a_day", "expected"), [(4, "fine"), (5, "notice")])
def test_four_a_day_are_the_most(a_day: int, expected: str) -> None:
    assert verdict(*pulses(a_day))["verdict"] == expected


def test_what_holds_for_longer_than_an_hour_follows_the_load() -> None:
    assert verdict(*pulses(8, minutes=90))["verdict"] == "fine"


def test_a_schedule_is_no_thrash() -> None:
    assert verdict(*pulses(6, trigger=SCHEDULE))["verdict"] == "fine"


def test_replacements_are_no_thrash() -> None:
    replaced = [
        activity(END - timedelta(hours=n), f"At {END:%Y-%m-%dT%H:%M:%SZ} an instance was {what}.")
        for n in range(200)
        for what in ("launched in response to an ELB health check", "taken out of service by an instance refresh")
    ]

    assert verdict(*replaced)["verdict"] == "fine"


def test_what_was_more_than_two_weeks_ago_is_over() -> None:
    old = [
        row | {"cause": row["cause"]}
        for day in range(20, 40)
        for n in range(6)
        for row in there_and_back(END - timedelta(days=day, hours=-2 * n), 30)
    ]

    assert verdict(*old)["verdict"] == "fine"


def test_another_group_s_are_not_its_own() -> None:
    assert verdict(*pulses(6, group="api"))["verdict"] == "fine"


def test_a_young_group_is_not_judged() -> None:
    assert verdict(*pulses(6), age_days=3.0)["verdict"] == "insufficient"


def test_more_than_one_page_counts() -> None:
    """Mistake 42: a page holds a hundred activities, which are four days of these fourteen."""
    rows = sorted(pulses(12, days=14, minutes=20), key=lambda row: row["started_at"], reverse=True)

    assert verdict(*rows)["reversals"] == 12 * 14
    assert verdict(*rows[:100])["reversals"] == 50


def test_a_step_of_several_instances_costs_them_all() -> None:
    start = END - timedelta(days=2)
    step = [activity(start, cause(start, "a monitor alarm a in state ALARM triggered policy p ", 3, 6))] * 3
    end = start + timedelta(minutes=30)
    back = [activity(end, cause(end, "a monitor alarm b in state ALARM triggered policy p ", 6, 3))]

    found = verdict(*step, *back)

    assert (found["reversals"], found["instances"]) == (1, 3)


def test_the_card_says_what_the_launches_cost_and_what_to_change() -> None:
    tables = {
        "autoscaling_groups": group(max_size=8.0, policies="queue-high, queue-low"),
        "autoscaling_activities": activities(*pulses(6)),
        "ec2_instances": members(),
    }

    (card,) = cards(CHECK, tables)

    assert card.is_notice
    assert card.reason == "Launches instances and takes them back within the hour, 6.0 times a day"
    # 84 launches in 14 days are 182.5 a month; three minutes of $0.17 an hour each.
    assert "about $1.55 a month for starting alone, $15.51 with the time they ran" in card.how_computed
    assert "Policies: queue-high, queue-low." in card.steps
    assert card.chart is not None
    assert card.chart.series[0].values == (6.0,) * 14
