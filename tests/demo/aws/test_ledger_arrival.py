"""Late data: a day fills up over about two days and is then restated only a little, always towards the same amounts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from bot.demo.aws.ledger_arrival import LATE_SERVICES
from bot.demo.aws.record_types import USAGE_LIKE
from tests.demo.aws.ledger_factories import NOW, TODAY, daily, days_ago, ledger, statement


def shares_by_service(days: int) -> dict[str, float]:
    """Service → share of its usage of the day before `days` days that is known now."""
    found, last = statement(), statement().column(days_ago(days))
    complete = ledger().complete(TODAY).unblended
    known, full = {}, {}
    for index, line in enumerate(found.lines):
        if line.record_type in USAGE_LIKE and index < complete.shape[0]:
            known[line.service] = known.get(line.service, 0) + found.values["UnblendedCost"][index, last]
            full[line.service] = full.get(line.service, 0) + complete[index, last]
    return {service: known[service] / full[service] for service in full if full[service]}


def test_no_charge_is_known_from_the_future() -> None:
    assert statement().today == TODAY
    assert statement().shares.shape[1] == 401


def test_a_quarter_of_the_services_lacks_20_to_65_percent_of_yesterday() -> None:
    shares = shares_by_service(1)
    late = {service for service, share in shares.items() if share < 0.9}

    assert late == LATE_SERVICES
    assert 0.2 <= len(late) / len(shares) <= 0.35
    assert all(0.35 <= shares[service] <= 0.8 for service in late)
    assert all(shares[service] > 0.97 for service in set(shares) - late)


def test_today_has_only_begun() -> None:
    assert 0.02 < daily(statement())[-1] / daily(statement())[-2] < 0.3


def test_two_days_ago_is_nearly_complete_and_ten_days_ago_final() -> None:
    assert min(shares_by_service(2).values()) > 0.98
    assert shares_by_service(10) == pytest.approx(dict.fromkeys(shares_by_service(10), 1.0), abs=1e-12)


def test_days_are_estimated_until_every_service_has_reported_them() -> None:
    estimated = [statement().is_estimated(days_ago(ago)) for ago in range(4)]

    assert estimated == [True, True, False, False]


def test_a_later_now_only_adds_to_the_last_days_and_never_touches_a_settled_one() -> None:
    earlier, later = statement(), statement(NOW + timedelta(hours=30))
    usage = [line.record_type in USAGE_LIKE for line in earlier.lines]
    before = earlier.values["UnblendedCost"][usage]
    after = later.values["UnblendedCost"][[line.record_type in USAGE_LIKE for line in later.lines]][:, :-1]

    assert (after - before > -1e-9).all()
    assert (after[:, -1].sum() - before[:, -1].sum()) > 100
    assert np.array_equal(after[:, :-12], before[:, :-12])


def test_the_same_now_gives_the_same_bill_whatever_was_asked_before() -> None:
    first = statement().values["UnblendedCost"].copy()
    statement(NOW + timedelta(days=3))

    assert np.array_equal(first, statement().values["UnblendedCost"])


def test_the_bill_goes_on_when_the_demo_runs_for_months() -> None:
    later = statement(NOW + timedelta(days=80))

    assert later.today == TODAY + timedelta(days=80)
    assert np.array_equal(later.values["AmortizedCost"][:50, :380], statement().values["AmortizedCost"][:50, :380])
    assert daily(later)[-10] > 2000
