"""What holds whatever is used and owned; and the same answers as a plain loop over hours, plans and lines."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.commitments.apply import Applied, apply
from analysis.commitments.usage import HourlyUsage, Plan, Reservation
from tests.analysis.commitments.plain_loop import left_on_demand
from tests.analysis.commitments.simulation_factories import OTHER, OWNER, THIRD, line, plan, reservation, usage

HOURS = 3
ACCOUNTS = st.sampled_from([OWNER, OTHER, THIRD])
TYPES = st.sampled_from(["m5.large", "m5.xlarge", "m5.4xlarge", "c5.large", "c5.2xlarge"])
QUANTITIES = st.sampled_from([0.0, 0.25, 1.0, 2.5, 7.0])
PRICES = st.sampled_from([0.1, 0.2, 0.4, 1.0])
SHARES = st.sampled_from([0.5, 0.6, 0.75, 1.0, nan])


World = tuple[HourlyUsage, list[Reservation], list[Plan], bool]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Usage of up to six lines, up to three reservations and three plans, and whether they are shared."""
    count = draw(st.integers(1, 6))
    lines = [line(draw(TYPES), 0, draw(PRICES), account_id=draw(ACCOUNTS)) for _ in range(count)]
    quantity = np.array([[draw(QUANTITIES) for _ in lines] for _ in range(HOURS)])
    reservations = [
        reservation(
            draw(TYPES),
            draw(st.integers(1, 4)),
            id=f"ri-{at}",
            owner_id=draw(ACCOUNTS),
            is_flexible=draw(st.booleans()),
        )
        for at in range(draw(st.integers(0, 3)))
    ]
    prices = np.array([one["on_demand"] for one in lines])
    plans = [_plan(draw, at, prices) for at in range(draw(st.integers(0, 3)))]
    return usage(*lines, quantity=quantity), reservations, plans, draw(st.booleans())


def _plan(draw: st.DrawFn, at: int, prices: Any) -> Plan:
    rates = prices * np.array([draw(SHARES) for _ in prices])
    kind = draw(st.sampled_from(["Compute", "EC2Instance"]))
    return plan(draw(st.sampled_from([0.05, 0.5, 2.0])), *rates, id=f"sp-{at}", kind=kind, owner_id=draw(ACCOUNTS))


@settings(max_examples=30, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(world: World, random: Any) -> None:
    whole, reservations, plans, shared = world
    order = list(range(len(whole.lines)))
    random.shuffle(order)

    found = apply(whole, reservations, plans, shared=shared)
    other = HourlyUsage(whole.hours, whole.lines.iloc[order].reset_index(drop=True), whole.quantity[:, order])
    same = [replace(one, rates=one.rates[order]) for one in plans]
    again = apply(other, reservations, same, shared=shared)

    assert again.left == pytest.approx(found.left[:, order], abs=1e-9)
    assert again.used == pytest.approx(found.used, abs=1e-9)
    assert again.covered == pytest.approx(found.covered[:, order], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_nothing_is_lost_and_nothing_is_covered_twice(
    world: World,
) -> None:
    whole, reservations, plans, shared = world

    found = apply(whole, reservations, plans, shared=shared)

    assert (found.left >= 0).all()
    assert (found.left <= whole.quantity).all()
    assert (found.unused >= -1e-9).all()
    assert found.covered.sum(axis=0) + found.left.sum(axis=0) == pytest.approx(whole.quantity.sum(axis=0))
    assert found.covered_cost.sum(axis=1) == pytest.approx(found.used.sum(axis=1))
    assert found.on_demand + found.worth.sum(axis=0) == pytest.approx(whole.on_demand.sum(axis=1))
    assert found.cost == pytest.approx(found.on_demand + found.used.sum(axis=0) + found.unused.sum(axis=0))


@settings(max_examples=30, deadline=None)
@given(worlds(), st.sampled_from(["plan", "reservation", "larger"]))
def test_more_commitment_never_leaves_more_on_demand(world: World, more: str) -> None:
    whole, reservations, plans, _ = world
    prices = whole.lines["on_demand"].to_numpy()
    owned, more_plans = list(reservations), list(plans)
    if more == "plan":
        more_plans.append(Plan("zz", "Compute", "", 0.7, prices * 0.7))
    elif more == "reservation":
        owned.append(reservation("m5.xlarge", 2, id="ri-zz", owner_id=OTHER))
    else:
        more_plans = [replace(one, hourly=one.hourly + 0.3) for one in plans]

    before, after = apply(whole, reservations, plans), apply(whole, owned, more_plans)

    assert (after.left <= before.left + 1e-9).all()
    assert (after.on_demand <= before.on_demand + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_a_plain_loop_leaves_the_same(world: World) -> None:
    whole, reservations, plans, shared = world

    found: Applied = apply(whole, reservations, plans, shared=shared)

    assert found.left == pytest.approx(left_on_demand(whole, reservations, plans, shared=shared), abs=1e-9)
