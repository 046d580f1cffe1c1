"""What a line's change is made of: worked examples, and what must not be told apart."""

from __future__ import annotations

import pytest

from analysis.causes.effects import Effect, effects
from tests.analysis.causes.cause_factories import NAN, by_line, part, table, totals

SP = "Savings Plan"


def test_a_line_that_did_not_move_has_no_effect() -> None:
    assert totals(part((10, 5.0), (10, 5.0))) == {}


def test_an_empty_bill_has_no_lines() -> None:
    assert effects(table()).empty


def test_more_of_it_at_the_same_price_is_usage() -> None:
    assert totals(part((100, 50.0), (300, 150.0))) == {"usage": 100.0}


def test_a_dearer_unit_is_rate() -> None:
    assert totals(part((100, 50.0), (100, 60.0))) == {"rate": 10.0}


def test_both_at_once_are_told_apart_by_the_mean_of_both_sides() -> None:
    # 100 × $0.50 → 200 × $0.80: 100 × $0.65 and 150 × $0.30.
    assert totals(part((100, 50.0), (200, 160.0))) == {"usage": 65.0, "rate": 45.0}


def test_the_other_way_round_is_the_same_with_another_sign() -> None:
    assert totals(part((200, 160.0), (100, 50.0))) == {"usage": -65.0, "rate": -45.0}


def test_usage_that_a_savings_plan_no_longer_covers_is_coverage() -> None:
    # 100 hours at $0.06 by the plan became 100 hours at $0.10 on demand.
    moved = (part((100, 6.0), (0, 0.0), pricing=SP), part((0, 0.0), (100, 10.0)))
    assert totals(*moved) == {"coverage": 4.0}


def test_coverage_rate_and_usage_add_up() -> None:
    # 60 of 100 hours were covered, then 30 of 120; the price on demand rose from $0.10 to $0.11.
    parts = (part((60, 3.6), (30, 1.8), pricing=SP), part((40, 4.0), (90, 9.9)))
    found = totals(*parts)
    assert found == {
        "usage": pytest.approx(20 * (0.076 + 0.0975) / 2),
        "coverage": pytest.approx(110 * (0.105 - 0.06) * 0.35),
        "rate": pytest.approx(110 * 0.01 * (0.4 + 0.75) / 2),
    }
    assert sum(found.values()) == pytest.approx(11.7 - 7.6)


def test_without_how_it_was_paid_rate_and_coverage_are_one() -> None:
    assert totals(part((100, 50.0), (100, 60.0), pricing="")) == {"price": 10.0}


@pytest.mark.parametrize(
    ("before", "now"), [((NAN, 50.0), (100, 60.0)), ((100, 50.0), (NAN, 60.0)), ((0, 50.0), (9, 60))]
)
def test_a_quantity_that_is_missing_is_unknown_and_not_zero(
    before: tuple[float, float], now: tuple[float, float]
) -> None:
    assert totals(part(before, now)) == {"unknown": 10.0}


def test_one_part_without_a_quantity_makes_its_line_unknown() -> None:
    assert totals(part((10, 5.0), (20, 10.0)), part((NAN, 1.0), (1, 1.0), pricing=SP)) == {"unknown": 5.0}


def test_a_price_a_hundred_times_another_is_no_price_of_the_same_thing() -> None:
    assert totals(part((1, 100.0), (10_000, 120.0))) == {"unknown": 20.0}


@pytest.mark.parametrize("sliver", [5e-324, 1e-300, 1e-9])
def test_the_price_of_a_sliver_of_a_quantity_explains_nothing(sliver: float) -> None:
    assert totals(part((sliver, 1.0), (10.0, 0.0))) == {"unknown": -1.0}
    assert totals(part((10.0, 0.0), (sliver, 1.0))) == {"unknown": 1.0}


