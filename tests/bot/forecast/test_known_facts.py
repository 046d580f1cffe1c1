"""Which changes fall into what is forecast: never one that may lie elsewhere, and every dollar on its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forecasts.known_change import SETTLED_AFTER, Place
from tests.bot.forecast.forecast_factories import change

EC2 = {"service": ("ec2",)}
PROD = {"account": "111122223333"}


@pytest.mark.parametrize(
    ("scope", "where", "place"),
    [
        ({}, {}, Place.INSIDE),
        (EC2, {}, Place.INSIDE),
        (EC2, {"service": ("ec2", "vpc")}, Place.INSIDE),
        ({"service": ("ec2", "vpc")}, EC2, Place.UNCLEAR),
        ({"service": ("s3",)}, EC2, Place.APART),
        ({}, EC2, Place.UNCLEAR),
        (EC2, PROD, Place.UNCLEAR),
        ({**EC2, "account": ("111122223333",)}, PROD, Place.INSIDE),
        ({**EC2, "account": ("444455556666",)}, PROD, Place.APART),
        ({**EC2, "account": ("444455556666",)}, {"tag:team": "data", **PROD}, Place.APART),
        (EC2, {"tag:team": "data"}, Place.UNCLEAR),
    ],
)
def test_what_may_lie_elsewhere_is_not_inside(
    scope: dict[str, tuple[str, ...]], where: dict[str, str | tuple[str, ...]], place: Place
) -> None:
    assert change(scope=scope).place(where, None) is place


def test_part_of_a_service_is_inside_of_itself_alone() -> None:
    both = {"service": ("ec2", "vpc")}
    nat = change(scope=both, pattern="NatGateway")
    assert nat.place(both, "NatGateway") is Place.INSIDE
    assert nat.place({}, None) is Place.INSIDE
    assert nat.place(both, "ElasticIP") is Place.UNCLEAR
    assert change(scope=both).place(both, "NatGateway") is Place.UNCLEAR


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.one_of(st.none(), st.integers(0, 90)), st.integers(-60, 120))
def test_the_edges_say_what_every_day_costs_more(first: date, length: int | None, day: int) -> None:
    one = change(first_day=first, last_day=None if length is None else first + timedelta(days=length))
    at = first + timedelta(days=day)
    inside = first <= at and (one.last_day is None or at <= one.last_day)
    assert sum(amount for edge, amount in one.edges() if edge <= at) == (one.per_day if inside else 0)


def test_a_change_moves_a_forecast_from_its_day_until_the_bill_tells_it() -> None:
    one = change(first_day=date(2026, 12, 14))
    assert not one.moves(date(2026, 11, 10), date(2026, 12, 13))
    assert one.moves(date(2026, 11, 10), date(2026, 12, 14))
    assert one.moves(one.first_day + SETTLED_AFTER - timedelta(days=1), date(2027, 2, 1))
    assert not one.moves(one.first_day + SETTLED_AFTER, date(2027, 2, 1))


def test_an_end_still_to_come_moves_it_again() -> None:
    one = change(first_day=date(2026, 8, 1), last_day=date(2026, 12, 14))
    assert one.moves(date(2026, 11, 19), date(2026, 12, 19))
