"""What to buy, as tables: worked out of stored hours and the rates on offer, once; without hours it says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame

from analysis.checks import checks
from bot.collectors import purchase_recommendations
from bot.commitments import think_purchase
from bot.commitments.tables import commitment_offers, commitment_parts, commitment_proposals, commitment_shares
from bot.commitments.think_purchase import proposals
from bot.context import Context
from bot.tables import typed
from tests.bot.collectors.bill_factories import OwnAccount
from tests.bot.commitments.hourly_bills import PlanRates, exported, hours
from tests.bot.decisions_factories import context as faked


class Rates(PlanRates):
    """The same rates for every type that is asked about."""

    def describe_savings_plans_offering_rates(self, **asked: Any) -> dict[str, Any]:
        of_m5 = super().describe_savings_plans_offering_rates(**asked | {"usageTypes": ["BoxUsage:m5.large"]})
        return {"searchResults": [_of(one, name) for one in of_m5["searchResults"] for name in asked["usageTypes"]]}


def _of(one: dict[str, Any], usage_type: str) -> dict[str, Any]:
    kept = [told for told in one["properties"] if told["name"] != "instanceType"]
    own = {"name": "instanceType", "value": usage_type.partition(":")[2]}
    return one | {"usageType": usage_type, "properties": [*kept, own]}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Ten of each of four types at $0.10 around the clock, on demand."""
    kinds = ("m5.large", "c5.large", "r5.large", "m6i.large")
    rows = [row for kind in kinds for row in hours(usage_type=f"BoxUsage:{kind}")]
    return exported(tmp_path_factory.mktemp("bot"), rows, aws=Rates())


@pytest.fixture(scope="module")
def mixes(context: Context) -> DataFrame:
    return commitment_proposals.read(context)


def test_without_hours_every_table_says_why(tmp_path: Path) -> None:
    bare = faked(tmp_path, aws=OwnAccount())

    for module in (commitment_proposals, commitment_offers, commitment_parts):
        [row] = module.read(bare).to_dict("records")
        assert row["problem"], module.__name__
    assert commitment_shares.read(bare).empty


def test_a_mix_has_its_odds_and_what_it_is_made_of(context: Context, mixes: DataFrame) -> None:
    best = mixes[mixes["years"].eq(1) & mixes["payment"].eq("No Upfront")]
    shares = commitment_shares.read(context)
    own = shares[shares["years"].eq(1) & shares["payment"].eq("No Upfront")]

    assert best["basis"].tolist() == ["hours"]
    assert best["on_demand"].tolist() == [pytest.approx(4.0)]
    assert best["saving"].gt(0).all()
    assert best["chance_low"].le(0.1).all()
    assert own["hourly"].sum() == pytest.approx(best["hourly"].iloc[0])


def test_parts_and_offers_are_of_the_same_usage(context: Context) -> None:
    part = commitment_parts.read(context).set_index("name").loc["EC2 m5 in us-east-1"]
    offers = commitment_offers.read(context)

    assert (part["recent"], part["blocked"]) == (pytest.approx(1.0), "")
    assert offers["kind"].isin(["Compute", "EC2Instance"]).all()
    assert offers["years"].eq(1).all()


def test_it_is_worked_out_once_until_something_changes(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    before = proposals(context)
    monkeypatch.setattr(think_purchase, "propose", None)

    assert proposals(context) is before
    allowed = context.settings.model_copy(update={"check_thresholds": ("commitments.purchase.most_years=3",)})
    with pytest.raises(TypeError):
        proposals(replace(context, settings=allowed))


def test_a_fall_is_told_and_nothing_is_proposed(tmp_path: Path) -> None:
    fell = date(2026, 11, 12)
    context = exported(tmp_path, [*hours(until=fell), *hours(first=fell, quantity=3.0)])

    [row] = commitment_proposals.read(context).to_dict("records")
    found = checks()["commitments.purchase"](
        commitment_proposals.read(context), commitment_shares.read(context), commitment_offers.read(context),
        typed([], purchase_recommendations.COLUMNS),
    ).rows  # fmt: skip

    assert "less than" in row["blocked"]
    assert found["verdict"].tolist() == ["conflict"]
