"""What a change saves beside commitments: by hand, and as `apply` twice has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.commitments.after_discount import Outcome, Replay
from analysis.commitments.apply import apply
from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation
from tests.analysis.commitments.simulation_factories import (
    OTHER,
    OWNER,
    THIRD,
    VIRGINIA,
    line,
    plan,
    reservation,
    usage,
)

NAN = float("nan")


def without(replay: Replay, at: int, hours: float = 1.0) -> Outcome:
    return replay.outcome({at: np.full(len(replay.usage.hours), -hours)})


def test_usage_that_nothing_covers_saves_its_price() -> None:
    found = without(Replay(usage(line("m5.large", 3, 0.1)), [], []), 0)

    assert found.saved.tolist() == pytest.approx([0.1])
    assert found.freed.size == found.stranded.size == 0


def test_what_a_plan_covers_saves_nothing_where_nothing_else_could_use_it() -> None:
    replay = Replay(usage(line("m5.large", 1, 1.0)), [], [plan(0.6, 0.6)])

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([0.0])
    assert found.freed.tolist() == found.stranded.tolist() == pytest.approx([0.6])


def test_what_a_plan_is_freed_of_is_taken_up_by_other_usage_at_its_own_price() -> None:
    # 60 cents cover an hour of the first, or six sevenths of an hour of the second, which costs a dollar on demand.
    replay = Replay(usage(line("m5.large", 1, 1.0), line("c5.large", 2, 1.0)), [], [plan(0.6, 0.6, 0.7)])

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([0.6 / 0.7])
    assert found.freed.tolist() == pytest.approx([0.6])
    assert found.stranded.tolist() == pytest.approx([0.0])


def test_it_may_save_more_than_the_covered_price_and_less_than_all() -> None:
    half = Replay(usage(line("m5.large", 1, 1.0), line("c5.large", 0.5, 1.0)), [], [plan(0.6, 0.6, 0.6)])

    found = without(half, 0)

    assert found.saved.tolist() == pytest.approx([0.5])
    assert found.stranded.tolist() == pytest.approx([0.3])


def test_a_reservation_goes_on_to_other_sizes_of_its_family() -> None:
    replay = Replay(usage(line("m5.xlarge", 1, 0.2), line("m5.2xlarge", 1, 0.4)), [reservation("m5.xlarge")], [])

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([0.2])
    assert found.freed.tolist() == pytest.approx([0.1])
    assert found.stranded.tolist() == pytest.approx([0.0])


def test_a_smaller_size_leaves_half_of_a_reservation_unused() -> None:
    replay = Replay(usage(line("m5.2xlarge", 1, 0.4), line("m5.xlarge", 0, 0.2)), [reservation("m5.2xlarge")], [])

    found = replay.outcome({0: np.array([-1.0]), 1: np.array([1.0])})

    assert found.saved.tolist() == pytest.approx([0.0])
    assert found.stranded.tolist() == pytest.approx([0.05])


def test_another_family_that_a_reservation_does_not_cover_raises_the_bill() -> None:
    replay = Replay(usage(line("m4.large", 1, 0.1), line("m5.large", 0, 0.096)), [reservation("m4.large")], [])

    found = replay.outcome({0: np.array([-1.0]), 1: np.array([1.0])})

    assert found.saved.tolist() == pytest.approx([-0.096])
    assert found.stranded.tolist() == pytest.approx([0.1])


def test_what_a_narrow_plan_leaves_a_broad_one_covers() -> None:
    # The EC2 Instance plan moves on to the c5 that the Compute plan covered; that one is left unused.
    narrow = plan(0.5, 0.5, 0.5, id="narrow", kind="EC2Instance", family="c5", region=VIRGINIA)
    replay = Replay(usage(line("c5.large", 1, 1.0), line("c5.xlarge", 1, 0.9)), [], [narrow, plan(0.7, NAN, 0.7)])

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([0.0])
    assert dict(zip(replay.ids, found.stranded.tolist(), strict=True)) == pytest.approx({"narrow": 0.0, "sp": 0.7})
    assert dict(zip(replay.ids, found.freed.tolist(), strict=True)) == pytest.approx({"narrow": 0.5, "sp": 0.0})


def test_only_hours_in_which_there_is_other_usage_take_it_up() -> None:
    by_hour = np.array([[1.0, 1.0], [1.0, 0.0]])
    replay = Replay(
        usage(line("m5.large", 1, 1.0), line("c5.large", 1, 1.0), quantity=by_hour), [], [plan(0.6, 0.6, 0.6)]
    )

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([1.0, 0.0])
    assert found.stranded.tolist() == pytest.approx([0.6])


def test_usage_without_a_price_takes_up_what_is_freed_and_saves_nothing() -> None:
    replay = Replay(usage(line("m5.large", 1, 1.0), line("c5.large", 1, NAN)), [], [plan(0.6, 0.6, 0.6)])

    found = without(replay, 0)

    assert found.saved.tolist() == pytest.approx([0.0])
    assert found.stranded.tolist() == pytest.approx([0.0])


def test_a_line_never_has_less_than_nothing() -> None:
    assert without(Replay(usage(line("m5.large", 0.25, 1.0)), [], []), 0).saved.tolist() == pytest.approx([0.25])


TYPES = ("m5.large", "m5.2xlarge", "c5.large", "r5.xlarge")
quantities = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0])
HOURS = 3


@st.composite
def worlds(draw: st.DrawFn) -> tuple[HourlyUsage, list[Reservation], list[Plan], dict[int, Floats]]:
    lines = [
        line(kind, 1, draw(st.sampled_from([0.1, 0.2, 0.4])), account_id=account)
        for account in (OWNER, OTHER)
        for kind in TYPES
    ]
    table = draw(st.lists(quantities, min_size=HOURS * len(lines), max_size=HOURS * len(lines)))
    used = usage(*lines, quantity=np.array(table).reshape(HOURS, len(lines)))
    owners = st.sampled_from([OWNER, OTHER, THIRD, ""])
    reservations = [
        reservation(draw(st.sampled_from(TYPES)), draw(st.integers(1, 3)), id=f"ri-{at}", owner_id=draw(owners))
        for at in range(draw(st.integers(0, 2)))
    ]
    prices = used.lines["on_demand"].to_numpy()
    shares = st.sampled_from([0.5, 0.6, 0.7, NAN])
    plans = [
        plan(
            draw(st.sampled_from([0.05, 0.3, 1.0])),
            *(prices * np.array([draw(shares) for _ in lines])),
            id=f"sp-{at}",
            kind=draw(st.sampled_from(["Compute", "EC2Instance"])),
            owner_id=draw(owners),
        )
        for at in range(draw(st.integers(0, 3)))
    ]
    moved = draw(st.dictionaries(st.integers(0, len(lines) - 1), st.sampled_from([-2.0, -1.0, -0.5, 1.0]), max_size=3))
    return used, reservations, plans, {at: np.full(HOURS, more) for at, more in moved.items()}


def changed(used: HourlyUsage, change: dict[int, Floats]) -> HourlyUsage:
    quantity = used.quantity.copy()
    for at, more in change.items():
        quantity[:, at] = np.maximum(quantity[:, at] + more, 0.0)
    return HourlyUsage(used.hours, used.lines, quantity)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_is_what_two_whole_simulations_say(
    world: tuple[HourlyUsage, list[Reservation], list[Plan], dict[int, Floats]],
) -> None:
    used, reservations, plans, change = world
    before, after = (apply(one, reservations, plans) for one in (used, changed(used, change)))
    replay = Replay(used, reservations, plans)

    found = replay.outcome(change)

    assert found.saved == pytest.approx(before.on_demand - after.on_demand, abs=1e-7)
    assert found.stranded == pytest.approx((after.unused - before.unused).sum(axis=1), abs=1e-7)
    assert replay.on_demand == pytest.approx(before.on_demand, abs=1e-7)
    assert replay.after(change).on_demand == pytest.approx(after.on_demand, abs=1e-7)
