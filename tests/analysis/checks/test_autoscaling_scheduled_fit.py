"""`autoscaling.scheduled_fit`: a load that other weeks do not tell gets no schedule."""

from __future__ import annotations

import json
import shlex
from typing import Any

import numpy as np
import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, together
from tests.analysis.scaling_factories import daily, group, members, office_week, series

CHECK = "autoscaling.scheduled_fit"
OFFICE = office_week(8.0, 40.0, days=14)
MEASURED = together(daily(15.0), series(OFFICE))


def tables(groups: DataFrame | None = None, metrics: DataFrame | None = None) -> dict[str, DataFrame]:
    return {
        "autoscaling_groups": group(min_size=1.0, max_size=4.0, desired=2.0) if groups is None else groups,
        "autoscaling_metrics": MEASURED if metrics is None else metrics,
        "ec2_instances": members(2, "m5.large"),
    }


def verdict(**parts: Any) -> Any:
    return judged(CHECK, tables(**parts)).loc["web"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"policies": "cpu"}, "fine"),
        ({"scheduled_actions": 4.0}, "fine"),
        ({"eks_nodegroup": "workers"}, "conflict"),
        ({"policies_known": False}, "insufficient"),
        ({"age_days": 3.0}, "insufficient"),
    ],
)
def test_what_stands_against_it(changed: dict[str, Any], expected: str) -> None:
    found = verdict(groups=group(**({"min_size": 1.0, "max_size": 4.0, "desired": 2.0} | changed)))

    assert found["verdict"] == expected


def test_a_load_without_a_week_gets_no_schedule() -> None:
    hours = np.random.default_rng(2).uniform(4, 45, len(OFFICE) // 12).repeat(12)

    found = verdict(metrics=together(daily(15.0), series(list(hours))))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Its weeks are not alike: one tells 0 % of another.")


def test_a_steady_load_gets_no_schedule() -> None:
    found = verdict(metrics=together(daily(15.0), series([20.0 + n % 2 for n in range(len(OFFICE))])))

    assert found["why"].startswith("Its load never needs more than 1")


def test_one_week_is_not_enough() -> None:
    found = verdict(metrics=together(daily(15.0), series(OFFICE[: 7 * 288 - 1])))

    assert found["verdict"] == "insufficient"


def test_asks_for_the_series_first() -> None:
    assert verdict(metrics=daily(15.0))["needs"] == "series"


def test_a_week_like_no_other_is_met_full_and_stops_it() -> None:
    """The plan for each week knows the others only: the busy nights of one week would be met with one instance."""
    surprise = np.array(OFFICE)
    nights = np.arange(len(surprise)) // 12 % 24 < 4
    nights[: 7 * 288] = False
    surprise[nights] = 60.0

    found = verdict(metrics=together(daily(15.0), series(list(surprise))), groups=None)

    assert found["verdict"] == "fine"


def test_saves_what_plans_would_that_do_not_know_their_week() -> None:
    found = verdict()

    # Two from 07:50 to 18:00 on five days of seven, one at all other times.
    two = 5 * (10 + 10 / 60) / 168
    assert found["monthly_savings"] == pytest.approx((1 - two) * 0.096 * 730)
    assert found["r2"] == pytest.approx(1)


def test_the_card_carries_the_plan_as_one_call() -> None:
    (card,) = cards(CHECK, tables())

    assert card.proposed == "4 scheduled actions, 1 to 2 instances"
    (line,) = [line for line in card.command.split("\n") if "batch-put" in line]
    words = shlex.split(line)
    plan = json.loads(words[words.index("--scheduled-update-group-actions") + 1])
    assert [(one["Recurrence"], one["MinSize"], one["DesiredCapacity"]) for one in plan] == [
        ("0 0 * * MON-FRI", 1, 1),
        ("50 7 * * MON-FRI", 2, 2),
        ("0 18 * * MON-FRI", 1, 1),
        ("0 0 * * SAT,SUN", 1, 1),
    ]
    assert "--scheduled-action-names costbot-00 costbot-01 costbot-02 costbot-03" in card.undo
    assert card.chart is not None
