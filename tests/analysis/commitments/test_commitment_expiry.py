"""What the bill does when a commitment ends, and whether something takes its place."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.commitments.expiry import cliffs, renewed
from bot.collectors import reservations, reservations_use
from bot.tables import typed

NOW = pd.Timestamp("2026-11-20")
ARN = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r-1"


def held(*rows: dict[str, Any]) -> DataFrame:
    usual = {
        "account_id": "111122223333",
        "resource_id": "r-1",
        "kind": "Reserved",
        "commitment_id": ARN,
        "type": "r5.xlarge",
        "state": "active",
        "hourly_usd": 1.0,
        "ends_at": NOW + pd.Timedelta(days=20),
        "seen_at": NOW,
    }
    known = {name: "" for name, dtype in reservations.COLUMNS.items() if dtype == "str"} | {"ignored": False}
    return typed([known | usual | row for row in rows], reservations.COLUMNS)


def use(**told: Any) -> DataFrame:
    usual = {"commitment_id": ARN, "days": 7.0, "used": 100.0, "unused": 68.0, "on_demand": 168.0, "ignored": False}
    known = {name: "" for name, dtype in reservations_use.COLUMNS.items() if dtype == "str"}
    return typed([known | usual | told], reservations_use.COLUMNS)


def test_the_cliff_is_on_demand_less_the_whole_commitment() -> None:
    [row] = cliffs(held({"hourly_usd": 0.6}), use()).to_dict("records")

    # $168 in seven days are $1 an hour.
    assert row == {
        "days_left": 20.0,
        "monthly_commitment": pytest.approx(438.0),
        "monthly_on_demand": pytest.approx(730.0),
        "monthly_cliff": pytest.approx(292.0),
    }


def test_ending_saves_where_most_is_unused() -> None:
    assert cliffs(held({"hourly_usd": 3.0}), use())["monthly_cliff"].item() == pytest.approx(730 - 2190)


@pytest.mark.parametrize("told", [{"commitment_id": ARN.replace("r-1", "r-2")}, {"on_demand": None}, {"problem": "no"}])
def test_without_its_use_the_cliff_is_unknown(told: dict[str, Any]) -> None:
    row = cliffs(held({}), use(**told)).iloc[0]

    assert pd.isna(row["monthly_cliff"])
    assert row["monthly_commitment"] == 730.0


def test_cost_explorer_tells_the_id_alone() -> None:
    assert cliffs(held({}), use(commitment_id="r-1"))["monthly_on_demand"].item() == pytest.approx(730.0)


def test_a_reservation_that_lists_tell_without_an_arn_is_found() -> None:
    assert cliffs(held({"commitment_id": "r-1"}), use())["monthly_on_demand"].item() == pytest.approx(730.0)


@pytest.mark.parametrize(
    ("following", "is_renewed"),
    [
        ({}, True),
        ({"hourly_usd": 0.5}, False),
        ({"type": "m5.xlarge"}, False),
        ({"starts_at": NOW + pd.Timedelta(days=30)}, False),
        ({"state": "active"}, False),
    ],
)
def test_a_queued_purchase_takes_its_place(following: dict[str, Any], is_renewed: bool) -> None:
    next_ = {"state": "queued", "starts_at": NOW + pd.Timedelta(days=20), "ends_at": NOW + pd.Timedelta(days=385)}

    assert renewed(held({}, next_ | following)).tolist() == [is_renewed, False]
