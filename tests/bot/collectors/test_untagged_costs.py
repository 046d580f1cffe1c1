"""The table `untagged_costs`: of stored tags only, over whole weeks, without the days that are still filling."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.costs import Cut
from bot.collectors import untagged_costs
from tests.bot.collectors.bill_factories import TODAY, charges, stored


def bill(start: date, *, tagged: float = 60.0, bare: float = 40.0) -> list[dict[str, Any]]:
    rows = charges(Cut.CHARGE, start, TODAY, tagged + bare, service_name="EC2 - Other")
    told = {"service_name": "EC2 - Other", "tag_key": "team"}
    rows += charges(Cut.TAG, start, TODAY, tagged, **told, tag_value="payments")
    return rows + charges(Cut.TAG, start, TODAY, bare, **told, tag_value="")


def test_a_tag_that_is_not_stored_has_no_row(tmp_path: Path) -> None:
    context = stored(tmp_path, charges(Cut.CHARGE, date(2026, 10, 1), TODAY, 10.0, service_name="EC2 - Other"))

    assert untagged_costs.read(context).empty


def test_sums_both_windows(tmp_path: Path) -> None:
    (row,) = untagged_costs.read(stored(tmp_path, bill(date(2026, 9, 1)))).to_dict("records")

    assert (row["name"], row["days"], row["largest"]) == ("team", 28, "EC2 - Other $40.00")
    assert (row["cost"], row["untagged"]) == (pytest.approx(2800.0), pytest.approx(1120.0))
    assert (row["cost_before"], row["untagged_before"]) == (pytest.approx(2800.0), pytest.approx(1120.0))


def test_what_is_not_stored_before_is_missing_and_not_zero(tmp_path: Path) -> None:
    found = untagged_costs.read(stored(tmp_path, bill(date(2026, 10, 1))))

    assert found["days"].tolist() == [28]
    assert found[["cost_before", "untagged_before"]].isna().all(axis=None)
