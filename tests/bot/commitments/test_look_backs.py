"""Without an export by the hour, AWS's own look-back tells what to buy, with odds; with one it is not asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame

from analysis.checks import checks
from analysis.commitments.look_back import Detail
from bot.collectors import purchase_recommendations
from bot.commands import Request, find
from bot.commitments.look_backs import look_back_hours, look_back_note
from bot.commitments.tables import commitment_offers, commitment_parts, commitment_proposals, commitment_shares
from bot.context import Context
from bot.errors import NotEnoughData
from bot.terminal import render
from tests.bot.collectors.fake_aws import refused
from tests.bot.collectors.look_back_answers import DETAILS, LISTS, answers, hour_by_hour, listed, proposed
from tests.bot.collectors.test_purchase_recommendations import EC2, bot
from tests.bot.commitments.hourly_bills import PlanRates, exported, hours
from tests.bot.decisions_factories import clock_of

RATES = "savingsplans:DescribeSavingsPlansOfferingRates"
TOLD = proposed("m5", "c5")


def asking(folder: Path, details: list[Detail] = TOLD, *, rates: Any = None, **changed: Any) -> Context:
    """A bot whose bill is of Cost Explorer's days, and AWS with these proposals; rates are refused unless given."""
    return bot(folder, answers(details) | {RATES: [rates or refused()] * 8} | changed, EC2)


def rate(kind: str, years: int, usd: str) -> dict[str, Any]:
    about = {"region": "us-east-1", "instanceType": "m5.large", "productDescription": "Linux/UNIX", "tenancy": "shared"}
    return {
        "savingsPlanOffering": {
            "planType": kind,
            "paymentOption": "No Upfront",
            "durationSeconds": years * 365 * 86400,
            "currency": "USD",
        },
        "rate": usd,
        "unit": "Hrs",
        "usageType": "BoxUsage:m5.large",
        "properties": [{"name": name, "value": value} for name, value in about.items()],
    }


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return asking(tmp_path_factory.mktemp("bot"))


@pytest.fixture(scope="module")
def mixes(context: Context) -> DataFrame:
    return commitment_proposals.read(context)


def test_a_proposal_has_odds_and_says_where_its_hours_came_from(context: Context, mixes: DataFrame) -> None:
    [row] = mixes.to_dict("records")

    assert (row["basis"], row["days"]) == ("AWS's look-back", 30.0)
    assert row["hours_from"] == "AWS's own look-back of 30 days (Oct 21 to Nov 19), as no billing export tells hours"
    assert row["on_demand"] == pytest.approx(17.5)
    assert 0 <= row["chance_low"] <= 0.1
    assert row["saving_low"] < row["saving"] < row["saving_high"]
    assert row["worst_month"] < row["saving"]
    shares = commitment_shares.read(context)
    assert shares["hourly"].sum() == pytest.approx(row["hourly"])
    assert {"EC2Instance", "Compute"} >= set(shares["kind"])


def test_the_card_says_so_and_what_the_hours_ignore(context: Context, mixes: DataFrame) -> None:
    found = checks()["commitments.purchase"](
        mixes, commitment_shares.read(context), commitment_offers.read(context), purchase_recommendations.read(context)
    )
    [row] = found.rows.to_dict("records")

    assert row["verdict"] == "saves"
    assert "AWS's own look-back of 30 days (Oct 21 to Nov 19), as no billing export tells hours" in row["how"]
    assert "The chance that less than 95 % of it is used" in row["odds"]
    assert row["source"] == "costbot's scenarios of AWS's look-back"
    assert "when what is owned ends" in row["ignores"]
    assert row["covers"] == []


def test_commitments_say_what_proposals_are_worked_out_on(context: Context, mixes: DataFrame) -> None:
    told = render(find("commitments").answer(Request("commitments", (), "U0ANA", "C0COSTS"), context))

    assert len(mixes) == 1
    assert (
        "What to buy is worked out on AWS's own look-back of 30 days (Oct 21 to Nov 19), as no billing export tells "
        "hours. What AWS's look-back does not tell by the hour: when what is owned ends"
    ) in " ".join(told.split())


