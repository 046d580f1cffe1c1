"""Lines become rows by resource and by hour without a cent lost."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.aws.export_charges import DAY_SLOTS, MEASURES, steps
from bot.demo.aws.export_resources import resource_id, resources_behind
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.resources_model import Kind
from tests.demo.aws.export_factories import MONTHS, NOVEMBER, OCTOBER, charges
from tests.demo.aws.inventory_factories import BY_KEY, IDS, SEED
from tests.demo.aws.ledger_factories import NOW, TODAY, days_ago, ledger, statement


def test_a_row_without_quantity_and_cost_does_not_exist() -> None:
    rows = charges().month(NOVEMBER)

    assert (rows[["quantity", "unblended", "amortized"]].abs().sum(axis=1) > 0).all()


def test_no_part_has_two_rows_for_the_same_time() -> None:
    rows = charges().month(OCTOBER)

    assert not rows.duplicated(["part", "slot"]).any()


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", MEASURES)
def test_the_rows_of_a_line_add_up_to_its_days(name: str, month: date) -> None:
    found, rows = statement(), charges().month(month)
    columns = charges().columns(month)
    line = np.array([part.row for part in charges().parts])[rows["part"]]
    day = np.where(rows["slot"] < DAY_SLOTS, rows["slot"] // 24, rows["slot"] - DAY_SLOTS)
    first = (found.first_day.toordinal() + columns.start) - month.toordinal()
    summed = np.zeros((len(found.lines), columns.stop - columns.start))
    np.add.at(summed, (line, day - first), rows[name])
    daily = found.values[MEASURES[name]][:, columns]

    # Half a unit of the tenth digit, and what a double cannot hold of large quantities.
    assert np.abs(summed - daily).max() <= 5.1e-11 + 1e-13 * np.abs(daily).max()


@given(
    total=st.floats(min_value=-1e5, max_value=1e5, allow_nan=False),
    weights=st.lists(st.floats(min_value=0.0, max_value=1.0), min_size=24, max_size=24).filter(lambda w: sum(w) > 0.01),
)
def test_hours_add_up_to_the_rounded_day_whatever_their_weights(total: float, weights: list[float]) -> None:
    running = np.cumsum(np.array(weights) / sum(weights))
    running[-1] = 1.0
    hours = steps(np.array([[total]]), running[None, None, :])

    assert hours.sum() == pytest.approx(np.round(total, 10), abs=1e-10)
    assert (np.round(hours, 10) == hours).all()


def test_only_hourly_lines_have_rows_by_the_hour() -> None:
    rows = charges().month(OCTOBER)
    hourly = np.array([part.line.hourly for part in charges().parts])[rows["part"]]

    assert ((rows["slot"] < DAY_SLOTS) == hourly).all()


def test_of_an_open_day_only_the_hours_that_have_arrived_are_there() -> None:
    rows = charges().month(NOVEMBER)
    last_day = rows[(rows["slot"] >= (TODAY.day - 1) * 24) & (rows["slot"] < TODAY.day * 24)]

    # It is ten o'clock.
    assert set(last_day["slot"] % 24) <= set(range(10))
    closed = rows[(rows["slot"] // 24 == days_ago(5).day - 1) & (rows["slot"] < DAY_SLOTS)]
    assert set(closed["slot"] % 24) == set(range(24))


def test_a_resource_costs_its_hours_at_its_rate() -> None:
    rows, parts = charges().month(OCTOBER), charges().parts
    resource = BY_KEY[f"{Kind.INSTANCE}/payments-batch-1"]
    own = [index for index, part in enumerate(parts) if part.behind and part.behind.resource_id == IDS[resource.key]]
    day = rows[rows["part"].isin(own) & (rows["slot"] // 24 == 4)]

    assert len(own) == 1
    assert day["unblended"].sum() == pytest.approx(24 * resource.hourly_rate, rel=1e-9)
    assert day["quantity"].sum() == pytest.approx(24.0, rel=1e-9)


@pytest.mark.parametrize(
    "name", ["rds_instance/orders-archive", "ec2_instance/eu-reindexer", "ec2_instance/quote-cache"]
)
def test_what_a_commitment_pays_of_a_resource_is_its_hours_at_the_commitment_s_rate(name: str) -> None:
    rows, parts = charges().month(OCTOBER), charges().parts
    resource = BY_KEY[name]
    covered = {RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE}
    own = [
        index
        for index, part in enumerate(parts)
        if part.line.commitment == resource.commitment
        and part.line.record_type in covered
        and part.behind
        and part.behind.resource_id == resource_id(resource, SEED)
    ]
    day = rows[rows["part"].isin(own) & (rows["slot"] // 24 == 4)]

    assert len(own) == 1
    assert day["quantity"].sum() == pytest.approx(24.0, rel=1e-9)
    assert day["amortized"].sum() == pytest.approx(24 * resource.committed_hourly, rel=1e-9)
    others = [part for part in parts if part.row == parts[own[0]].row and part.behind and part.behind.resource is None]
    assert len(others) == 1, "the rest of the line is nobody's"


def test_once_its_plan_has_ended_a_resource_runs_on_demand() -> None:
    after = ledger().at(NOW + timedelta(days=30))
    resource = BY_KEY["ec2_instance/eu-reindexer"]
    shares = {
        after.lines[row].record_type: one.quantity[-10] * after.values["UsageQuantity"][row, -10]
        for row, behind in resources_behind(after).items()
        for one in behind
        if one.resource == resource
    }

    assert shares[RecordType.SP_COVERED_USAGE] == 0.0
    assert shares[RecordType.USAGE] == pytest.approx(24.0, rel=0.01)


def test_every_resource_that_costs_something_has_its_part() -> None:
    ids = {part.behind.resource_id for part in charges().parts if part.behind}

    assert {resource_id(resource, SEED) for resource in BY_KEY.values() if resource.monthly_cost > 0} <= ids


def test_what_a_resource_replaced_has_an_id_of_its_own_that_nothing_knows() -> None:
    ids = {part.behind.resource_id for part in charges().parts if part.behind and part.behind.resource_id}
    known = {resource_id(resource, SEED) for resource in BY_KEY.values()}
    strangers = ids - known

    assert len(strangers) > 20
    assert all(name.startswith("i-0") for name in strangers if ":" not in name and name.startswith("i-"))


def test_tax_stands_on_the_products_that_are_taxed() -> None:
    taxed = {part.service for part in charges().parts if part.line.record_type is RecordType.TAX}

    assert {"Amazon Simple Storage Service", "Amazon Relational Database Service"} <= taxed
    assert "Tax" not in taxed
