"""Ends of commitments as changes that a forecast knows of."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.blocks.forecast_known import line_of
from bot.commitments.ends import commitment_ends
from bot.forecasts.known_change import Change, Place
from tests.bot.commitments.commitment_scans import scanned
from tests.bot.decisions_factories import context as faked


def end(folder: Path, **changed: Any) -> Change:
    [found] = commitment_ends(scanned(folder, **changed))
    return found


def test_before_the_first_scan_nothing_ends(tmp_path: Path) -> None:
    assert commitment_ends(faked(tmp_path)) == ()


@pytest.mark.parametrize("changed", [{"on_demand": None}, {"state": "queued"}, {"ends_at": pd.NaT}, {"days": 0.0}])
def test_an_end_without_day_or_dollars_moves_nothing(tmp_path: Path, changed: dict[str, Any]) -> None:
    assert commitment_ends(scanned(tmp_path, **changed)) == ()


def test_usage_costs_its_on_demand_price_from_that_day_on(tmp_path: Path) -> None:
    found = end(tmp_path)

    # $48 on demand a day, of which $36 of the plan were used; what was unused is no usage.
    assert (found.id, found.per_day, found.first_day) == ("E-p-1", pytest.approx(12.0), date(2026, 12, 10))
    assert line_of(found, "USD") == (
        "Dec 10: +$12.00/day, EC2 Instance Savings Plan c5 $1.60/h ends unless something follows "
        "(E-p-1, `/cost commitments`)"
    )


def test_as_billed_covered_usage_costs_nothing_until_then(tmp_path: Path) -> None:
    assert end(tmp_path, settings={"cost_view": "billed"}).per_day == pytest.approx(48.0)


def test_it_falls_where_the_commitment_is_bound_to(tmp_path: Path) -> None:
    compute, instances = end(tmp_path / "a", scope_region=""), end(tmp_path / "b", type="EC2Instance")

    assert compute.place({}, None) is Place.INSIDE
    assert compute.place({"service": "ec2"}, None) is Place.UNCLEAR
    assert instances.place({"service": "ec2"}, None) is Place.INSIDE
    assert instances.place({"service": "rds"}, None) is Place.APART
    assert instances.place({"region": "us-east-1"}, None) is Place.APART
    assert instances.place({"account": "111122223333"}, None) is Place.UNCLEAR
