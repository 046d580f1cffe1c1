"""Hours that a purchase could cover: of complete days, from months that have them, and what to do where none does."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame, Timestamp

from analysis.costs import Cut
from bot.collectors import savings_plans
from bot.commitments.hours import HourlyMonths, eligible_of, eligible_usage, hourly_months, offers_for
from bot.commitments.kept import FOLDER
from bot.commitments.stored_hours import StoredHours
from bot.context import Context
from bot.errors import CostbotError, NotEnoughData
from bot.tables import typed, write_table
from tests.bot.collectors.bill_factories import END, charges, stored
from tests.bot.commitments.hourly_bills import exported, hours
from tests.bot.decisions_factories import context as faked

PLAN = "arn:aws:savingsplans::111122223333:savingsplan/p-1"


def stored_hours(folder: Path, rows: list[dict[str, Any]], days: int = 7) -> HourlyMonths:
    """The newest of these hours as one month's file."""
    path = folder / "hourly.parquet"
    write_table(path, DataFrame(rows))
    return HourlyMonths(StoredHours((str(path),), END - timedelta(days=days), END), str(folder), ())


def refused(context: Context, days: int = 60) -> CostbotError:
    with pytest.raises(NotEnoughData) as raised:
        eligible_usage(context, days)
    return raised.value


def owns(data_dir: Path, **told: object) -> None:
    """The last scan found a Compute plan."""
    plan = {
        "account_id": "111122223333",
        "name": "Compute Savings Plan $0.50/h",
        "kind": "Savings Plan",
        "commitment_id": PLAN,
        "type": "Compute",
        "hourly_usd": 0.5,
        "state": "active",
        "starts_at": Timestamp("2026-01-01"),
        "ends_at": Timestamp("2027-01-01"),
    } | told
    known = {name: "" for name, dtype in savings_plans.COLUMNS.items() if dtype == "str"} | {"ignored": False}
    folder = data_dir / FOLDER
    folder.mkdir(exist_ok=True)
    write_table(folder / "savings_plans.parquet", typed([known | plan], savings_plans.COLUMNS))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Ten machines on demand; for tests that change nothing."""
    return exported(tmp_path_factory.mktemp("told"), hours())


def test_without_costs_there_is_a_next_step(tmp_path: Path) -> None:
    assert "costbot refresh" in refused(faked(tmp_path)).remedy


def test_cost_explorers_days_are_no_hours(tmp_path: Path) -> None:
    told = refused(stored(tmp_path, charges(Cut.CHARGE, date(2026, 11, 1), date(2026, 11, 20), 10.0)))

    assert "by the day" in told.cause
    assert "costbot ingest focus" in told.remedy
    assert "get-savings-plans-purchase-recommendation" in told.remedy


def test_an_export_that_is_kept_without_hours_says_which_setting_keeps_them(tmp_path: Path) -> None:
    told = refused(exported(tmp_path, []))

    assert "COSTBOT_DETAIL_MONTHS" in told.remedy


def test_an_export_by_the_day_is_told_from_one_by_the_hour(tmp_path: Path) -> None:
    midnights = [row for row in hours() if row["hour"].hour == 0]

    with pytest.raises(NotEnoughData, match="by the day, not by the hour"):
        eligible_of(stored_hours(tmp_path, midnights))


def test_a_bill_without_anything_to_commit_to_is_no_error_of_reading(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="Nothing that a commitment could cover was used"):
        eligible_of(stored_hours(tmp_path, hours(usage_type="NatGateway-Hours")))


def test_a_bill_in_another_currency_has_no_rates(tmp_path: Path) -> None:
    assert "EUR" in refused(exported(tmp_path, hours(currency="EUR"), currency="EUR")).cause


def test_reads_the_hours_of_complete_days_only(told: Context) -> None:
    found = eligible_usage(told, 60)

    assert found.until == Timestamp(END, tz="UTC")
    assert found.last_hour == Timestamp(END, tz="UTC") - timedelta(hours=1)
    assert len(found.everything.hours) == (END - date(2026, 10, 1)).days * 24
    assert found.left.quantity.sum() == pytest.approx(10.0 * len(found.left.hours))
    assert not found.is_owned_known


def test_reads_the_newest_days_that_were_asked_for(told: Context) -> None:
    assert len(eligible_usage(told, 7).everything.hours) == 7 * 24


def test_months_before_a_gap_are_left_out(tmp_path: Path) -> None:
    found = eligible_usage(exported(tmp_path, hours(), without=(date(2026, 10, 1),)), 60)

    assert found.everything.hours[0] == Timestamp("2026-11-01", tz="UTC")


def test_spot_and_other_usage_is_left_out(tmp_path: Path) -> None:
    spot = hours(quantity=5.0, pricing_category="Dynamic", usage_type="SpotUsage:m5.large")
    disks = hours(quantity=7.0, usage_type="EBS:VolumeUsage.gp3")
    found = eligible_of(stored_hours(tmp_path, [*hours(), *spot, *disks]))

    assert found.everything.lines["usage_type"].tolist() == ["BoxUsage:m5.large"]


def test_what_is_owned_is_taken_off_by_the_bill(tmp_path: Path) -> None:
    paid = hours(
        quantity=7.0, effective_cost=0.49, billed_cost=0.0, commitment_id=PLAN, commitment_type="Savings Plan",
        pricing_category="Committed",
    )  # fmt: skip
    owns(tmp_path)
    found = eligible_of(stored_hours(tmp_path, [*hours(), *paid]))

    assert found.left.quantity.mean() == pytest.approx(10.0)
    assert found.everything.quantity.mean() == pytest.approx(17.0)
    [one] = found.held
    assert (one.kind, one.used, one.ends_at) == ("Compute", pytest.approx(0.49), Timestamp("2027-01-01", tz="UTC"))
    assert found.is_owned_known


def test_the_worker_is_handed_something_small_and_reads_once_until_a_file_changes(tmp_path: Path) -> None:
    context = exported(tmp_path, hours())
    months = hourly_months(context, 7)

    assert pickle.loads(pickle.dumps(months)) == months
    found = eligible_of(months)
    assert eligible_of(hourly_months(context, 7)) is found
    owns(tmp_path)
    assert eligible_of(hourly_months(context, 7)).is_owned_known
    before = hourly_months(context, 7)
    hourly = Path(before.hours.paths[0])
    hourly.with_suffix(".new").write_bytes(hourly.read_bytes())
    hourly.with_suffix(".new").replace(hourly)
    assert hourly_months(context, 7) != before


def test_offers_are_of_what_is_used(told: Context) -> None:
    found = offers_for(told, eligible_usage(told, 7).left)

    assert [(one.kind, one.rates.tolist()) for one in found] == [("Compute", [0.07]), ("EC2Instance", [0.06])]
    assert told.aws.asked == [["BoxUsage:m5.large"], ["AmazonEC2"]]  # type: ignore[attr-defined]
