"""Incidents of one cause in several accounts or services are one; nothing is merged on a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.causes import Effect, explain
from analysis.causes.correlated import Course, Incident, correlated, grouped, main_cause
from tests.analysis.causes.cause_factories import NAN, part, table

START = date(2026, 11, 17)
NAT = Incident(START, "NatGateway-Bytes", Effect.USAGE)


def cause(*parts: dict[str, Any]) -> tuple[str, Effect] | None:
    before, now = (sum(one[side] for one in parts) for side in ("cost_before", "cost_now"))
    return main_cause(explain(table(*parts), before=before, now=now))


def test_nothing_has_nothing_to_join() -> None:
    assert correlated([]) == []


@pytest.mark.parametrize(
    "other",
    [
        None,
        Incident(START, "volumes", Effect.USAGE),
        Incident(START, "NatGateway-Bytes", Effect.RATE),
        Incident(START + timedelta(days=2), "NatGateway-Bytes", Effect.USAGE),
    ],
)
def test_another_cause_or_time_is_another_incident(other: Incident | None) -> None:
    assert correlated([NAT, other]) == [[0], [1]]


def test_unknown_causes_are_not_one_cause() -> None:
    assert correlated([None, None]) == [[0], [1]]


def test_one_cause_is_one_incident_in_whatever_order_it_comes() -> None:
    late = Incident(START + timedelta(days=1), "NatGateway-Bytes", Effect.USAGE)
    assert correlated([late, None, NAT, NAT]) == [[0, 2, 3], [1]]


def test_days_do_not_chain() -> None:
    days = [Incident(START + timedelta(days=i), "NatGateway-Bytes", Effect.USAGE) for i in range(4)]
    assert correlated(days) == [[0, 1], [2, 3]]


def test_the_main_cause_is_a_family_and_how_it_moved() -> None:
    sizes = [part((10, 10.0), (20, 20.0), usage_type=f"BoxUsage:m5.{size}") for size in ("large", "xlarge")]
    assert cause(*sizes) == ("instances", Effect.USAGE)
    assert cause(part((10, 10.0), (10, 30.0), usage_type="NatGateway-Bytes")) == ("NatGateway-Bytes", Effect.RATE)


def test_what_several_things_made_has_no_main_cause() -> None:
    assert cause(part((1, 1.0), (9, 9.0), usage_type="a"), part((1, 1.0), (9, 9.0), usage_type="b")) is None


def test_what_has_no_quantity_has_no_known_cause() -> None:
    assert cause(part((NAN, 1.0), (NAN, 9.0))) is None


def test_what_did_not_move_has_none() -> None:
    assert cause() is None


def course(**changed: Any) -> Course:
    values: dict[str, Any] = {
        "start": START, "end": START + timedelta(days=2), "rises": True, "accounts": frozenset({"prod"}), "owner": "",
        "off": {START + timedelta(days=n): off for n, off in enumerate((200.0, 210.0, 190.0))},
    }  # fmt: skip
    return Course(**(values | changed))


def shifted(days: int, **changed: Any) -> Course:
    moved = timedelta(days=days)
    off = {day + moved: amount for day, amount in course().off.items()}
    return course(start=START + moved, end=course().end + moved, off=off, **changed)


@pytest.mark.parametrize(
    "other",
    [
        course(rises=False),
        course(accounts=frozenset({"staging"})),
        course(accounts=frozenset({"prod", "staging"})),
        course(owner="search"),
        course(end=START + timedelta(days=5)),
        course(off={START: 900.0, START + timedelta(days=1): 5.0, START + timedelta(days=2): 4.0}),
        course(off={}),
        shifted(2, owner="data"),
        shifted(1),
    ],
)
def test_services_that_differ_in_anything_known_are_not_one(other: Course) -> None:
    assert not course(owner="data").is_like(other)
    assert not other.is_like(course(owner="data"))


def test_services_that_went_alike_are_one_whatever_their_size() -> None:
    small = course(off={day: off / 40 for day, off in course().off.items()})
    assert course().is_like(small)
    assert course(owner="data").is_like(small)
    assert course(owner="data").is_like(course(owner="data"))


def test_a_day_between_is_allowed_where_the_owner_is_known_and_the_same() -> None:
    late = course(start=START + timedelta(days=1), owner="data")
    assert course(owner="data").is_like(late)
    assert not course().is_like(replace(late, owner=""))


def test_falls_have_a_shape_too() -> None:
    fall = course(rises=False, off={day: -off for day, off in course().off.items()})
    assert fall.is_like(replace(fall, off={day: off / 3 for day, off in fall.off.items()}))


@given(st.lists(st.integers(0, 5), max_size=12))
def test_everything_is_in_one_group_whatever_belongs_together(kinds: list[int]) -> None:
    found = grouped(range(len(kinds)), lambda members, at: kinds[members[0]] == kinds[at])
    assert sorted(at for members in found for at in members) == list(range(len(kinds)))
    assert len(found) == len(set(kinds))
    assert found == sorted(found)
