"""Target tracking and schedules on loads whose answer is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.scaling.policy import Replay, TargetTracking, recorded, scheduled

MINUTE = 60
FIVE = 300


def load(*parts: tuple[float, int]) -> NDArray[np.float64]:
    """So much load for so many steps, one after the other."""
    return np.concatenate([np.full(count, value) for value, count in parts])


def tracking(**changed: float) -> TargetTracking:
    values = {"target_percent": 50.0, "minimum": 1, "maximum": 10, "warmup_s": 300.0} | changed
    return TargetTracking(**values)  # type: ignore[arg-type]


def test_a_steady_load_moves_nothing() -> None:
    replay = tracking().replay(load((140, 200)), step_s=MINUTE)

    assert set(replay.running) == {3.0}
    assert replay.instance_hours == pytest.approx(3 * 200 / 60)
    assert replay.saturated_minutes == 0


def test_it_adds_after_three_minutes_above_and_the_new_ones_serve_after_their_warm_up() -> None:
    replay = tracking().replay(load((50, 10), (190, 30)), step_s=MINUTE)

    # Above from minute 10 to 12; two minutes above are not enough.
    assert replay.running[12] == 1
    assert replay.running[13] == 4
    assert replay.serving[17] == 1
    assert replay.serving[18] == 4


def test_two_minutes_above_change_nothing() -> None:
    assert set(tracking().replay(load((50, 10), (190, 2), (50, 20)), step_s=MINUTE).running) == {1.0}


def test_minutes_before_the_new_ones_serve_count_as_full() -> None:
    replay = tracking().replay(load((50, 10), (190, 30)), step_s=MINUTE)

    assert replay.saturated_minutes == 8  # from the rise at minute 10 until minute 18


def test_it_removes_one_at_a_time_after_fifteen_minutes_below_nine_tenths() -> None:
    replay = tracking().replay(load((200, 5), (40, 60)), step_s=MINUTE)

    sizes = replay.running
    assert sizes[19] == 4  # below from minute 5 to 19
    assert (sizes[20], sizes[34], sizes[35], sizes[50]) == (3, 3, 2, 1)


def test_between_nine_tenths_and_the_target_it_stays() -> None:
    assert set(tracking().replay(load((200, 5), (184, 60)), step_s=MINUTE).running) == {4.0}


def test_it_never_removes_what_the_load_needs() -> None:
    # 120 needs three; four are at 30, which is below 45.
    replay = tracking().replay(load((200, 5), (120, 120)), step_s=MINUTE)

    assert replay.running[-1] == 3


def test_it_stays_between_minimum_and_maximum() -> None:
    replay = tracking(minimum=2, maximum=4).replay(load((5, 60), (900, 60), (5, 200)), step_s=MINUTE)

    assert (replay.running.min(), replay.running.max()) == (2, 4)
    assert replay.saturated_minutes >= 60


def test_a_minimum_of_none_still_serves() -> None:
    assert tracking(minimum=0).replay(load((0, 10)), step_s=MINUTE).running.min() == 1


def test_a_gap_in_the_load_changes_nothing_and_costs_nothing() -> None:
    replay = tracking().replay(load((90, 20), (float("nan"), 20), (90, 20)), step_s=FIVE)

    assert set(replay.running) == {2.0}
    assert replay.instance_hours == pytest.approx(2 * 40 / 12)


def test_five_minute_steps_answer_to_the_first_point_above_and_the_third_below() -> None:
    replay = tracking().replay(load((50, 3), (90, 4), (30, 6)), step_s=FIVE)

    assert replay.running.tolist() == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 900), min_size=1, max_size=60), st.integers(1, 3), st.integers(3, 9))
def test_it_is_always_within_its_limits_and_never_shrinks_by_more_than_one(
    values: list[float], minimum: int, maximum: int
) -> None:
    replay = tracking(minimum=minimum, maximum=maximum).replay(np.array(values), step_s=FIVE)

    assert ((replay.running >= minimum) & (replay.running <= maximum)).all()
    assert (replay.serving <= replay.running).all()
    assert all(after >= before - 1 for before, after in pairwise(replay.running))


def test_what_was_recorded_is_taken_as_it_was() -> None:
    replay = recorded(load((95, 6), (180, 6)), load((1, 6), (2, 6)), step_s=FIVE)

    assert replay.instance_hours == 1.5
    assert replay.saturated_minutes == 30  # 95 % of one; 90 % of two is not above


def test_a_plan_is_launched_ahead_and_paid_for_from_then_on() -> None:
    replay = scheduled(load((10, 12)), load((1, 6), (3, 3), (1, 3)), step_s=FIVE, lead_s=600)

    assert replay.running.tolist() == [1, 1, 1, 1, 3, 3, 3, 3, 3, 1, 1, 1]
    assert replay.serving.tolist() == [1, 1, 1, 1, 1, 1, 3, 3, 3, 1, 1, 1]


def test_a_plan_of_nothing_is_nothing() -> None:
    empty = np.array([])

    assert scheduled(empty, empty, step_s=FIVE, lead_s=600).instance_hours == 0
    assert Replay(empty, empty, empty, FIVE).saturated_minutes == 0
