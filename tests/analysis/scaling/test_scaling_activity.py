"""Activities are read from their `Cause`; the guide's mistakes 41 to 43 would each see nothing, or nonsense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analysis.scaling.activity import By, capacity, decisions, launch_minutes, parsed, reversals, share_at_floor
from tests.analysis.scaling_factories import ALARM, PERSON, SCHEDULE, activities, activity, cause, there_and_back

AT = datetime(2026, 11, 19, 8, 5, 10, tzinfo=UTC).replace(tzinfo=None)


def test_the_description_does_not_tell_which_way_it_went_and_the_cause_does() -> None:
    """Mistake 41: "increase" and "decrease" never occur in a description."""
    read = parsed(activities(*there_and_back(AT, 30)))

    assert not read["description"].str.contains("creas").any()
    assert read[["desired_from", "desired_to"]].to_numpy().tolist() == [[3, 4], [4, 3]]
    assert read["by"].tolist() == ["policy", "policy"]
    assert read["decided_at"].tolist() == [AT, AT + timedelta(minutes=30)]


def test_aws_s_own_example_is_understood() -> None:
    text = (
        "At 2013-08-19T20:53:25Z a user request created an AutoScalingGroup changing the desired capacity from 0 to "
        "1.  At 2013-08-19T20:53:29Z an instance was started in response to a difference between desired and actual "
        "capacity, increasing the capacity from 0 to 1."
    )
    (row,) = parsed(activities(activity(AT, text))).to_dict("records")

    assert (row["desired_from"], row["desired_to"], row["capacity_to"], row["by"]) == (0, 1, 1, "person")
    assert row["decided_at"].isoformat() == "2013-08-19T20:53:25"


@pytest.mark.parametrize(
    ("trigger", "by"),
    [
        (ALARM, By.POLICY),
        (PERSON, By.PERSON),
        (SCHEDULE, By.SCHEDULE),
        ("a user request update of AutoScalingGroup constraints to min: 2, max: 6, desired: 3 ", By.PERSON),
        ("a monitor alarm t.v2 in state ALARM triggered policy cpu.v1 at 50 ", By.POLICY),
        ("something nobody has heard of ", By.OTHER),
    ],
)
def test_who_made_it(trigger: str, by: By) -> None:
    assert parsed(activities(activity(AT, cause(AT, trigger, 3, 4))))["by"].tolist() == [by.value]


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("an instance was taken out of service in response to an ELB system health check failure.", By.HEALTH),
        ("an instance was taken out of service in response to an instance refresh.", By.REFRESH),
        ("an instance was launched to aid in balancing the group's zones.", By.BALANCE),
        ("instance i-1 was taken out of service in response to a user request, shrinking it from 5 to 4.", By.PERSON),
    ],
)
def test_a_replacement_is_no_change_of_the_desired_capacity(text: str, by: By) -> None:
    rows = activities(activity(AT, f"At {AT:%Y-%m-%dT%H:%M:%SZ} {text}"))

    assert parsed(rows)["by"].tolist() == [by.value]
    assert decisions(rows).empty


def test_a_step_of_several_instances_is_one_decision() -> None:
    rows = [activity(AT + timedelta(seconds=n), cause(AT, ALARM, 2, 5)) for n in range(3)]

    (made,) = decisions(activities(*rows)).to_dict("records")

    assert (made["desired_from"], made["desired_to"]) == (2, 5)


def test_a_cause_that_tells_of_two_decisions_spans_both() -> None:
    text = cause(AT, ALARM, 2, 3).split("  ")[0] + "  " + cause(AT + timedelta(minutes=1), ALARM, 3, 5)

    (made,) = decisions(activities(activity(AT, text))).to_dict("records")

    assert (made["desired_from"], made["desired_to"], made["decided_at"]) == (2, 5, AT + timedelta(minutes=1))


def test_what_failed_or_was_cancelled_launched_nothing() -> None:
    rows = [activity(AT, cause(AT, ALARM, 3, 4), status=status) for status in ("Failed", "Cancelled")]

    assert decisions(activities(*rows)).empty
    assert launch_minutes(activities(*rows)).empty


def test_no_activities_are_none_and_no_fault() -> None:
    assert decisions(activities()).empty
    assert reversals(decisions(activities()), within_minutes=60).empty
    assert launch_minutes(activities()).empty


@pytest.mark.parametrize(("minutes", "found"), [(59, 1), (60, 1), (61, 0)])
def test_a_reversal_is_one_within_the_hour(minutes: float, found: int) -> None:
    made = decisions(activities(*there_and_back(AT, minutes)))

    assert len(reversals(made, within_minutes=60)) == found


def test_only_policies_thrash() -> None:
    for trigger in (PERSON, SCHEDULE):
        assert reversals(decisions(activities(*there_and_back(AT, 10, trigger=trigger))), within_minutes=60).empty


def test_groups_are_kept_apart() -> None:
    out, _ = there_and_back(AT, 10, group="web")
    _, back = there_and_back(AT, 10, group="api")

    assert reversals(decisions(activities(out, back)), within_minutes=60).empty


def test_in_divided_by_out_says_nothing_about_waste() -> None:
    """Mistake 43: both groups scale out as often as in; one wastes, the other follows the day."""
    calm = [row for n in range(10) for row in there_and_back(AT + timedelta(days=n), 8 * 60)]
    hasty = [row for n in range(10) for row in there_and_back(AT + timedelta(days=n), 20, group="api")]
    made = decisions(activities(*calm, *hasty))

    by_group = made.groupby("resource_id")
    assert by_group["desired_to"].apply(lambda to: (to == 3).sum() / (to == 4).sum()).tolist() == [1.0, 1.0]
    assert reversals(made, within_minutes=60)["resource_id"].tolist() == ["api"] * 10


def test_capacity_follows_the_decisions_and_is_what_it_is_now_without_any() -> None:
    moments = np.array([AT + timedelta(minutes=m) for m in (-5, 5, 29, 31)], dtype="datetime64[us]")

    assert capacity(decisions(activities(*there_and_back(AT, 30))), moments, 3.0).tolist() == [3, 4, 4, 3]
    assert capacity(decisions(activities()), moments, 7.0).tolist() == [7, 7, 7, 7]


def test_the_share_at_the_floor_leaves_out_what_is_not_known() -> None:
    assert share_at_floor(np.array([3.0, 3.0, np.nan, 4.0]), 3) == pytest.approx(2 / 3)
    assert np.isnan(share_at_floor(np.array([np.nan]), 3))


def test_a_launch_takes_from_start_to_end() -> None:
    rows = [activity(AT, cause(AT, ALARM, 3, 4), minutes=minutes) for minutes in (2, 4, 9)]

    assert launch_minutes(activities(*rows)).tolist() == [4.0]
