"""Lines that commitments do not tell apart are one line."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.after_discount import Replay
from analysis.commitments.after_discount_alike import alike
from tests.analysis.commitments.simulation_factories import OTHER, OWNER, THIRD, line, plan, reservation, usage

LINES = (
    line("m5.large", 1, 0.1, account_id=OTHER),
    line("m5.large", 2, 0.1 + 1e-12, account_id=THIRD),
    line("m5.large", 4, 0.1),
    line("m5.large", 8, 0.1, account_id=OTHER, platform="Windows"),
    line("m5.large", 16, 0.2, account_id=OTHER),
)


def test_only_what_accounts_without_commitments_use_alike_is_put_together() -> None:
    found = alike(usage(*LINES), [reservation("m5.large")], [plan(1.0, 0.06, 0.06, 0.06, 0.06, 0.06)])

    assert found.line_of.tolist() == [0, 0, 1, 2, 3]
    assert found.usage.quantity.tolist() == [[3.0, 4.0, 8.0, 16.0]]
    assert found.plans[0].rates.tolist() == [0.06] * 4


def test_other_rates_tell_lines_apart() -> None:
    found = alike(usage(*LINES[:2]), [], [plan(1.0, 0.06, np.nan)])

    assert found.line_of.tolist() == [0, 1]


def test_a_change_of_several_lines_is_one_of_theirs() -> None:
    found = alike(usage(*LINES), [reservation("m5.large")], [])
    change = found.change({0: np.array([-1.0]), 1: np.array([-0.5]), 2: np.array([2.0])})

    assert {line: more.tolist() for line, more in change.items()} == {0: [-1.5], 1: [2.0]}


def test_a_change_saves_what_it_saves_of_all_lines() -> None:
    used, plans = usage(*LINES, hours=2), [plan(0.7, 0.06, 0.06, 0.06, 0.15, 0.13)]
    reservations = [reservation("m5.large", 3)]
    change = {0: np.array([-1.0, -0.5]), 4: np.array([1.0, 1.0])}
    fewer = alike(used, reservations, plans)

    found = Replay(fewer.usage, reservations, fewer.plans).outcome(fewer.change(change))
    whole = Replay(used, reservations, plans).outcome(change)

    assert found.saved == pytest.approx(whole.saved)
    assert found.stranded == pytest.approx(whole.stranded)
    assert OWNER in used.lines["account_id"].tolist()
