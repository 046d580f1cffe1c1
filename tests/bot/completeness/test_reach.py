"""How far the costs reach, as it reads."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.completeness import Basis, PartialDay
from bot.blocks.reach import how_much, left_out, missing_days, reach
from tests.bot.completeness.completeness_factories import TODAY, nothing, part

UNTIL = date(2026, 11, 24)


def usual(day: int, low: float, high: float) -> PartialDay:
    return part(day, (low + high) / 2, Basis.USUAL, low=low, high=high)


@pytest.mark.parametrize(
    ("partial", "said"),
    [
        ([], "Data until Nov 24"),
        ([part(25, 0.62)], "Data until Nov 24; Nov 25 is about 62 % in and left out (learnt from 34 days)"),
        (
            [part(25, 0.91), part(26, 0.12)],
            "Data until Nov 24; Nov 25 is about 91 % in, Nov 26 is about 12 % in; both are left out "
            "(learnt from 34 days)",
        ),
        (
            [part(25, 0.91), part(26, 0.4), part(27, 0.1)],
            "Data until Nov 24; Nov 25–27 are left out, Nov 25 is about 91 % in (learnt from 34 days)",
        ),
        (
            [usual(25, 0.35, 0.8)],
            "Data until Nov 24; Nov 25 is usually 35–80 % in and left out "
            "(as late as AWS usually is; too few days were seen here)",
        ),
        ([part(25, 0.79, Basis.HOURS)], "Data until Nov 24; Nov 25 is in with 19 of 24 hours and left out"),
        (
            [part(25, None, Basis.ESTIMATED), part(26, None, Basis.ESTIMATED)],
            "Data until Nov 24; Nov 25–26 still incomplete",
        ),
    ],
)
def test_one_provider(partial: list[PartialDay], said: str) -> None:
    assert reach(UNTIL, partial, TODAY) == said


def test_a_provider_that_ends_before_the_others_is_named() -> None:
    partial = [nothing(25), nothing(26), part(26, 0.62)]
    assert reach(UNTIL, partial, TODAY, several=True) == (
        "Data until Nov 24; Nov 25–26 are left out, nothing of Microsoft is there yet"
    )


def test_the_provider_with_the_least_is_named() -> None:
    partial = [part(25, 0.62), part(25, 0.4, provider="Microsoft")]
    assert reach(UNTIL, partial, TODAY, several=True) == (
        "Data until Nov 24; of Microsoft, Nov 25 is about 40 % in and left out (learnt from 34 days)"
    )


def test_a_late_provider_that_ends_in_a_part() -> None:
    partial = [part(25, 0.62, provider="Microsoft"), nothing(26)]
    assert left_out(partial, several=True) == (
        "of Microsoft, Nov 25 is about 62 % in, Nov 26 is not there yet; both are left out"
    )


@pytest.mark.parametrize(("share", "said"), [(0.0, "0"), (0.001, "1"), (0.996, "99"), (1.0, "99"), (0.624, "62")])
def test_a_part_is_never_all_and_something_is_never_nothing(share: float, said: str) -> None:
    assert how_much(part(25, share)) == f"Nov 25 is about {said} % in"


def test_the_prior_at_the_end_is_one_figure() -> None:
    assert how_much(usual(25, 0.99, 1.0)) == "Nov 25 is about 99 % in"


def test_another_year_is_written_out() -> None:
    assert reach(UNTIL, [], date(2027, 3, 1)) == "Data until Nov 24, 2026"


def test_a_provider_s_name_pings_nobody() -> None:
    assert "<!channel>" not in reach(UNTIL, [nothing(25, "<!channel>")], TODAY, several=True)


def test_missing_days_are_unknown_not_zero() -> None:
    days = [nothing(3), nothing(4), nothing(9), nothing(4, "Oracle")]
    assert missing_days(days, date(2026, 11, 1), UNTIL) == (
        "Nov 3–4 are missing from Microsoft's costs: unknown, not zero, and not compared. "
        "Nov 9 is missing from Microsoft's costs: unknown, not zero, and not compared. "
        "Nov 4 is missing from Oracle's costs: unknown, not zero, and not compared."
    )
    assert missing_days(days, date(2026, 11, 10), UNTIL) == ""


def test_a_part_that_stayed_one_says_what_to_do() -> None:
    assert missing_days([part(2, 0.4, Basis.HOURS)], date(2026, 11, 1), UNTIL) == (
        "Only a part of Nov 2 is stored of AWS, and not compared; read that month again."
    )


def test_many_holes_are_counted() -> None:
    days = [nothing(day) for day in (1, 3, 5, 7, 9)]
    assert missing_days(days, date(2026, 11, 1), UNTIL).endswith(" 2 more days are missing or only a part.")
