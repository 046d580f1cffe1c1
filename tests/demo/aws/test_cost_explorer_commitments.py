"""Utilisation of Savings Plans and reservations, as Cost Explorer reports it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.commitments import COMPUTE_PLAN, DATABASE_RESERVATION, ENDING_PLAN, IDLE_RESERVATION
from bot.demo.aws.organisation import PAYER, SANDBOX, SHARED_SERVICES
from tests.demo.aws.ledger_factories import explorer

PERIOD = {"TimePeriod": {"Start": "2026-10-21", "End": "2026-11-20"}}
BY_SUBSCRIPTION = {"GroupBy": [{"Type": "DIMENSION", "Key": "SUBSCRIPTION_ID"}]}


def answer(operation: str, *, account_id: str = PAYER.id, **params: Any) -> Any:
    return explorer().answer(operation, {**PERIOD, **params}, account_id)


def refused(operation: str, **params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        answer(operation, **params)
    return caught.value.code


def only(key: str, value: str) -> dict[str, Any]:
    return {"Filter": {"Dimensions": {"Key": key, "Values": [value]}}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"Granularity": "HOURLY"},
        {"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-21"}},
        only("SERVICE", "x"),
        {"Filter": {"Not": only("REGION", "us-east-1")["Filter"]}},
    ],
)
def test_a_plan_question_aws_refuses_is_refused(wrong: dict[str, Any]) -> None:
    assert refused("GetSavingsPlansUtilization", **wrong) == "ValidationException"


def test_reservations_are_grouped_by_subscription_or_cut_by_time_never_both() -> None:
    assert refused("GetReservationUtilization", **BY_SUBSCRIPTION, Granularity="DAILY") == "ValidationException"
    by_service = [{"Type": "DIMENSION", "Key": "SERVICE"}]
    assert refused("GetReservationUtilization", GroupBy=by_service) == "ValidationException"


def test_an_account_without_commitments_has_no_data() -> None:
    assert refused("GetSavingsPlansUtilization", account_id=SANDBOX.id) == "DataUnavailableException"
    assert refused("GetReservationUtilization", account_id=SHARED_SERVICES.id) == "DataUnavailableException"


def test_one_plan_is_well_used() -> None:
    figures = answer("GetSavingsPlansUtilization", **only("SAVINGS_PLAN_ARN", COMPUTE_PLAN.arn))["Total"]
    use = {name: float(value) for name, value in figures["Utilization"].items()}

    assert use["UtilizationPercentage"] == pytest.approx(100)
    assert use["TotalCommitment"] == pytest.approx(COMPUTE_PLAN.hourly * 24 * 30, abs=0.01)
    assert use["UsedCommitment"] + use["UnusedCommitment"] == pytest.approx(use["TotalCommitment"])
    assert float(figures["Savings"]["NetSavings"]) > 1000


def test_one_plan_ends_in_twenty_days() -> None:
    details = answer("GetSavingsPlansUtilizationDetails")["SavingsPlansUtilizationDetails"]
    ends = {item["SavingsPlanArn"]: item["Attributes"]["EndDateTime"] for item in details}

    assert ends[ENDING_PLAN.arn] == "2026-12-10T00:00:00.000Z"
    assert ends[COMPUTE_PLAN.arn] > "2028"


def test_days_and_months_of_plans_add_up() -> None:
    days, months = (answer("GetSavingsPlansUtilization", Granularity=size) for size in ("DAILY", "MONTHLY"))

    assert (len(days["SavingsPlansUtilizationsByTime"]), len(months["SavingsPlansUtilizationsByTime"])) == (30, 2)
    assert float(days["Total"]["Utilization"]["UsedCommitment"]) == pytest.approx(
        float(months["Total"]["Utilization"]["UsedCommitment"])
    )
    assert float(days["Total"]["AmortizedCommitment"]["AmortizedUpfrontCommitment"]) == pytest.approx(
        ENDING_PLAN.hourly / 2 * 24 * 30, abs=0.01
    )


def test_one_reservation_is_badly_used_and_ec2_is_the_default_service() -> None:
    (row,) = answer("GetReservationUtilization", **BY_SUBSCRIPTION)["UtilizationsByTime"]
    (group,) = row["Groups"]
    use = {name: float(value) for name, value in group["Utilization"].items()}

    assert group["Value"] == IDLE_RESERVATION.id
    assert group["Attributes"]["endDateTime"] == "2027-01-24T00:00:00.000Z"
    assert use["UtilizationPercentage"] == pytest.approx(60, abs=1)
    assert use["PurchasedHours"] == pytest.approx(12 * 24 * 30, abs=0.01)
    assert use["RICostForUnusedHours"] == pytest.approx(0.4 * IDLE_RESERVATION.hourly * 24 * 30, rel=0.03)
    assert use["RealizedSavings"] - use["RICostForUnusedHours"] == pytest.approx(use["NetRISavings"])


def test_the_databases_reservation_is_asked_for_by_service() -> None:
    found = answer("GetReservationUtilization", **only("SERVICE", "Amazon Relational Database Service"))

    assert len(found["UtilizationsByTime"]) == 30
    assert float(found["Total"]["PurchasedHours"]) == pytest.approx(DATABASE_RESERVATION.count * 24 * 30, abs=0.01)
    assert float(found["Total"]["UtilizationPercentage"]) > 98


@pytest.mark.parametrize(
    "wrong",
    [
        {"Granularity": "HOURLY"},
        {"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-21"}},
        {"GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}]},
        only("REGION", "us-east-1"),
    ],
)
def test_a_coverage_question_that_is_not_emulated_is_refused(wrong: dict[str, Any]) -> None:
    assert refused("GetSavingsPlansCoverage", **wrong) == "ValidationException"


def test_coverage_is_what_plans_cover_of_what_they_could() -> None:
    days = answer("GetSavingsPlansCoverage")["SavingsPlansCoverages"]
    used = answer("GetSavingsPlansUtilization")["Total"]["Savings"]["OnDemandCostEquivalent"]

    figures = [{name: float(value) for name, value in day["Coverage"].items()} for day in days]
    assert len(figures) == 30
    assert sum(day["SpendCoveredBySavingsPlans"] for day in figures) == pytest.approx(float(used), abs=0.01)
    for day in figures:
        assert day["TotalCost"] == pytest.approx(day["SpendCoveredBySavingsPlans"] + day["OnDemandCost"])
        assert day["CoveragePercentage"] == pytest.approx(100 * day["SpendCoveredBySavingsPlans"] / day["TotalCost"])
        assert 10 < day["CoveragePercentage"] < 50


def test_an_account_sees_the_coverage_of_its_own_usage() -> None:
    [month] = answer("GetSavingsPlansCoverage", account_id=SANDBOX.id, Granularity="MONTHLY", TimePeriod={
        "Start": "2026-10-01", "End": "2026-11-01"
    })["SavingsPlansCoverages"]  # fmt: skip

    assert float(month["Coverage"]["SpendCoveredBySavingsPlans"]) == 0.0
    assert float(month["Coverage"]["OnDemandCost"]) > 0.0
