"""What is planted can be seen on any day the demo starts, and nothing else looks like an incident."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.demo.aws.ledger import Statement
from bot.demo.aws.planted_costs import LOGS_DRIFT, NAT_SPIKE, NEW_SERVICE, PlantedCost
from bot.demo.aws.record_types import USAGE_LIKE
from tests.demo.aws.ledger_factories import NOW, daily, ledger

STARTS = [
    NOW,
    datetime(2026, 3, 3, 10, tzinfo=UTC),
    datetime(2027, 1, 1, 10, tzinfo=UTC),
    datetime(2026, 8, 31, 23, tzinfo=UTC),
    datetime(2028, 2, 29, 4, tzinfo=UTC),
]


def bill(start: datetime, seed: int = 7) -> Statement:
    return ledger(seed, start).at(start)


def series(found: Statement, planted: PlantedCost) -> np.ndarray:
    return daily(
        found,
        "NetAmortizedCost",
        service=planted.service,
        account_id=planted.account_id,
        region=planted.region,
        team=planted.team,
        usage_type=planted.usage_type,
    )


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_nat_spike_is_material_on_any_start(start: datetime) -> None:
    nat = series(bill(start), NAT_SPIKE)
    # Today is the last column; yesterday may not have arrived whole.
    before, during = nat[-35:-4], nat[[-4, -3]]

    assert before == pytest.approx(NAT_SPIKE.expected_daily, rel=NAT_SPIKE.tolerance * 2)
    assert during == pytest.approx(NAT_SPIKE.actual_daily, rel=NAT_SPIKE.tolerance * 1.2)
    assert (during - before.mean() > 150).all()
    assert nat[-2] > 3 * before.mean()


def test_the_nat_spike_is_over_today() -> None:
    full = ledger().complete(NOW.date() + timedelta(days=1))
    row = next(
        i
        for i, line in enumerate(full.lines)
        if line.usage_type == "NatGateway-Bytes" and line.team == "platform" and line.account_id == NAT_SPIKE.account_id
    )

    assert full.unblended[row, -2:] == pytest.approx(NAT_SPIKE.expected_daily, rel=NAT_SPIKE.tolerance)
    assert full.unblended[row, -5:-2] == pytest.approx(NAT_SPIKE.actual_daily, rel=NAT_SPIKE.tolerance)


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_logs_drift_by_nine_percent_a_month_for_three_months(start: datetime) -> None:
    found = bill(start)
    logs = daily(found, "NetAmortizedCost", service=LOGS_DRIFT.service, account_id=LOGS_DRIFT.account_id)
    now, then, before = logs[-10:-3].mean(), logs[-94:-87].mean(), logs[-178:-171].mean()

    assert LOGS_DRIFT.monthly_growth is not None
    assert (now / then) ** (30 / 84) - 1 == pytest.approx(LOGS_DRIFT.monthly_growth, abs=0.025)
    assert abs((then / before) ** (30 / 84) - 1) < 0.03


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_new_service_is_ten_days_old_and_material(start: datetime) -> None:
    new = daily(bill(start), "NetAmortizedCost", service=NEW_SERVICE.service)

    assert not new[:-11].any()
    assert (new[-11:-2] > 20).all()
    assert new[-11:-2].mean() == pytest.approx(NEW_SERVICE.actual_daily, rel=NEW_SERVICE.tolerance)


@pytest.mark.parametrize(("start", "seed"), [*((start, 7) for start in STARTS), (NOW, 3)], ids=str)
def test_nothing_else_is_an_incident(start: datetime, seed: int) -> None:
    assert incidents(bill(start, seed)) == {
        (NAT_SPIKE.service, NAT_SPIKE.account_id),
        (NEW_SERVICE.service, NEW_SERVICE.account_id),
    }


def incidents(found: Statement) -> set[tuple[str, str]]:
    """Services of accounts with a day $10 and 20 % from its last four weekdays, unless last month had that day too."""
    costs: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(found.shares.shape[1]))
    for line, values in zip(found.lines, found.values["NetAmortizedCost"], strict=True):
        if line.record_type in USAGE_LIKE:
            costs[line.service, line.account_id] += values
    return {key for key, cost in costs.items() if _far_off_days(found, cost)}


def _far_off_days(found: Statement, cost: np.ndarray) -> list[int]:
    expected = np.median([cost[63 - back : cost.size - 1 - back] for back in (7, 14, 21, 28)], axis=0)
    off = cost[63:-1] - expected
    off[-2:] = np.maximum(off[-2:], 0)  # late data is no drop
    far = np.flatnonzero((np.abs(off) >= 10) & (np.abs(off) >= 0.2 * expected))
    return [int(day) for day in far if not _charged_last_month_too(found, cost, int(day) + 63, float(expected[day]))]


def _charged_last_month_too(found: Statement, cost: np.ndarray, column: int, expected: float) -> bool:
    day = found.first_day + timedelta(days=column)
    if day.day > 2:
        return False
    before = found.column((day.replace(day=1) - timedelta(days=1)).replace(day=day.day))
    return before >= 0 and bool(cost[before] > expected + 10)
