"""What costbot may spend: never one request or one cent more, whoever asks at once, and after every restart."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.charges import METRIC_DATA, Booking, Charge, Unit, charge_of
from bot.settings import Settings
from bot.spending import AllowanceUsed, CapReached, Spending, SpendingRefused
from bot.store import Store

NOW = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
REQUEST = Charge("ce", "GetCostAndUsage", Unit.REQUEST, 1, 0.01)
PAGE = Charge("ce", "GetCostAndUsage", Unit.PAGE, 1, 0.01)


class Books(Spending):
    """Spending on a clock that a test moves."""

    def __init__(self, store: Store, settings: Settings, now: datetime = NOW) -> None:
        super().__init__(store, settings, lambda: self.time)
        self.time = now


def books(tmp_path: Path, **settings: float) -> Books:
    return Books(Store(tmp_path / "costbot.db"), Settings(**settings))  # type: ignore[arg-type]


def test_the_thirteenth_request_of_a_day_is_refused_with_the_time_it_is_possible(tmp_path: Path) -> None:
    spent = books(tmp_path)
    for _ in range(12):
        spent.book(REQUEST)
    with pytest.raises(AllowanceUsed) as refused:
        spent.book(REQUEST)
    assert str(refused.value) == (
        "All 12 Cost Explorer requests of today are used. It is possible again from Nov 25 00:00 UTC on; "
        "COSTBOT_CE_REQUESTS_A_DAY allows more, at $0.01 each."
    )
    assert spent.standing().requests_today == 12


def test_further_pages_and_other_services_need_no_request(tmp_path: Path) -> None:
    spent = books(tmp_path, ce_requests_a_day=1)
    spent.book(REQUEST)
    for _ in range(20):
        spent.book(PAGE)
    spent.book(Charge("cloudwatch", "GetMetricData", Unit.METRIC, 500, 0.005))
    spent.book(Charge("athena", "StartQueryExecution", Unit.REQUEST, 1, 0.0))
    assert spent.standing().requests_left == 0


def test_midnight_in_utc_brings_new_requests(tmp_path: Path) -> None:
    spent = books(tmp_path, ce_requests_a_day=1)
    spent.book(REQUEST)
    spent.time += timedelta(minutes=11)
    spent.book(REQUEST)
    with pytest.raises(AllowanceUsed):
        spent.book(REQUEST)


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    first = books(tmp_path, ce_requests_a_day=3)
    first.book(REQUEST)
    first.book(REQUEST)
    again = books(tmp_path, ce_requests_a_day=3)
    again.book(REQUEST)
    with pytest.raises(AllowanceUsed):
        again.book(REQUEST)


def test_a_failed_request_may_be_made_again_and_is_taken_back_from_its_own_day(tmp_path: Path) -> None:
    spent = books(tmp_path, ce_requests_a_day=1)
    booking = spent.book(REQUEST)
    spent.time += timedelta(minutes=11)
    spent.take_back(booking)
    assert spent.standing().requests_today == 0
    assert spent.standing().usd_this_month == 0
    spent.book(REQUEST)
    with pytest.raises(AllowanceUsed):
        spent.book(REQUEST)


def test_no_allowance_is_no_request_and_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(AllowanceUsed, match=r"COSTBOT_CE_REQUESTS_A_DAY is 0, so Cost Explorer is not asked\. Set it"):
        books(tmp_path, ce_requests_a_day=0).book(REQUEST)


def test_the_cap_counts_all_sources_of_the_month(tmp_path: Path) -> None:
    spent = books(tmp_path, monthly_api_cap=0.05)
    spent.book(REQUEST)
    spent.book(PAGE)
    metrics = Charge("cloudwatch", "GetMetricData", Unit.METRIC, 4000, METRIC_DATA.of(4000))
    with pytest.raises(CapReached) as refused:
        spent.book(metrics)
    assert str(refused.value) == (
        "CloudWatch metrics are not read: costbot has spent $0.02 on AWS calls this month, and $0.04 more would exceed "
        "its cap of $0.05. Raise COSTBOT_MONTHLY_API_CAP (0 is no cap), or wait until Dec 1; `/cost meter` shows what "
        "was spent."
    )
    for _ in range(3):
        spent.book(PAGE)
    with pytest.raises(CapReached):
        spent.book(PAGE)
    spent.time = datetime(2026, 12, 1, tzinfo=UTC)
    spent.book(metrics)


def test_a_cap_of_zero_is_none(tmp_path: Path) -> None:
    spent = books(tmp_path, monthly_api_cap=0)
    for _ in range(50):
        spent.book(Charge("ce", "GetCostAndUsage", Unit.PAGE, 1, 1000.0))
    assert spent.standing().usd_left == float("inf")


def test_threads_and_processes_at_once_never_exceed_the_day_s_requests(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from tests.bot.test_spending import REQUEST, books\n"
        "from bot.spending import AllowanceUsed\n"
        "spent, made = books(pathlib.Path(sys.argv[1])), 0\n"
        "for _ in range(20):\n"
        "    try:\n"
        "        spent.book(REQUEST)\n"
        "        made += 1\n"
        "    except AllowanceUsed:\n"
        "        pass\n"
        "print(made)\n"
    )
    shared = books(tmp_path)
    others = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    made: list[Booking] = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        for _ in range(3):
            try:
                made.append(shared.book(REQUEST))
            except AllowanceUsed:
                return

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = len(made) + sum(int(other.communicate()[0]) for other in others)
    assert total == 12
    assert shared.standing().requests_today == 12


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(list(Unit)), st.floats(0, 2), st.integers(0, 72), st.sampled_from(["ok", "failed"])),
        max_size=40,
    ),
    requests_a_day=st.integers(0, 4),
    cap=st.sampled_from([0.0, 0.05, 1.0, 3.0]),
)
def test_whatever_is_called_the_limits_hold(
    calls: list[tuple[Unit, float, int, str]], requests_a_day: int, cap: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spent = books(tmp_path_factory.mktemp("books"), ce_requests_a_day=requests_a_day, monthly_api_cap=cap)
    start = datetime(2026, 11, 29, tzinfo=UTC)
    kept: list[tuple[datetime, Charge]] = []
    for unit, usd, hours, outcome in sorted(calls, key=lambda call: call[2]):
        spent.time = start + timedelta(hours=hours)
        charge = Charge("ce", "GetCostAndUsage", unit, 1, usd)
        try:
            booking = spent.book(charge)
        except SpendingRefused:
            continue
        if outcome == "failed":
            spent.take_back(booking)
        else:
            kept.append((spent.time, charge))
    days = {at.date() for at, _ in kept}
    for day in days:
        assert sum(at.date() == day and charge.unit is Unit.REQUEST for at, charge in kept) <= requests_a_day
    for month in {day.month for day in days}:
        assert not cap or sum(charge.usd for at, charge in kept if at.month == month) <= cap + 1e-5


@pytest.mark.parametrize(
    ("service", "operation"),
    [("ec2", "DescribeInstances"), ("cloudwatch", "ListMetrics"), ("organizations", "ListAccounts"), ("sts", "Any")],
)
def test_most_calls_are_free(service: str, operation: str) -> None:
    assert charge_of(service, operation, {}) is None
