"""The demo's exports, rolled up by the hour and simulated, say of its commitments what its ledger says.

The ledger draws how far each commitment is used from day to day and books covered usage to match; the simulation knows
all usage at its on-demand price and the order in which AWS applies commitments. Neither knows of the other.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from pandas import DataFrame, Series

from analysis.commitments.apply import Applied, apply
from analysis.commitments.hourly import hourly_usage
from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation
from analysis.rollups import Rollup
from bot.cost_files.detail import detail_path
from bot.demo.aws.commitments import COMMITMENTS, COMPUTE_PLAN, ENDING_PLAN, IDLE_RESERVATION, Commitment
from bot.demo.aws.savings_plan_rates import rates_of
from bot.exports.local import LocalPlace
from bot.workflows.ingest import ingest
from tests.bot.costs.cost_factories import context
from tests.demo.aws.export_factories import OCTOBER, written
from tests.demo.aws.ledger_factories import NOW

HOURS = 31 * 24
PLATFORMS = {"BoxUsage": "Linux/UNIX", "InstanceUsage": "postgresql"}
SERVICES = {"BoxUsage": "AmazonEC2", "InstanceUsage": "AmazonRDS"}
IDS = [one.arn for one in COMMITMENTS]
LINE = ["sub_account_id", "usage_type"]


@pytest.fixture(scope="module", params=["focus", "cur"])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    """October by the hour, as costbot stores it from an export."""
    folder = tmp_path_factory.mktemp(request.param)
    written(folder / "export", request.param, (OCTOBER,))
    bot = context(folder / "data", now=NOW, tag_keys=("team",))
    ingest(bot, request.param, LocalPlace([folder / "export"]))
    stored = detail_path(bot.costs.months.path(request.param, OCTOBER), Rollup.HOURLY)
    with duckdb.connect() as connection:
        return connection.execute("FROM read_parquet(?)", [str(stored)]).df()


@pytest.fixture(scope="module")
def usage(rows: DataFrame) -> HourlyUsage:
    return hourly_usage(rows)


@pytest.fixture(scope="module")
def found(usage: HourlyUsage) -> Applied:
    return apply(usage, *owned(usage))


def owned(usage: HourlyUsage) -> tuple[list[Reservation], list[Plan]]:
    """The demo's commitments, with the stand-in's rate for every line that a plan may cover."""
    reservations = [_reservation(one) for one in COMMITMENTS if one.is_reservation]
    plans = [_plan(one, usage.lines) for one in COMMITMENTS if not one.is_reservation]
    return reservations, plans


def _reservation(one: Commitment) -> Reservation:
    kind = one.usage_type.partition(":")[0]
    return Reservation(
        one.arn, one.owner_id, SERVICES[kind], one.region, one.kind, PLATFORMS[kind], one.count, one.hourly, True
    )


def _plan(one: Commitment, lines: DataFrame) -> Plan:
    offered = rates_of(one.kind, one.term_years, one.payment_option)
    # A plan keeps the rates of the day on which it was bought.
    bought_at = one.on_demand_rate * one.rate_share / offered[one.usage_type].usd
    rates = np.full(len(lines), np.nan)
    for at, (usage_type, region, platform) in enumerate(lines[["usage_type", "region", "platform"]].itertuples(False)):
        rate = offered.get(usage_type)
        # The stand-in has rates of Linux alone; what runs in no instance has no platform.
        if rate is None or (rate.name and platform != "Linux/UNIX"):
            continue
        if not one.family or (rate.properties["instanceFamily"], region) == (one.family, one.region):
            rates[at] = rate.usd * bought_at
    return Plan(one.arn, one.kind, one.owner_id, one.hourly, rates, one.region if one.family else "", one.family)


def booked(rows: DataFrame, dollars: str, which: Series[bool]) -> Floats:
    """What the ledger books for the commitments, (commitments, hours)."""
    own = rows[rows["commitment_id"].isin(IDS) & which]
    sums = own.groupby(["commitment_id", "hour"])[dollars].sum().unstack("hour")
    # In an hour in which all of a commitment is used no row tells of unused dollars.
    every = np.sort(rows["hour"].unique())
    hours: Floats = sums.reindex(index=IDS, columns=every).fillna(0.0).to_numpy(copy=True)
    assert hours.shape == (len(COMMITMENTS), HOURS)
    return hours


def in_order(found: Applied, values: Floats) -> Floats:
    return values[[found.ids.index(one) for one in IDS]]


def by_day(hours: Floats) -> Floats:
    days: Floats = hours.reshape(len(hours), -1, 24).sum(axis=2)
    return days


def is_usage(rows: DataFrame) -> Series[bool]:
    return rows["charge_category"].eq("Usage")


def test_on_all_usage_every_commitment_is_used_in_every_hour_as_the_ledger_books_it(
    rows: DataFrame, found: Applied
) -> None:
    used, unused = (booked(rows, "effective_cost", which) for which in (is_usage(rows), ~is_usage(rows)))

    assert np.abs(in_order(found, found.used) - used).max() < 1e-6
    assert np.abs(in_order(found, found.worth) - booked(rows, "list_cost", is_usage(rows))).max() < 1e-6
    # Of a reservation the bill tells by the day what was not used.
    assert np.abs(by_day(in_order(found, found.unused)) - by_day(unused)).max() < 1e-6


def test_what_is_wasted_is_wasted_although_much_runs_on_demand(rows: DataFrame, found: Applied) -> None:
    unused = dict(zip(found.ids, found.unused.sum(axis=1), strict=True))

    assert unused[IDLE_RESERVATION.arn] == pytest.approx(0.4 * IDLE_RESERVATION.hourly * HOURS, rel=0.02)
    assert unused[ENDING_PLAN.arn] == pytest.approx(0.06 * ENDING_PLAN.hourly * HOURS, rel=0.1)
    assert unused[COMPUTE_PLAN.arn] < 1e-6
    assert found.on_demand.min() > 10 * found.unused.sum(axis=0).max()


def test_each_commitment_covers_the_usage_and_costs_of_each_account_that_the_ledger_says(
    rows: DataFrame, usage: HourlyUsage, found: Applied
) -> None:
    own = rows[rows["commitment_id"].isin(IDS) & is_usage(rows)]
    expected = own.groupby(["commitment_id", *LINE])[["quantity", "effective_cost"]].sum()

    covered = {
        (arn, *usage.lines.loc[line, ["account_id", "usage_type"]]): (
            found.covered[at, line],
            found.covered_cost[at, line],
        )
        for at, arn in enumerate(found.ids)
        for line in np.flatnonzero(found.covered[at] > 1e-6)
    }

    assert covered == {
        key: (pytest.approx(quantity, rel=1e-9), pytest.approx(dollars, rel=1e-9))
        for key, quantity, dollars in expected.itertuples(name=None)
    }


def test_what_no_commitment_covers_is_what_the_ledger_bills_on_demand(
    rows: DataFrame, usage: HourlyUsage, found: Applied
) -> None:
    on_demand = rows[is_usage(rows) & ~rows["commitment_id"].isin(IDS)]
    billed = on_demand.groupby(LINE)["quantity"].sum()

    left = found.left.sum(axis=0)
    lines = usage.lines[["account_id", "usage_type"]].set_axis(LINE, axis=1).assign(left=left)
    left_by_line = lines.groupby(LINE)["left"].sum()

    assert left_by_line[left_by_line > 1e-6].to_dict() == {
        key: pytest.approx(quantity, rel=1e-9) for key, quantity in billed.items() if key in left_by_line.index
    }


def test_without_sharing_the_plan_of_the_payer_reaches_no_other_account(rows: DataFrame, usage: HourlyUsage) -> None:
    alone = apply(usage, *owned(usage), shared=False)

    used = booked(rows, "effective_cost", is_usage(rows))
    used[IDS.index(COMPUTE_PLAN.arn)] = 0.0
    assert np.abs(in_order(alone, alone.used) - used).max() < 1e-6
