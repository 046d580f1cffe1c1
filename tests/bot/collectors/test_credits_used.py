"""The table `credits_used`: dollars as positive numbers, days without a credit as zero, days not stored as unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.costs import Cut
from bot.collectors import credits_used
from tests.bot.collectors.bill_factories import END, TODAY, charges, stored


def bill(start: date, *credits: tuple[date, date, float]) -> list[dict[str, Any]]:
    rows = charges(Cut.CHARGE, start, TODAY, 100.0, service_name="EC2 - Other")
    for first, until, usd in credits:
        rows += charges(Cut.CHARGE, first, until, -usd, service_name="EC2 - Other", charge_category="Credit")
    return rows


def test_a_bill_without_credits_has_no_row(tmp_path: Path) -> None:
    assert credits_used.read(stored(tmp_path, bill(date(2026, 10, 1)))).empty


def test_tells_credits_that_stopped(tmp_path: Path) -> None:
    start = date(2026, 9, 1)
    (row,) = credits_used.read(stored(tmp_path, bill(start, (start, date(2026, 11, 8), 10.0)))).to_dict("records")

    assert row["credit_days"] == (date(2026, 11, 8) - END).days + 35
    assert (row["daily_before"], row["daily_recent"]) == (pytest.approx(10.0), 0.0)
    assert row["slope"] == pytest.approx(0.0)


def test_what_is_not_stored_before_is_missing(tmp_path: Path) -> None:
    start = date(2026, 10, 10)
    (row,) = credits_used.read(stored(tmp_path, bill(start, (start, TODAY, 5.0)))).to_dict("records")

    assert (row["days"], row["daily"]) == (39, pytest.approx(5.0))
    assert row["daily_before"] != row["daily_before"], "missing"
