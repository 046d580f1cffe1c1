"""The futures that proposals are measured on are what they are said to be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.commitments.futures import replayed, table
from benchmarks.commitments.futures_drawn import GROWTH, TERM_H, future


def test_a_seed_is_one_future() -> None:
    one, same, other = future(5), future(5), future(6)
    np.testing.assert_array_equal(one.term.quantity, same.term.quantity)
    assert one.growth != other.growth
    assert len(one.term.hours) == TERM_H
    assert one.past.hours[-1] < one.term.hours[0]


def test_growth_and_losses_are_as_often_as_they_are_said_to_be() -> None:
    drawn = [future(seed) for seed in range(25)]
    assert all(GROWTH[0] <= one.growth <= GROWTH[1] for one in drawn)
    assert 1 <= sum(bool(one.lost) for one in drawn) <= 8
    gone = next(one for one in drawn if one.lost)
    parts = (gone.term.lines["service"] + " " + gone.term.lines["instance_type"].str.split(".").str[0]).str.strip()
    left = gone.term.quantity[:, parts.eq(gone.lost).to_numpy()]
    assert left[-1].sum() < 0.5 * gone.past.quantity[-168:, parts.eq(gone.lost).to_numpy()].mean(axis=0).sum()


def test_nothing_saves_more_than_what_was_known_before() -> None:
    results = pd.DataFrame(replayed(3, ["AWS's method, 30 days", "the mean of 30 days"]))
    saved = results.set_index("method")["saving"]
    assert saved.idxmax() == "perfect foresight"
    assert "| perfect foresight | 100.0% | 100.0% |" in table(results)
