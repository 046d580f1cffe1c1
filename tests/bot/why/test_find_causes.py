"""What each source tells of a change: an export everything, Cost Explorer what two dimensions at a time can say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.causes import Effect, Explanation
from bot.causes.scope import Scope
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData
from bot.workflows.find_causes import find_causes
from tests.bot.costs.cost_factories import EC2, EC2_OTHER, S3, store
from tests.bot.why.why_factories import (
    DAY,
    MACHINES,
    NAT,
    PROD,
    STAGING,
    STORAGE,
    VOLUMES,
    by_explorer,
    by_export,
    kept,
    line,
    on,
    scope,
)  # fmt: skip

SOURCES = pytest.mark.parametrize("source", [by_export, by_explorer])
ALL = (NAT, VOLUMES, MACHINES, STORAGE)


def explained(costs: CostFiles, asked: Scope) -> Explanation:
    found = find_causes(costs, asked).explanation
    told = sum(cents for _, cents in found.effects)
    lines = sum(cause.change for cause in (*found.causes, *found.against))
    assert found.change == told + found.residual == lines + found.others + found.residual
    return found


def test_nothing_stored_of_these_days_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        find_causes(CostFiles(tmp_path), scope())


@SOURCES
def test_a_bill_that_stands_still_has_no_cause(tmp_path: Path, source: Any) -> None:
    found = explained(kept(tmp_path, source(VOLUMES, MACHINES)), scope())
    assert (found.change, found.causes, found.effects, found.residual) == (0, (), (), 0)


@SOURCES
def test_more_traffic_is_one_line_of_usage(tmp_path: Path, source: Any) -> None:
    found = explained(kept(tmp_path, source(*ALL)), scope())
    (cause,) = found.causes
    assert (cause.service, cause.account, cause.usage_type) == (EC2_OTHER, PROD, "NatGateway-Bytes")
    assert (cause.change, cause.quantities, cause.unit) == (22_500, (1000.0, 6000.0), "GB")
    assert (found.before, found.now, found.residual) == (33_500, 56_000, 0)
    assert found.effects == ((Effect.USAGE, 22_500),)


@SOURCES
def test_a_service_is_taken_apart_by_itself(tmp_path: Path, source: Any) -> None:
    costs = kept(tmp_path, source(*ALL))
    assert explained(costs, scope(services=(S3,))).change == 0
    assert explained(costs, scope(services=(EC2, EC2_OTHER))).before == 30_500


@SOURCES
def test_the_team_is_told(tmp_path: Path, source: Any) -> None:
    found = find_causes(kept(tmp_path, source(*ALL)), scope())
    assert found.tags is not None
    assert found.tags[0] == ("platform", pytest.approx(225.0))


def test_only_an_export_tells_rate_from_coverage(tmp_path: Path) -> None:
    dearer = line(on(DAY, (100.0, 10.0), (100.0, 12.0)), service=EC2, usage_type="BoxUsage:m5.large", unit="Hrs")
    export = explained(kept(tmp_path / "export", by_export(dearer)), scope())
    assert export.effects == ((Effect.RATE, 200),)
    found = find_causes(kept(tmp_path / "explorer", by_explorer(dearer)), scope())
    assert found.explanation.effects == ((Effect.PRICE, 200),)
    assert found.unsplit == 2.0
    assert found.from_explorer


def test_the_end_of_a_savings_plan_is_coverage(tmp_path: Path) -> None:
    machine = {"service": EC2, "usage_type": "BoxUsage:m5.large", "unit": "Hrs"}
    covered = line(on(DAY, (24.0, 1.44), (0.0, 0.0)), **machine, pricing="Committed", commitment="Savings Plan")
    demand = line(on(DAY, (0.0, 0.0), (24.0, 2.40)), **machine)
    assert explained(kept(tmp_path, by_export(covered, demand)), scope()).effects == ((Effect.COVERAGE, 96),)


def test_a_usage_type_of_several_services_has_no_known_account(tmp_path: Path) -> None:
    shared = {"usage_type": "DataTransfer-Out-Bytes"}
    lines = (
        line(on(DAY, (10.0, 10.0), (90.0, 90.0)), **shared),
        line(on(DAY, (10.0, 10.0), (10.0, 10.0)), **shared, service=S3, account=STAGING),
    )
    found = find_causes(kept(tmp_path, by_explorer(*lines)), scope())
    (cause,) = found.explanation.causes
    assert (cause.service, cause.account, cause.change) == (EC2_OTHER, "", 8_000)
    assert found.unplaced == 80.0
    of_account = explained(kept(tmp_path, by_explorer(*lines)), scope(accounts=(PROD,), usage_only=True))
    assert (of_account.change, of_account.residual, of_account.causes) == (8_000, 8_000, ())


def test_without_quantities_per_account_usage_and_price_of_several_accounts_are_one(tmp_path: Path) -> None:
    there = line(on(DAY, (1000.0, 45.0), (1000.0, 45.0)), account=STAGING, name="staging")
    found = find_causes(kept(tmp_path, by_explorer(NAT, there, quantities_by_account=False)), scope())
    (cause,) = found.explanation.causes
    assert (cause.account, cause.change, cause.quantities) == (PROD, 22_500, None)
    assert found.explanation.effects == ((Effect.UNKNOWN, 22_500),)
    assert found.unknown == 225.0


def test_the_quantity_of_the_only_account_is_that_of_the_service(tmp_path: Path) -> None:
    found = explained(kept(tmp_path, by_explorer(*ALL, quantities_by_account=False)), scope())
    assert found.effects == ((Effect.USAGE, 22_500),)


def test_months_with_and_without_a_unit_are_one_line(tmp_path: Path) -> None:
    rows = by_explorer(NAT)
    for one in rows:
        if one["date"] < rows[-1]["date"] - timedelta(days=20):
            one.update(quantity=None, unit=None)
    found = explained(kept(tmp_path, rows), scope())
    assert [cause.usage_type for cause in found.causes] == ["NatGateway-Bytes"]
    assert found.effects == ((Effect.UNKNOWN, 22_500),)


@SOURCES
def test_a_rise_that_another_accounts_fall_hides_is_found(tmp_path: Path, source: Any) -> None:
    fall = line(on(DAY, (6000.0, 270.0), (1000.0, 45.0)), account=STAGING, name="staging")
    found = explained(kept(tmp_path, source(*ALL, fall)), scope())
    assert (found.change, found.is_flat) == (0, True)
    assert {(cause.account, cause.change) for cause in found.causes} == {(PROD, 22_500), (STAGING, -22_500)}


@SOURCES
def test_credits_and_tax_are_told_apart_from_usage(tmp_path: Path, source: Any) -> None:
    nothing = {"usage_type": None, "unit": None, "pricing": None}
    tax = line(on(DAY, (None, 0.0), (None, 40.0)), category="Tax", service="Tax", **nothing)
    credit = line(on(DAY, (None, -5.0), (None, -15.0)), category="Credit", service=EC2, **nothing)
    costs = kept(tmp_path, source(*ALL, tax, credit))
    assert explained(costs, scope()).effects == (
        (Effect.USAGE, 22_500), (Effect.FEES, 4_000), (Effect.CREDITS, -1_000),
    )  # fmt: skip
    assert explained(costs, scope(usage_only=True)).effects == ((Effect.USAGE, 22_500),)


def test_an_export_and_cost_explorer_are_explained_together(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, by_explorer(NAT))
    store(costs, [one | {"provider": "Microsoft"} for one in by_export(MACHINES)], "focus")
    found = explained(costs, scope())
    assert (found.before, found.change, found.residual) == (24_500, 22_500, 0)


def test_what_a_cut_lacks_is_the_residual_and_not_a_line_that_ends(tmp_path: Path) -> None:
    rows = [one for one in by_explorer(*ALL) if not (one["cut"] == "service,usage_type" and one["date"].month == 11)]
    found = explained(kept(tmp_path, rows), scope())
    assert (found.change, found.residual, found.causes) == (22_500, 22_500, ())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["NatGateway-Bytes", "BoxUsage:m5.large", "BoxUsage:c5.large", "odd"]),
            st.sampled_from([PROD, STAGING]),
            st.sampled_from([EC2, S3]),
            st.floats(-50, 500, allow_nan=False),
            st.floats(-50, 500, allow_nan=False),
            st.one_of(st.none(), st.floats(0, 1e4, allow_nan=False)),
        ),
        max_size=5,
    ),
    st.booleans(),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bill_adds_up_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, bill: list[tuple[Any, ...]], export: bool
) -> None:
    lines = [
        line(on(DAY, (count, before), (count and count * 2, now)), usage_type=usage, account=account, service=at)
        for usage, account, at, before, now, count in bill
    ]
    costs = kept(tmp_path_factory.mktemp("bill"), (by_export if export else by_explorer)(*lines, STORAGE))
    found = explained(costs, scope())
    assert found.residual == 0
    assert found.change == pytest.approx(sum(now - before for *_, before, now, _ in bill) * 100, abs=2)
