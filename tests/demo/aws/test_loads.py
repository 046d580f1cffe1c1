"""One load on demand is worth a commitment, one has just shrunk; what is said of both stands in the ledger."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from analysis.commitments.purchase_guard import WORST_TREND, blocked
from bot.demo.aws.ledger_hourly import hourly
from bot.demo.aws.ledger_lines import ON_DEMAND
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.loads import SHRINKING, STEADY, Load
from bot.demo.aws.record_types import RecordType
from tests.demo.aws.ledger_factories import NOW, TODAY, ledger, statement

WEEK = 168
#: The last day of the week that `Load` tells of.
LAST = TODAY - timedelta(days=3)


def dollars(load: Load, *, days: int = 35, seed: int = 7) -> Floats:
    """On demand by the hour, up to the last hour of `LAST`."""
    found = statement() if seed == 7 else ledger(seed).at(NOW)
    rows = [
        (line.account_id, line.region, line.usage_type) == (load.account_id, load.region, load.usage_type)
        and (line.record_type, line.purchase_type) == (RecordType.USAGE, ON_DEMAND)
        for line in found.lines
    ]
    hours: Floats = hourly(found, "UnblendedCost", LAST - timedelta(days=days - 1), LAST)[rows].sum(axis=0)
    return hours


@pytest.mark.parametrize("load", [STEADY, SHRINKING], ids=["steady", "shrinking"])
@pytest.mark.parametrize("seed", [7, 11])
def test_a_load_costs_what_is_said_of_it(load: Load, seed: int) -> None:
    found = dollars(load, seed=seed)

    assert found[-WEEK:].mean() == pytest.approx(load.hourly, rel=0.03)
    assert found[:-WEEK].mean() == pytest.approx(load.before, rel=0.03)
    assert found.min() == pytest.approx(load.least, rel=0.05)


def test_the_steady_load_has_run_around_the_clock_for_as_long_as_anything_is_known() -> None:
    found = dollars(STEADY, days=396)

    by_day = found.reshape(-1, 24)
    assert (np.ptp(by_day, axis=1) < 1e-9).all()
    assert found.min() > 0.9 * STEADY.hourly
    assert blocked(found) == ""


def test_the_shrinking_load_falls_by_a_third_and_no_month_tells_it() -> None:
    found = dollars(SHRINKING, days=60)

    assert SHRINKING.hourly / SHRINKING.before - 1 < WORST_TREND
    assert found[-WEEK:].mean() < 0.70 * found[:-WEEK].mean()
    assert "what has just fallen is not yet what stays" in blocked(found)


def test_nothing_else_of_its_family_runs_in_the_region_of_the_shrinking_load() -> None:
    family = SHRINKING.usage_type.rpartition(".")[0] + "."
    same = {
        (line.account_id, line.usage_type)
        for line in statement().lines
        if line.region == SHRINKING.region and line.usage_type.startswith(family)
    }

    assert same == {(SHRINKING.account_id, SHRINKING.usage_type)}
