"""What to buy in the demo organisation, from its export by the hour: its falling load blocks, the rest is bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pytest
from pandas import DataFrame

from analysis.checks import checks
from analysis.commitments.look_back import on_demand_hours
from analysis.commitments.purchase import propose
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.usage import HourlyUsage
from bot.clock import Clock
from bot.collectors import purchase_recommendations
from bot.collectors.plan_look_backs import MOST_A_WEEK, told_look_backs
from bot.collectors.purchase_recommendations import COLUMNS
from bot.commands import Request, commands
from bot.commitments import think_purchase
from bot.commitments.hours import eligible_usage, offers_for
from bot.commitments.look_backs import look_back_hours
from bot.commitments.tables import commitment_offers, commitment_parts, commitment_proposals, commitment_shares
from bot.context import Context
from bot.demo.aws.planted_purchases import DATABASES, ESTIMATED, LOADS, STEADY, WHAT_IF
from bot.demo.aws.server import AwsStandIn
from bot.exports.local import LocalPlace
from bot.tables import typed
from bot.workflows.ingest import ingest
from tests.demo.aws.export_factories import written
from tests.integration.test_planted_savings import NOW, bot

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A bot that has read the demo's export by the hour."""
    folder = tmp_path_factory.mktemp("bot")
    aws = AwsStandIn(clock=Clock.starting_at(NOW))
    aws.start()
    assert aws.wait_until_seeded(60)
    with pytest.MonkeyPatch.context() as patch:
        told = bot(aws, folder / "data", patch)
        written(folder / "export", "focus", tuple(date(2026, month, 1) for month in (8, 9, 10, 11)))
        ingest(told, "focus", LocalPlace([folder / "export"]))
        yield told
    aws.stop()


