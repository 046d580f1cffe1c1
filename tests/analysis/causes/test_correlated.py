"""Incidents of one cause in several accounts are one; nothing is merged on a guess."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from analysis.causes import Effect, explain
from analysis.causes.correlated import Incident, correlated, main_cause
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