@pytest.mark.parametrize("quantities", [(-1.0, 1.0, 5e-324), (1.0, -1.0, 1e-308)])
def test_quantities_that_cancel_to_a_sliver_tell_no_coverage(quantities: tuple[float, ...]) -> None:
    """No warning, whichever side they are on."""
    ways = ("Standard", SP, "Spot")
    there = [part((was, 1.0), (5.0, 5.0), pricing=way) for was, way in zip(quantities, ways, strict=True)]
    back = [part((5.0, 5.0), (was, 1.0), pricing=way) for was, way in zip(quantities, ways, strict=True)]
    assert totals(*there) == {"unknown": 12.0}
    assert totals(*back) == {"unknown": -12.0}


def test_the_end_of_what_is_free_is_rate() -> None:
    assert totals(part((100, 0.0), (100, 4.0))) == {"rate": 4.0}


def test_a_line_of_its_own_kind_that_was_not_there_is_new() -> None:
    assert totals(part(now=(1000, 34.0), usage_type="USE1-NovaPro-input-tokens")) == {"new": 34.0}


def test_a_new_line_needs_no_quantity() -> None:
    assert totals(part(now=(NAN, 34.0))) == {"new": 34.0}


def test_what_is_no_longer_there_is_gone() -> None:
    assert totals(part((100, 34.0))) == {"gone": -34.0}


def test_a_size_that_replaced_another_is_mix_and_only_what_came_on_top_is_new() -> None:
    # 100 hours of m5.large at $0.10 became 150 of m5.xlarge at $0.20: 100 exchanged, 50 new.
    lines = by_line(part((100, 10.0)), part(now=(150, 30.0), usage_type="BoxUsage:m5.xlarge"))
    assert lines == {"BoxUsage:m5.large": {"mix": -10.0}, "BoxUsage:m5.xlarge": {"mix": 20.0, "new": 10.0}}


def test_an_exchange_at_the_same_price_costs_nothing() -> None:
    moved = (part((100, 10.0), (40, 4.0), tag="a"), part((10, 1.0), (70, 7.0), tag="b"))
    assert totals(*moved) == {}
    assert [round(value, 9) for value in effects(table(*moved))[Effect.MIX]] == [-6.0, 6.0]


def test_sizes_that_grow_together_are_usage_and_no_mix() -> None:
    assert totals(part((100, 10.0), (200, 20.0)), part((50, 20.0), (100, 40.0), usage_type="BoxUsage:c5.4xlarge")) == {
        "usage": 30.0
    }


@pytest.mark.parametrize("changed", [{"account": "staging"}, {"unit": "GB"}, {"usage_type": "NatGateway-Hours"}])
def test_only_what_can_stand_in_for_each_other_is_exchanged(changed: dict[str, str]) -> None:
    assert totals(part((100, 10.0), (50, 5.0)), part((50, 5.0), (100, 10.0), **changed)) == {}
    both = by_line(part((100, 10.0), (50, 5.0)), part((50, 5.0), (100, 10.0), **({"usage_type": "x"} | changed)))
    assert all("mix" not in one for one in both.values())


def test_what_has_no_unit_is_exchanged_with_nothing() -> None:
    lines = by_line(
        part((100, 10.0), (50, 5.0), unit=""), part((1, 5.0), (2, 10.0), unit="", usage_type="BoxUsage:c5.large")
    )
    assert lines == {"BoxUsage:m5.large": {"usage": -5.0}, "BoxUsage:c5.large": {"usage": 5.0}}


@pytest.mark.parametrize(
    ("category", "effect"),
    [("Credit", "credits"), ("Refund", "credits"), ("Tax", "fees"), ("Purchase", "fees"), ("UnusedCommitment", "fees")],
)
def test_what_is_no_usage_is_credits_or_fees(category: str, effect: str) -> None:
    assert totals(part((1, -5.0), (2, -7.0), category=category)) == {effect: -2.0}


def test_a_negative_line_is_explained_like_any_other() -> None:
    assert totals(part((10, -5.0), (20, -10.0))) == {"usage": -5.0}