@pytest.fixture(scope="module")
def tables(context: Context) -> dict[str, DataFrame]:
    """What the checks read; scenarios are few, as working a mix of all offers out takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(think_purchase, "propose", partial(propose, count=20))
        modules = (
            commitment_proposals,
            commitment_shares,
            commitment_offers,
            commitment_parts,
            purchase_recommendations,
        )
        return {module.__name__.rpartition(".")[2]: module.read(context) for module in modules}


@pytest.fixture(scope="module")
def by_export(context: Context) -> tuple[HourlyUsage, list[Offer]]:
    """Usage on demand by the export's hours, and the plans on offer for it in AWS's term."""
    left = eligible_usage(context, 60).left
    offers = [one for one in offers_for(context, left) if (one.years, one.payment) == (1, "No Upfront")]
    return left, [one for one in offers if one.kind in ("Compute", "EC2Instance")]


def covered_by(usage: HourlyUsage, offer: Offer) -> HourlyUsage:
    """The last 30 days of the lines that an offer covers."""
    inside = np.isfinite(offer.rates)
    lines = usage.lines[inside].reset_index(drop=True)
    return HourlyUsage(usage.hours[-720:], lines, usage.quantity[-720:, inside])


def name_of(offer: Offer) -> str:
    return " ".join(part for part in (offer.kind, offer.family, offer.region) if part)


def test_the_falling_load_blocks_to_the_cent_and_the_steady_ones_do_not(tables: dict[str, DataFrame]) -> None:
    rows = checks()["commitments.stale_look_back"](tables["commitment_parts"]).rows.set_index("name")

    for load in LOADS:
        row = rows.loc[load.name]
        assert row["verdict"] == load.verdict
        for name in ("recent", "before", "aws_hourly", "promised", "at_recent"):
            assert row[name] == pytest.approx(getattr(load, name), abs=0.005), name
    assert set(rows.loc[list(STEADY), "verdict"]) == {"fine"}
    assert set(rows.index[rows["verdict"].eq("conflict")]) == {load.name for load in LOADS}


def test_one_purchase_is_proposed_and_none_for_the_falling_load(tables: dict[str, DataFrame]) -> None:
    names = ("commitment_proposals", "commitment_shares", "commitment_offers")
    rows = checks()["commitments.purchase"](*(tables[name] for name in names), typed([], COLUMNS)).rows
    bought = tables["commitment_shares"]

    assert rows["verdict"].value_counts().to_dict() == {"fine": 5, "saves": 1}
    assert rows.loc[rows["verdict"].eq("saves"), "resource_id"].tolist() == ["purchase"]
    own = bought[bought["family"].eq("c5") & bought["place"].eq("eu-west-1")]
    assert own.empty
    assert {"Compute", "Reserved"} <= set(bought["kind"])


def test_a_week_of_look_backs_costs_ten_cents_at_most(context: Context) -> None:
    before = context.store.requests_of("ce", context.clock.now())
    first = told_look_backs(context)
    again = told_look_backs(context)

    assert context.store.requests_of("ce", context.clock.now()) - before <= 10
    assert [one.name for one in first.details] == [one.name for one in again.details]
    assert len(first.details) == MOST_A_WEEK
    assert first.problems == ()


def test_aws_look_back_tells_the_hours_of_the_export(
    context: Context, by_export: tuple[HourlyUsage, list[Offer]]
) -> None:
    usage, offers = by_export
    told = {one.name: on_demand_hours(one) for one in told_look_backs(context).details}

    compared = [one for one in offers if name_of(one) in told]
    assert len(compared) == len(told) == MOST_A_WEEK
    for offer in compared:
        own, found = covered_by(usage, offer), told[name_of(offer)]
        dollars = own.on_demand.sum(axis=1)
        assert list(found.index) == list(own.hours)
        if offer.kind == "EC2Instance":
            np.testing.assert_allclose(found, dollars, rtol=0, atol=1e-6)
        else:
            # Its discounts differ by family: one for all moves dollars between hours, and keeps their sum.
            np.testing.assert_allclose(found, dollars, rtol=0.008)
            assert np.abs(found - dollars).sum() < 0.001 * dollars.sum()
            assert found.sum() == pytest.approx(dollars.sum(), rel=1e-9)


def test_what_to_buy_is_the_same_from_aws_look_back_and_from_the_export(
    context: Context, by_export: tuple[HourlyUsage, list[Offer]]
) -> None:
    usage, offers = by_export
    back = look_back_hours(context)
    lines = back.found.usage.lines

    for at, (region, kind) in enumerate(zip(lines["region"], lines["instance_type"], strict=True)):
        if not region:
            continue
        [ours] = [one for one in offers if (one.family, one.region) == (kind.rpartition(".")[0], region)]
        [its] = [
            one
            for one in back.offers
            if (one.kind, one.years, one.payment) == ("EC2Instance", 1, "No Upfront") and np.isfinite(one.rates[at])
        ]
        [by_hours] = propose(
            covered_by(usage, ours), [replace(ours, rates=ours.rates[np.isfinite(ours.rates)])], count=20
        ).alone
        [by_look_back] = propose(
            covered_by(back.found.usage, its), [replace(its, rates=its.rates[[at]])], count=20
        ).alone
        same = (by_hours.figures.hourly, by_hours.figures.saving, by_hours.aws)
        assert (by_look_back.figures.hourly, by_look_back.figures.saving, by_look_back.aws) == pytest.approx(
            same, abs=0.005
        )
        assert by_hours.figures.hourly > 0 or by_hours.blocked


def test_all_compute_together_is_proposed_within_two_hundredths(
    context: Context, by_export: tuple[HourlyUsage, list[Offer]]
) -> None:
    """Plans alone, of one year: families without details are other compute, and other groups draw other futures."""
    usage, offers = by_export
    back = look_back_hours(context)
    own = [one for one in back.offers if (one.years, one.payment) == (1, "No Upfront")]
    recent = HourlyUsage(usage.hours[-720:], usage.lines, usage.quantity[-720:])

    [by_hours], [by_look_back] = (
        propose(*asked, count=20).mixes for asked in ((recent, offers), (back.found.usage, own))
    )

    for name in ("hourly", "saving"):
        assert getattr(by_look_back.figures, name) == pytest.approx(getattr(by_hours.figures, name), rel=0.02), name


def database_plan(tables: dict[str, DataFrame], offers: DataFrame) -> Any:
    [row] = checks()["commitments.database_plan"](offers, tables["purchase_recommendations"]).rows.to_dict("records")
    return row


def test_of_what_a_database_plan_covers_reservations_are_the_cheapest(tables: dict[str, DataFrame]) -> None:
    row = database_plan(tables, tables["commitment_offers"])

    assert (row["verdict"], row["choice"], row["covers"]) == ("saves", "reservations", ["AmazonRDS db.r7g us-east-1"])
    found = {"plan": row["plan_saving"], "reservations": row["reserved_saving"], "on demand": row["on_demand"]}
    assert found == pytest.approx(DATABASES, abs=0.005)


def test_a_database_plan_can_be_thought_through(context: Context) -> None:
    words = ("what-if", "1/h", "--type", "database")

    reply = commands()["commitments"].answer(Request("commitments", words, "U0BEN", "C0COSTS"), context)

    assert reply.text.startswith(WHAT_IF)


def test_of_aws_own_estimates_too_without_the_reservations_of_other_databases(tables: dict[str, DataFrame]) -> None:
    """AWS proposes many more of generation 5, caches and search, which no Database plan would replace."""
    proposed = tables["purchase_recommendations"]
    row = database_plan(tables, tables["commitment_offers"].iloc[:1].assign(problem="No hours."))

    found = {"plan": row["plan_saving"], "reservations": row["reserved_saving"], "on demand": row["on_demand"]}
    assert (row["verdict"], row["choice"]) == ("saves", "reservations")
    assert found == pytest.approx(ESTIMATED, abs=0.005)
    assert proposed.loc[proposed["kind"].eq("Reserved"), "saving"].sum() > 10 * ESTIMATED["reservations"]
