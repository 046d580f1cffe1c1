"""No quarter sees more than a set share of the commitment end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.commitments.ladder import Rung, ladder, largest_end


def test_nothing_to_buy_has_no_rungs() -> None:
    assert ladder(0.0, years=1) == []
    assert largest_end([], years=1) == 0.0


def test_a_year_is_bought_in_four_quarters() -> None:
    assert ladder(8.0, years=1) == [Rung(0, 2.0), Rung(1, 2.0), Rung(2, 2.0), Rung(3, 2.0)]


def test_a_larger_share_is_bought_sooner() -> None:
    assert ladder(8.0, years=1, share=0.5) == [Rung(0, 4.0), Rung(1, 4.0)]
    assert ladder(8.0, years=1, share=1.0) == [Rung(0, 8.0)]


def test_three_years_need_no_more_quarters_than_the_share_asks() -> None:
    assert ladder(8.0, years=3) == [Rung(0, 2.0), Rung(1, 2.0), Rung(2, 2.0), Rung(3, 2.0)]


def test_what_is_owned_makes_room_and_takes_it() -> None:
    # 12 are owned and end next quarter: of 20 together 5 may end in any quarter a year from now.
    assert ladder(8.0, years=1, owned_ends=[0.0, 12.0]) == [Rung(0, 5.0), Rung(1, 3.0)]
    # 4 of those that are owned end a year from now already.
    assert ladder(8.0, years=1, owned_ends=[0.0, 8.0, 0.0, 0.0, 4.0]) == [Rung(0, 1.0), Rung(1, 5.0), Rung(2, 2.0)]


def test_a_share_that_four_quarters_cannot_keep_is_spread_alike() -> None:
    rungs = ladder(8.0, years=1, share=0.1)
    assert [rung.hourly for rung in rungs] == pytest.approx([2.0] * 4)


@pytest.mark.parametrize(("hourly", "share"), [(1.0, 0.0), (1.0, 1.1), (-1.0, 0.5)])
def test_says_what_cannot_be(hourly: float, share: float) -> None:
    with pytest.raises(ValueError):
        ladder(hourly, years=1, share=share)


@given(
    hourly=st.floats(0.01, 500), years=st.sampled_from([1, 3]), owned=st.lists(st.floats(0, 100), max_size=16),
    share=st.floats(0.25, 1.0),
)  # fmt: skip
def test_rungs_add_up_and_keep_the_share_where_what_is_owned_leaves_room(
    hourly: float, years: int, owned: list[float], share: float
) -> None:
    rungs = ladder(hourly, years=years, owned_ends=owned, share=share)
    assert sum(rung.hourly for rung in rungs) == pytest.approx(hourly)
    whole = hourly + sum(owned)
    later = owned[4 * years :]
    if max(later, default=0.0) <= 0.1 * share * whole and sum(later) == 0:
        assert largest_end(rungs, years=years, owned_ends=owned) <= share + 0.001 / whole + 1e-9