def test_a_purchase_is_thought_through_on_the_look_back_once_a_scan_has_asked_for_it(
    context: Context, mixes: DataFrame, tmp_path: Path
) -> None:
    words = ("what-if", "2.00/h", "--type", "ec2", "--family", "m5")
    asked = Request("commitments", words, "U0ANA", "C0COSTS")
    before = len(context.aws.calls)  # type: ignore[attr-defined]
    told = " ".join(render(find("commitments").answer(asked, context)).split())

    # $2.00 at 66 % pays for $3.03 of what costs $4 even at night: $752 a month; in some scenarios it falls or leaves.
    assert told.startswith(
        "$2.00 an hour more for an EC2 Instance Savings Plan of m5 in us-east-1 (1 year, No Upfront) would "
        "save $717 a month"
    )
    assert "Its hours are AWS's own look-back of 30 days (Oct 21 to Nov 19), as no billing export tells hours." in told
    assert {name for name, _ in context.aws.calls[before:]} <= {RATES}  # type: ignore[attr-defined]
    with pytest.raises(NotEnoughData, match="by the day"):
        find("commitments").answer(asked, asking(tmp_path))


def test_once_an_export_tells_hours_commitments_name_no_look_back(
    context: Context, mixes: DataFrame, tmp_path: Path
) -> None:
    read = exported(tmp_path, hours(), aws=PlanRates())
    kept = context.store.recall("commitments.look_back.source")
    assert kept is not None
    read.store.remember("commitments.look_back.source", kept, read.clock.now())

    assert look_back_note(context)
    assert look_back_note(read) == ""


def test_databases_and_nodes_keep_the_estimate_of_aws(context: Context) -> None:
    offers = commitment_offers.read(context)

    assert offers["problem"].ne("").sum() == 1
    assert "not databases and nodes" in offers["problem"].max()
    assert set(offers.loc[offers["problem"].eq(""), "basis"]) == {"AWS's look-back"}


def test_a_fall_of_a_family_is_seen_in_the_look_back(context: Context) -> None:
    parts = commitment_parts.read(context).set_index("name")

    assert set(parts.index) == {"EC2 m5 in us-east-1", "EC2 c5 in us-east-1", "EC2 other compute"}
    assert parts.loc["EC2 m5 in us-east-1", "before"] == pytest.approx(8.0)


def test_rates_on_offer_tell_other_terms(tmp_path: Path) -> None:
    told = [rate("EC2Instance", 1, "0.06"), rate("EC2Instance", 3, "0.04"), rate("Compute", 1, "0.07")]
    context = asking(tmp_path, rates={"searchResults": told})

    offers = {(one.kind, one.years, one.family): one.rates.round(4).tolist() for one in look_back_hours(context).offers}

    # Lines are c5, of which no rate is told, m5, and other compute.
    assert str(offers["EC2Instance", 3, "m5"]) == "[nan, 0.44, nan]"
    assert offers["Compute", 1, ""] == [0.72, 0.77, 0.72]
    assert ("EC2Instance", 3, "c5") not in offers


def test_with_an_export_by_the_hour_no_look_back_is_asked(tmp_path: Path) -> None:
    context = exported(tmp_path, hours(), aws=PlanRates())

    [row, *_] = commitment_proposals.read(context).to_dict("records")

    assert (row["basis"], row["hours_from"]) == ("hours", "")
    assert context.store.recall("commitments.look_back.asked") is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({LISTS: [listed([]), listed([])]}, "has generated no proposal yet"),
        ({LISTS: [refused(), refused()]}, "ce:GetSavingsPlansPurchaseRecommendation"),
        ({DETAILS: [refused("DataUnavailableException")] * 3}, "has not generated the hours"),
        ({DETAILS: [hour_by_hour(replace(one, spent=one.spent * 2)) for one in TOLD]}, "do not add up"),
    ],
)
def test_without_hours_to_rely_on_the_problem_says_so(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    context = asking(tmp_path, **changed)

    [row] = commitment_proposals.read(context).to_dict("records")

    assert said in row["problem"]
    assert "by the day" in row["problem"]
    assert row["basis"] != "AWS's look-back"


def test_a_look_back_that_grew_old_is_not_bought_on(tmp_path: Path) -> None:
    once = answers(TOLD)
    context = asking(tmp_path, **{name: [*once[name], *[refused()] * 3] for name in once})
    look_back_hours(context)
    clock_of(context).pass_time(days=20)

    with pytest.raises(NotEnoughData, match="ends on Nov 19, too long ago"):
        look_back_hours(context)
