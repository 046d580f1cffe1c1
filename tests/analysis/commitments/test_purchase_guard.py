"""A past that is no guide blocks a proposal, with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.purchase_guard import blocked


def days(*levels: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(24 * count, level) for count, level in levels])


@pytest.mark.parametrize(
    "of",
    [
        days((30, 10.0)),
        days((23, 10.0), (7, 30.0)),
        # 9.57 over the look-back, 8.10 in its last week: 15 % less.
        days((23, 10.0), (7, 8.1)),
        days((14, 10.0)),
        # What came before the look-back does not count.
        days((60, 100.0), (30, 10.0)),
    ],
)
def test_lets_pass_what_is_steady_or_rises(of: np.ndarray) -> None:
    assert blocked(of) == ""


def test_blocks_what_has_fallen_by_a_fifth() -> None:
    assert blocked(days((23, 10.0), (7, 7.0))) == (
        "the last 7 days cost $7.00 an hour, 25 % less than the $9.30 of the last 30 days; "
        "what has just fallen is not yet what stays"
    )


def test_a_fall_of_exactly_the_worst_trend_blocks() -> None:
    # (23 * 10 + 7 * x) / 30 * 0.8 = x
    level = 0.8 * 230 / (30 - 0.8 * 7)
    assert blocked(days((23, 10.0), (7, level * 0.9999)))
    assert not blocked(days((23, 10.0), (7, level * 1.0001)))


def test_blocks_where_nothing_is_spent_any_more() -> None:
    assert blocked(days((23, 10.0), (7, 0.0))) == "nothing was spent on demand in the last 7 days"
    assert blocked(days((30, 0.0))) == "nothing was spent on demand in the last 7 days"


def test_blocks_a_past_of_less_than_two_weeks() -> None:
    assert blocked(days((13, 10.0))) == "13 days of hourly usage are known; a proposal needs 14"
