"""What the stand-in proposes to buy of Savings Plans is what would have saved most on the ledger's own hours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from analysis.commitments.objective import Step
from analysis.commitments.purchase_aws import alone_over_look_back
from bot.demo.aws.answers import AwsError
from bot.demo.aws.commitments import COMPUTE_PLAN, ENDING_PLAN
from bot.demo.aws.cost_explorer_dimensions import Dimensions
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.loads import SHRINKING, STEADY
from bot.demo.aws.organisation import PAYER, PROD, SANDBOX
from bot.demo.aws.plan_purchases import Purchase, purchases
from tests.demo.aws.ledger_factories import explorer, statement

RECOMMEND, DETAILS = "GetSavingsPlansPurchaseRecommendation", "GetSavingsPlanPurchaseRecommendationDetails"
ASKED = {
    "SavingsPlansType": "COMPUTE_SP",
    "TermInYears": "ONE_YEAR",
    "PaymentOption": "NO_UPFRONT",
    "LookbackPeriodInDays": "THIRTY_DAYS",
}
EC2 = {"SavingsPlansType": "EC2_INSTANCE_SP"}
HOURS = 30 * 24
#: What is proposed of a Database plan: dollars an hour, and dollars a month that it would save.
DATABASE = (1.093, 199.04)


def ask(operation: str = RECOMMEND, *, account_id: str = PAYER.id, **params: Any) -> Any:
    asked = {**ASKED, **params} if operation == RECOMMEND else params
    return explorer().answer(operation, asked, account_id)


def plans(**params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(**params)["SavingsPlansPurchaseRecommendation"][
        "SavingsPlansPurchaseRecommendationDetails"
    ]
    return found


def figure(one: dict[str, Any], name: str) -> float:
    return float(one[name])


@lru_cache(maxsize=1)
def view() -> View:
    return View(statement(), Dimensions(statement().lines), PAYER.id)


def thought_of(**params: str) -> list[Purchase]:
    return purchases({**ASKED, **params}, view())


def saving(one: Purchase, hourly: float) -> float:
    """By brute force, hour by hour and line by line."""
    prices = one.usage.dollars.sum(axis=1) / one.costs.sum(axis=1)
    total = 0.0
    for hour in range(one.usage.hours):
        budget = hourly
        for line in np.argsort(-prices):
            taken = min(budget, one.costs[line, hour])
            total += taken * prices[line]
            budget -= taken
        total -= hourly
    return total


@pytest.mark.parametrize(
    "wrong",
    [
        {"SavingsPlansType": "DISK_SP"},
        {"TermInYears": "TWO_YEARS"},
        {"LookbackPeriodInDays": "TEN_DAYS"},
        {"PaymentOption": "LIGHT_UTILIZATION"},
        {"AccountScope": "ALL"},
        {"Filter": {"Dimensions": {"Key": "REGION", "Values": ["us-east-1"]}}},
        {"Filter": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [PROD.id]}}},
    ],
)
def test_a_question_aws_has_no_answer_to_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(AwsError) as caught:
        ask(**wrong)

    assert caught.value.code == "ValidationException"


def test_what_no_plan_on_offer_covers_is_proposed_by_none() -> None:
    answer = ask(SavingsPlansType="SAGEMAKER_SP")["SavingsPlansPurchaseRecommendation"]

    assert answer["SavingsPlansPurchaseRecommendationDetails"] == []
    assert answer["SavingsPlansPurchaseRecommendationSummary"]["TotalRecommendationCount"] == "0"
    assert plans(account_id="999999999999") == []


def test_a_database_plan_covers_databases_of_generation_7_and_nothing_else() -> None:
    [one] = thought_of(SavingsPlansType="DATABASE_SP")

    assert {(line.usage_type, line.operation) for line in one.usage.lines} == {
        ("InstanceUsage:db.r7g.xlarge", "CreateDBInstance:0002")
    }
    assert not one.covered.any(), "no database is on a plan yet"
    assert one.costs == pytest.approx(0.8 * one.usage.dollars)
    assert saving(one, one.hourly) == pytest.approx(one.saving)
    [shown] = plans(SavingsPlansType="DATABASE_SP")
    assert shown["SavingsPlansDetails"]["Region"] == shown["SavingsPlansDetails"]["InstanceFamily"] == ""
    assert figure(shown, "HourlyCommitmentToPurchase") == pytest.approx(DATABASE[0], abs=0.0005)
    assert figure(shown, "EstimatedMonthlySavingsAmount") == pytest.approx(DATABASE[1], abs=0.005)


@pytest.mark.parametrize("asked", [{"TermInYears": "THREE_YEARS"}, {"PaymentOption": "ALL_UPFRONT"}])
def test_a_database_plan_is_sold_for_a_year_without_upfront_payment_alone(asked: dict[str, str]) -> None:
    assert plans(SavingsPlansType="DATABASE_SP", **asked) == []


@pytest.mark.parametrize(("look_back", "days"), [("SEVEN_DAYS", 7), ("THIRTY_DAYS", 30)])
def test_no_other_commitment_would_have_saved_more(look_back: str, days: int) -> None:
    [compute] = thought_of(LookbackPeriodInDays=look_back)

    assert compute.usage.hours == days * 24
    best = saving(compute, compute.hourly)
    assert best == pytest.approx(compute.saving)
    assert all(saving(compute, compute.hourly + step) < best for step in (-1.0, -0.05, 0.05, 1.0))


def test_costbots_own_arithmetic_finds_the_same_commitments() -> None:
    every = [*thought_of(), *thought_of(**EC2)]

    for one in every:
        ratios = one.costs.sum(axis=1) / one.usage.dollars.sum(axis=1)
        step = Step(0, np.arange(len(ratios)), ratios)
        found = alone_over_look_back(one.usage.dollars, step, days=30)
        # AWS sells tenths of a cent.
        assert saving(one, found) == pytest.approx(one.saving, abs=0.0005 * HOURS)
    assert len(every) == 16


def test_the_figures_of_a_proposal_add_up() -> None:
    [one] = plans()

    cost, spent, left, saved = (
        figure(one, f"Estimated{name}")
        for name in ("SPCost", "OnDemandCostWithCurrentCommitment", "OnDemandCost", "SavingsAmount")
    )
    assert cost == pytest.approx(figure(one, "HourlyCommitmentToPurchase") * HOURS)
    assert saved == pytest.approx(spent - left - cost)
    assert figure(one, "EstimatedMonthlySavingsAmount") == pytest.approx(saved * 730 / HOURS)
    assert figure(one, "EstimatedSavingsPercentage") == pytest.approx(100 * saved / spent)
    assert figure(one, "EstimatedROI") == pytest.approx(100 * saved / cost)
    assert figure(one, "CurrentAverageHourlyOnDemandSpend") == pytest.approx(spent / HOURS)
    assert 95 < figure(one, "EstimatedAverageUtilization") < 100
    assert (one["AccountId"], one["UpfrontCost"]) == (PAYER.id, "0")


def test_upfront_is_half_of_the_term_and_three_years_save_more() -> None:
    [one_year] = plans()
    [three_years] = plans(TermInYears="THREE_YEARS", PaymentOption="PARTIAL_UPFRONT")

    hourly = figure(three_years, "HourlyCommitmentToPurchase")
    assert figure(three_years, "UpfrontCost") == pytest.approx(hourly * 0.5 * 3 * 8760)
    assert figure(three_years, "EstimatedSavingsAmount") > figure(one_year, "EstimatedSavingsAmount")


def test_a_plan_of_a_family_is_proposed_for_the_steady_load_and_too_much_for_the_one_that_shrank() -> None:
    places = {tuple(one["SavingsPlansDetails"].values())[:2]: one for one in plans(**EC2)}
    steady, shrunk = places[STEADY.region, "r5"], places[SHRINKING.region, "c5"]

    assert figure(steady, "HourlyCommitmentToPurchase") > 0.66 * STEADY.hourly
    assert figure(steady, "EstimatedAverageUtilization") > 99
    # The method sees the month as a whole: of the last week alone less would be bought.
    week = {
        tuple(one["SavingsPlansDetails"].values())[:2]: one for one in plans(**EC2, LookbackPeriodInDays="SEVEN_DAYS")
    }
    assert figure(shrunk, "HourlyCommitmentToPurchase") > 1.1 * figure(
        week[SHRINKING.region, "c5"], "HourlyCommitmentToPurchase"
    )
    assert (ENDING_PLAN.region, ENDING_PLAN.family) not in places


def test_pages_hold_what_was_asked_for_and_the_summary_holds_all() -> None:
    first = ask(**EC2, PageSize=10)
    rest = ask(**EC2, PageSize=10, NextPageToken=first["NextPageToken"])
    whole = plans(**EC2)

    pages = [one["SavingsPlansPurchaseRecommendation"] for one in (first, rest)]
    assert [one for page in pages for one in page["SavingsPlansPurchaseRecommendationDetails"]] == whole
    assert len(pages[0]["SavingsPlansPurchaseRecommendationDetails"]) == 10
    assert "NextPageToken" not in rest
    for page in pages:
        summary = page["SavingsPlansPurchaseRecommendationSummary"]
        assert summary["TotalRecommendationCount"] == str(len(whole))
        assert figure(summary, "HourlyCommitmentToPurchase") == pytest.approx(
            sum(figure(one, "HourlyCommitmentToPurchase") for one in whole)
        )


def test_accounts_are_looked_at_one_by_one_and_a_member_sees_itself_alone() -> None:
    linked = plans(AccountScope="LINKED")
    only = {"Filter": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [PROD.id]}}}

    assert len({one["AccountId"] for one in linked}) == len(linked) == 5
    assert plans(AccountScope="LINKED", **only) == [one for one in linked if one["AccountId"] == PROD.id]
    [own] = plans(account_id=SANDBOX.id)
    [sandbox] = [one for one in linked if one["AccountId"] == SANDBOX.id]
    assert own["HourlyCommitmentToPurchase"] == sandbox["HourlyCommitmentToPurchase"]


def test_the_details_of_a_proposal_are_its_hours() -> None:
    [one] = plans()
    data = ask(DETAILS, RecommendationDetailId=one["RecommendationDetailId"])["RecommendationDetailData"]
    hours = data["MetricsOverLookbackPeriod"]

    assert [hours[0]["StartTime"], hours[-1]["StartTime"]] == ["2026-10-20T00:00:00Z", data["LatestUsageTimestamp"]]
    assert len(hours) == HOURS
    assert {name: data[name] for name in one if name in data} == {name: one[name] for name in one if name in data}
    assert sum(figure(hour, "EstimatedOnDemandCost") for hour in hours) == pytest.approx(
        figure(one, "EstimatedOnDemandCost")
    )
    assert np.mean([figure(hour, "EstimatedNewCommitmentUtilization") for hour in hours]) == pytest.approx(
        figure(one, "EstimatedAverageUtilization")
    )
    assert figure(data, "ExistingHourlyCommitment") == COMPUTE_PLAN.hourly
    assert all(figure(hour, "CurrentCoverage") < figure(hour, "EstimatedCoverage") <= 100 for hour in hours)


def test_every_proposal_of_accounts_and_families_can_be_asked_for_by_its_id() -> None:
    found = plans(**EC2, AccountScope="LINKED", TermInYears="THREE_YEARS", LookbackPeriodInDays="SEVEN_DAYS")
    data = ask(DETAILS, RecommendationDetailId=found[-1]["RecommendationDetailId"])["RecommendationDetailData"]

    assert len({one["RecommendationDetailId"] for one in found}) == len(found)
    assert (data["AccountId"], data["InstanceFamily"]) == (
        found[-1]["AccountId"],
        found[-1]["SavingsPlansDetails"]["InstanceFamily"],
    )
    assert data["HourlyCommitmentToPurchase"] == found[-1]["HourlyCommitmentToPurchase"]


@pytest.mark.parametrize(
    ("detail_id", "code"),
    [
        ("0001ffff-0000-0000-0000-000000000000", "DataUnavailableException"),
        ("99999999-0000-0000-0000-000000000000", "DataUnavailableException"),
        ("none", "ValidationException"),
    ],
)
def test_an_id_that_was_never_given_tells_nothing(detail_id: str, code: str) -> None:
    with pytest.raises(AwsError) as caught:
        ask(DETAILS, RecommendationDetailId=detail_id)

    assert caught.value.code == code
