"""The demo's exports, rolled up by the hour and simulated, say of its commitments what its ledger says.

The ledger draws how far each commitment is used from day to day and books covered usage to match; it knows no order of
application. So it is compared on the usage that it books as covered: what the simulation makes of that, hour by hour,
in dollars used, unused and on demand. On all usage AWS would use the commitments more than the ledger does.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import numpy as np
import pytest
from pandas import DataFrame, Series

from analysis.commitments.apply import Applied, apply
from analysis.commitments.hourly import hourly_usage
from analysis.commitments.usage import HourlyUsage, Plan, Reservation
from analysis.rollups import Rollup
from bot.cost_files.detail import detail_path
from bot.demo.aws.commitments import COMMITMENTS, COMPUTE_PLAN, IDLE_RESERVATION, Commitment
from bot.exports.local import LocalPlace
from bot.workflows.ingest import ingest
from tests.bot.costs.cost_factories import context
from tests.demo.aws.export_factories import OCTOBER, written
from tests.demo.aws.ledger_factories import NOW

HOURS_A_DAY = 24
PLATFORMS = {"BoxUsage": "Linux/UNIX", "InstanceUsage": "postgresql"}
SERVICES = {"BoxUsage": "AmazonEC2", "InstanceUsage": "AmazonRDS"}
IDS = [one.arn for one in COMMITMENTS]


class Days(NamedTuple):
    """Dollars by commitment and day."""

    used: DataFrame
    unused: DataFrame
    worth: DataFrame


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


def owned(usage: HourlyUsage) -> tuple[list[Reservation], list[Plan]]:
    """The demo's commitments, with a rate for every line of EC2 that a plan may cover."""
    reservations = [_reservation(one) for one in COMMITMENTS if one.is_reservation]
    plans = [_plan(one, usage.lines) for one in COMMITMENTS if not one.is_reservation]
    return reservations, plans


def _reservation(one: Commitment) -> Reservation:
    kind = one.usage_type.partition(":")[0]
    return Reservation(
        one.arn, one.owner_id, SERVICES[kind], one.region, one.kind, PLATFORMS[kind], one.count, one.hourly, True
    )


def _plan(one: Commitment, lines: DataFrame) -> Plan:
    covers = lines["service"].eq("AmazonEC2")
    family = ""
    if one.kind == "EC2Instance":
        family = one.usage_type.partition(":")[2].partition(".")[0]
        covers &= lines["instance_type"].str.startswith(f"{family}.") & lines["region"].eq(one.region)
    rates = (lines["on_demand"] * one.rate_share).where(covers).to_numpy()
    return Plan(one.arn, one.kind, one.owner_id, one.hourly, rates, one.region if family else "", family)


def of_ledger(rows: DataFrame) -> Days:
    own = rows[rows["commitment_id"].isin(IDS)]
    days = own["hour"].dt.floor("D").rename("day")
    used = own["charge_category"].eq("Usage")

    def by_day(dollars: str, which: Series[bool]) -> DataFrame:
        sums = own[which].groupby(["commitment_id", days[which]])[dollars].sum()
        # A day on which all of a reservation is used has no row of unused dollars.
        return sums.unstack("day").reindex(IDS).fillna(0.0)

    return Days(by_day("effective_cost", used), by_day("effective_cost", ~used), by_day("list_cost", used))


def by_day(found: Applied, dollars: np.ndarray) -> DataFrame:
    summed = dollars.reshape(len(found.ids), -1, HOURS_A_DAY).sum(axis=2)
    return DataFrame(summed, index=list(found.ids)).reindex(IDS)


def gap(simulated: DataFrame, booked: DataFrame) -> float:
    """The largest difference of any commitment and day, in dollars."""
    assert simulated.shape == booked.shape == (len(COMMITMENTS), 31)
    return float(np.abs(simulated.to_numpy() - booked.to_numpy()).max())


def covered_by_the_ledger(rows: DataFrame) -> HourlyUsage:
    return hourly_usage(rows[rows["commitment_id"].isin(IDS)])


def test_what_the_ledger_books_as_covered_is_used_unused_and_worth_the_same(rows: DataFrame) -> None:
    usage, booked = covered_by_the_ledger(rows), of_ledger(rows)

    found = apply(usage, *owned(usage))

    assert gap(by_day(found, found.used), booked.used) < 1e-5
    assert gap(by_day(found, found.unused), booked.unused) < 1e-5
    assert gap(by_day(found, found.worth), booked.worth) < 1e-5
    assert found.left.max() < 1e-9


def test_each_commitment_covers_the_usage_that_the_ledger_says(rows: DataFrame) -> None:
    usage = covered_by_the_ledger(rows)
    booked = rows[rows["commitment_id"].isin(IDS) & rows["charge_category"].eq("Usage")]
    quantities = booked.groupby(["commitment_id", "sub_account_id", "usage_type"])["quantity"].sum()

    found = apply(usage, *owned(usage))

    pairs = [
        (arn, *usage.lines.loc[line, ["account_id", "usage_type"]])
        for at, arn in enumerate(found.ids)
        for line in np.flatnonzero(found.covered[at] > 1e-6)
    ]
    assert set(pairs) == set(quantities.index)
    assert [found.covered[found.ids.index(arn)].sum() for arn, *_ in pairs] == pytest.approx(
        [quantities[pair] for pair in pairs], rel=1e-9
    )


def test_without_sharing_the_plan_of_the_payer_reaches_no_other_account(rows: DataFrame) -> None:
    usage = covered_by_the_ledger(rows)

    found = apply(usage, *owned(usage), shared=False)

    booked = of_ledger(rows).used
    booked.loc[COMPUTE_PLAN.arn] = 0.0
    assert gap(by_day(found, found.used), booked) < 1e-5


def test_on_all_usage_every_commitment_is_used_at_least_as_much(rows: DataFrame) -> None:
    usage, booked = hourly_usage(rows), of_ledger(rows)

    found = apply(usage, *owned(usage))

    assert (by_day(found, found.used).to_numpy() > booked.used.to_numpy() - 1e-5).all()
    # The account runs more r5 on demand than the reservation that the ledger leaves idle covers.
    idle = found.ids.index(IDLE_RESERVATION.arn)
    assert found.unused[idle].max() < 1e-9
    of_rows = rows[rows["charge_category"].isin(["Usage", "UnusedCommitment"])]
    assert found.cost.sum() < of_rows["effective_cost"].sum()
    assert found.on_demand.sum() + found.worth.sum() == pytest.approx(usage.on_demand.sum())
