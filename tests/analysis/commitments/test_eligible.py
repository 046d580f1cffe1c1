"""Usage split by what pays for it today: the bill's own columns decide, ended commitments pay for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame, Timestamp

from analysis.commitments.eligible import Eligible, eligible
from bot.collectors import reservations
from bot.tables import typed
from tests.analysis.commitments.test_hourly import ARN, row, unused
from tests.analysis.commitments.test_hourly import covered as paid

UNTIL = Timestamp("2026-10-05", tz="UTC")
PLAN = "arn:aws:savingsplans::111111111111:savingsplan/p-1"
FIRST = Timestamp("2026-10-01")


def held(**told: Any) -> dict[str, Any]:
    """The reservation that `paid` hours are of; it began long ago and runs for months."""
    return {
        "account_id": "111111111111",
        "name": "1 × m5.large",
        "kind": "Reserved",
        "commitment_id": ARN,
        "service": "AmazonEC2",
        "type": "m5.large",
        "family": "m5",
        "scope_region": "us-east-1",
        "hourly_usd": 0.06,
        "state": "active",
        "starts_at": Timestamp("2026-01-01"),
        "ends_at": Timestamp("2027-01-01"),
    } | told


def owned(*rows: dict[str, Any]) -> DataFrame:
    known = {name: "" for name, dtype in reservations.COLUMNS.items() if dtype == "str"} | {"ignored": False}
    return typed([known | one for one in rows], reservations.COLUMNS)


def days(count: int = 4, *, demand: float = 2.0, covered: float = 1.0, **told: Any) -> list[dict[str, Any]]:
    """Every hour so many instances on demand, and so many that `told` paid for."""
    found = []
    for hour in pd.date_range(FIRST, periods=24 * count, freq="h"):
        at = {"hour": hour}
        found += [row(quantity=demand, list_cost=demand * 0.1, **at)] if demand else []
        if covered:
            cost = {"list_cost": covered * 0.1, "effective_cost": covered * 0.06}
            found.append(paid(quantity=covered, **cost, **at, **told))
    return found


def of(rows: list[dict[str, Any]], *table: dict[str, Any]) -> Eligible:
    return eligible(DataFrame(rows), owned(*table), until=UNTIL)


def test_what_a_commitment_pays_for_is_not_left() -> None:
    found = of(days(), held())

    assert found.everything.quantity.sum() == pytest.approx(96 * 3.0)
    assert found.left.quantity.sum() == pytest.approx(96 * 2.0)
    assert found.left.lines is found.everything.lines
    assert found.last_hour == Timestamp("2026-10-04 23:00", tz="UTC")
    [one] = found.held
    assert (one.name, one.kind, one.used, one.hourly) == ("1 × m5.large", "Reserved", pytest.approx(0.06), 0.06)
    assert one.ends_at == Timestamp("2027-01-01", tz="UTC")
    assert found.covered_by(one).sum() == pytest.approx(96)


def test_hours_that_have_not_arrived_whole_are_left_out() -> None:
    assert len(of(days(6), held()).everything.hours) == 96


def test_what_is_covered_in_full_is_left_with_nothing() -> None:
    found = of(days(demand=0.0), held())

    assert found.left.quantity.tolist() == [[0.0]] * 96
    assert found.everything.on_demand.sum() == pytest.approx(9.6)


def test_what_an_ended_commitment_paid_for_runs_on_demand_today() -> None:
    found = of(days(), held(ends_at=Timestamp("2026-10-04 12:00")))

    assert found.left.quantity.sum() == pytest.approx(96 * 3.0)
    assert found.held == ()


def test_without_a_list_the_bills_newest_day_tells_what_runs() -> None:
    both = [*days(2, commitment_id=PLAN, commitment_type="Savings Plan"), *days(4, demand=0.0)]
    found = of(both)

    # The plan is not on the bill of the newest day: it has ended. The reservation is.
    assert found.left.quantity.sum() == pytest.approx(48 * 3.0)
    [one] = found.held
    assert (one.id, one.kind, one.name, one.ends_at) == (ARN, "Reserved", "Reservation ri-1", None)


def test_what_is_unused_on_the_newest_day_still_runs() -> None:
    rows = [*days(2), *days(4, covered=0.0)[48:], unused("2026-10-04 23:00")]

    assert of(rows).left.quantity.sum() == pytest.approx(96 * 2.0)


def test_a_bill_may_spell_an_id_without_its_arn() -> None:
    found = of(days(), held(commitment_id="ri-1"))

    assert [one.id for one in found.held] == ["ri-1"]
    assert found.left.quantity.sum() == pytest.approx(96 * 2.0)


def test_a_large_purchase_of_the_look_back_cuts_what_is_left_short() -> None:
    began = Timestamp("2026-10-03")
    rows = [*days(2, demand=3.0, covered=0.0), *days(4)[2 * 48 :]]
    found = of(rows, held(starts_at=began))

    assert (len(found.left.hours), found.cut_by) == (48, "1 × m5.large")
    assert found.left.quantity.sum() == pytest.approx(48 * 2.0)
    assert found.covered_by(found.held[0]).shape == (48, 1)
    assert len(of(rows, held(starts_at=began, hourly_usd=0.001)).left.hours) == 96


def test_what_is_queued_does_not_run_yet_and_may_renew_what_ends() -> None:
    end = Timestamp("2026-11-01")
    following = held(commitment_id="ri-2", name="next", state="queued", starts_at=end)
    found = of(days(), held(ends_at=end), following)

    assert found.queued == ("next",)
    assert [(one.name, one.is_renewed) for one in found.held] == [("1 × m5.large", True)]
    assert not of(days(), held(ends_at=end)).held[0].is_renewed


def test_categories_do_as_well_as_texts() -> None:
    rows = DataFrame(days())
    texts = rows.select_dtypes(exclude=["number", "datetime"]).columns
    packed = rows.assign(**{name: pd.Categorical(rows[name].fillna("")) for name in texts})

    plain, coded = (eligible(table, owned(held()), until=UNTIL) for table in (rows, packed))
    np.testing.assert_allclose(plain.left.quantity, coded.left.quantity)
    pd.testing.assert_frame_equal(plain.everything.lines, coded.everything.lines)
