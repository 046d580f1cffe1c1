"""The exports' files: written when asked for, again when the bill has changed, and otherwise left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.demo.aws.export_store import ExportStore
from bot.demo.aws.export_writer import is_invoiced
from bot.demo.aws.exports import FILES_A_MONTH, export_files
from tests.demo.aws.export_factories import NOVEMBER, OCTOBER, asked, store
from tests.demo.aws.ledger_factories import NOW, ledger, statement

SETTLED = date(2026, 9, 1)


class Hand:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now


def bytes_of(files: tuple[Path, ...]) -> list[str]:
    return [sha256(file.read_bytes()).hexdigest() for file in files]


def test_nothing_is_written_before_it_is_asked_for() -> None:
    found = store()

    assert len(found.months()) == 14
    assert found._folder is None


def test_only_the_month_that_is_asked_for_is_written() -> None:
    found = store()
    delivery = found.delivery("focus", NOVEMBER)

    assert len(delivery.files) == FILES_A_MONTH
    assert found._folder is not None
    assert sorted(found._folder.rglob("*.parquet")) == sorted(delivery.files)
    found.remove()


def test_asking_again_within_the_hour_gives_the_same_files() -> None:
    clock = Hand(NOW)
    found = ExportStore(ledger(), lambda: clock.now)
    first = found.delivery("focus", NOVEMBER)
    clock.now = NOW + timedelta(minutes=59)

    assert found.delivery("focus", NOVEMBER) is first
    found.remove()


def test_a_later_bill_rewrites_the_open_month_and_leaves_the_settled_ones() -> None:
    clock = Hand(NOW)
    found = ExportStore(ledger(), lambda: clock.now)
    settled, open_ = found.delivery("focus", SETTLED), found.delivery("focus", NOVEMBER)
    before = bytes_of(settled.files)
    clock.now = NOW + timedelta(hours=3)

    assert found.delivery("focus", SETTLED) is settled
    assert bytes_of(settled.files) == before
    later = found.delivery("focus", NOVEMBER)
    assert later.digest != open_.digest
    assert bytes_of(later.files) != bytes_of(open_.files)
    costs = [
        asked([str(file) for file in one.files], "SELECT sum(BilledCost) FROM bill")[0][0] for one in (open_, later)
    ]
    assert costs[1] > costs[0]
    found.remove()


def test_the_files_before_the_last_stay_readable_and_the_ones_before_them_go() -> None:
    clock = Hand(NOW)
    found = ExportStore(ledger(), lambda: clock.now)
    deliveries = []
    for hours in range(3):
        clock.now = NOW + timedelta(hours=hours)
        deliveries.append(found.delivery("focus", NOVEMBER))

    assert [all(file.exists() for file in delivery.files) for delivery in deliveries] == [False, True, True]
    found.remove()


def test_a_month_is_written_once_more_when_it_is_invoiced() -> None:
    clock = Hand(datetime(2026, 11, 5, 23, tzinfo=UTC))
    found = ExportStore(ledger(), lambda: clock.now)
    before = found.delivery("focus", SETTLED), found.delivery("focus", OCTOBER)
    clock.now = datetime(2026, 11, 30, 10, tzinfo=UTC)
    after = found.delivery("focus", SETTLED), found.delivery("focus", OCTOBER)

    assert after[0] is before[0]
    assert after[1].digest != before[1].digest
    invoices = [
        asked([str(file) for file in one.files], "SELECT count(InvoiceId) > 0 FROM bill")[0][0]
        for one in (before[1], after[1])
    ]
    assert invoices == [False, True]
    found.remove()


def test_the_invoice_comes_five_days_after_the_month() -> None:
    assert not is_invoiced(OCTOBER, datetime(2026, 11, 5, 23, tzinfo=UTC))
    assert is_invoiced(OCTOBER, datetime(2026, 11, 6, 0, tzinfo=UTC))


def test_the_same_bill_gives_the_same_bytes() -> None:
    first, second = store(), store()

    assert bytes_of(first.delivery("focus", NOVEMBER).files) == bytes_of(second.delivery("focus", NOVEMBER).files)
    first.remove()
    second.remove()


def test_removing_leaves_nothing_behind() -> None:
    found = store()
    files = found.delivery("focus", NOVEMBER).files
    found.remove()

    assert not any(file.exists() for file in files)
    assert found._folder is None


def test_a_new_month_appears_with_its_first_day() -> None:
    clock = Hand(datetime(2026, 11, 30, 23, tzinfo=UTC))
    found = ExportStore(ledger(), lambda: clock.now)
    assert found.months()[-1] == NOVEMBER
    clock.now = datetime(2026, 12, 1, 12, tzinfo=UTC)

    assert found.months()[-1] == date(2026, 12, 1)
    assert found.delivery("focus", date(2026, 12, 1)).files[0].exists()
    found.remove()


@pytest.mark.slow
def test_a_folder_gets_all_months_in_awss_layout(tmp_path: Path) -> None:
    early = statement(datetime(2026, 11, 20, 10, tzinfo=UTC))
    files = export_files(early, tmp_path, "focus-1-0")

    assert len(files) == 14 * FILES_A_MONTH
    assert files[-1] == tmp_path.joinpath(
        "focus-1-0", "data", "BILLING_PERIOD=2026-11", f"focus-1-0-{FILES_A_MONTH:05}.snappy.parquet"
    )
    assert all(file.stat().st_size > 1000 for file in files)
