"""A part of a day may be too high already; that it is low, or not there, says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from pandas import DataFrame

from analysis.anomalies import detect
from analysis.models import Anomaly, Direction, from_json
from bot.cost_files import CostFiles
from bot.workflows.find_anomalies import find_anomalies
from bot.workflows.scan_anomalies import apply
from tests.bot.anomalies.anomaly_factories import EC2, LAST, Bill, question, scan
from tests.bot.completeness.completeness_factories import fetched
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import context as made_context

AZURE = {"provider": "Microsoft", "sub_account_id": "sub-1"}


def found(tmp_path: Path, *bills: Bill) -> list[Anomaly]:
    costs = CostFiles(tmp_path)
    together = Bill()
    together.rows = [line for bill in bills for line in bill.rows]
    together.store(costs)
    return [from_json(Anomaly, text) for text in find_anomalies(str(tmp_path), question()).anomalies]


def estimated(bill: Bill, since: date) -> Bill:
    """The bill with its days from one on called estimated."""
    for line in bill.rows:
        line["estimated"] = line["date"].date() >= since
    return bill


def filled(shares: dict[date, float], usual: float = 400.0) -> np.ndarray:
    """A cost a day of which only a share is in on some days."""
    return np.array([usual * shares.get(day, 1.0) for day in Bill().days])


def test_days_that_are_hardly_in_are_no_drop(tmp_path: Path) -> None:
    """Four days of a slow provider: a third, a tenth, nothing much. Whole ones at that height would be a drop."""
    slow = {LAST - timedelta(days=n): share for n, share in enumerate((0.02, 0.05, 0.1, 0.3))}
    whole = Bill().line(EC2, "BoxUsage:m5.large", filled(slow))
    assert [one.direction for one in found(tmp_path / "whole", whole)] == [Direction.DOWN]
    part = estimated(Bill().line(EC2, "BoxUsage:m5.large", filled(slow)), LAST - timedelta(days=3))
    assert found(tmp_path / "part", part) == []


def test_a_part_that_is_already_too_high_is_told_and_can_only_grow(tmp_path: Path) -> None:
    bill = estimated(Bill().line(EC2, "BoxUsage:m5.large", filled({LAST: 3.0})), LAST)
    bill.store(CostFiles(tmp_path))
    costs = CostFiles(tmp_path)
    costs.months.note_facts(
        "focus", fetched(datetime.combine(LAST, time(20), UTC), *(f"2026-{month:02}" for month in range(7, 12)))
    )
    (one,) = [from_json(Anomaly, text) for text in find_anomalies(str(tmp_path), question()).anomalies]
    assert (one.direction, one.first_day, one.data_until) == (Direction.UP, LAST, LAST - timedelta(days=1))
    assert one.explanation.endswith(" Nov 19 is usually 11–50 % in: these figures can only grow.")


def test_figures_of_whole_days_are_not_said_to_grow(tmp_path: Path) -> None:
    spike = {LAST - timedelta(days=n): 3.0 for n in (0, 1, 2)}
    bill = estimated(Bill().line(EC2, "BoxUsage:m5.large", filled(spike)), LAST)
    (one,) = found(tmp_path, bill)
    assert "can only grow" not in one.explanation
    assert one.data_until == LAST - timedelta(days=1)


def test_a_provider_that_is_not_there_yet_has_not_dropped_to_zero(tmp_path: Path) -> None:
    aws = Bill().line(EC2, "BoxUsage:m5.large", 400)
    azure = Bill(LAST - timedelta(days=5), 115).line("Virtual Machines", "D4s v5", 300, **AZURE)
    assert found(tmp_path, aws, azure) == []


def test_a_provider_whose_export_stopped_weeks_ago_has_not_dropped_to_zero(tmp_path: Path) -> None:
    aws = Bill().line(EC2, "BoxUsage:m5.large", 400)
    azure = Bill(LAST - timedelta(days=25), 95).line("Virtual Machines", "D4s v5", 300, **AZURE)
    assert found(tmp_path, aws, azure) == []


def test_days_that_a_source_skipped_are_no_drop(tmp_path: Path) -> None:
    hole = {LAST - timedelta(days=n): 0.0 for n in (4, 5)}
    assert found(tmp_path, Bill().line(EC2, "BoxUsage:m5.large", filled(hole))) == []


def test_one_service_that_stops_while_its_provider_goes_on_has_dropped(tmp_path: Path) -> None:
    gone = {LAST - timedelta(days=n): 0.0 for n in range(5)}
    bill = Bill().line(EC2, "BoxUsage:m5.large", filled(gone)).line("Amazon S3", "TimedStorage-ByteHrs", 90)
    (one,) = found(tmp_path, bill)
    assert (one.direction, one.first_day) == (Direction.DOWN, LAST - timedelta(days=4))


def test_a_late_provider_does_not_make_the_others_old(tmp_path: Path) -> None:
    spike = {LAST - timedelta(days=n): 3.0 for n in (0, 1, 2)}
    aws = Bill().line(EC2, "BoxUsage:m5.large", filled(spike))
    azure = Bill(LAST - timedelta(days=5), 115).line("Virtual Machines", "D4s v5", 300, **AZURE)
    (one,) = found(tmp_path, aws, azure)
    assert (one.data_until, one.chart.labels[-1]) == (LAST, "Nov 19")


def test_an_incident_is_not_over_while_the_days_after_it_are_not_in(tmp_path: Path) -> None:
    bot = made_context(tmp_path)
    first, last = LAST - timedelta(days=6), LAST - timedelta(days=5)
    ongoing = made(first_day=first, last_day=last)
    apply(bot, scan(ongoing, until=last))
    outcome = apply(bot, scan(ongoing, until=last + timedelta(days=3)))
    assert outcome.resolved == ()
    assert [one.state for one in bot.store.findings("anomaly")] == ["open"]
    assert apply(bot, scan(ongoing, until=last + timedelta(days=4))).resolved


@pytest.mark.parametrize("share", [0.0, 0.1, 0.35, 0.6, 0.9])
def test_however_little_of_the_newest_days_is_in_nothing_is_told_down(share: float) -> None:
    """The detector alone, as on any morning: yesterday and today are parts of different size in each series."""
    rng = np.random.default_rng(7)
    days = [LAST - timedelta(days=n) for n in range(90)]
    rows = []
    for key in range(20):
        usual = 100.0 * (key + 1)
        for n, day in enumerate(days):
            is_in = min(1.0, share * rng.uniform(0.8, 1.2)) if n < 2 else 1.0
            rows.append((day, f"k{key}", usual * is_in * rng.normal(1, 0.03)))
    verdicts = detect(DataFrame(rows, columns=["date", "key", "cost"]), as_of=LAST)
    assert verdicts[verdicts["direction"] == "down"].empty
