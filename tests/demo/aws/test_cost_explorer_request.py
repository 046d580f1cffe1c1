"""What AWS refuses, the stand-in refuses, in AWS's words where they are known."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.organisation import PAYER
from tests.demo.aws.ledger_factories import ask, dimension, explorer, request, tag


def refused(**changes: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        explorer().answer("GetCostAndUsage", {**request(), **changes}, PAYER.id)
    return caught.value


def period(start: str, end: str) -> dict[str, str]:
    return {"Start": start, "End": end}


def only(**expression: Any) -> dict[str, Any]:
    return expression


@pytest.mark.parametrize(
    ("changes", "wording"),
    [
        (
            {"GroupBy": [dimension("SERVICE"), dimension("REGION"), tag("team")]},
            "Only two values for GroupBy are allowed",
        ),
        ({"GroupBy": [dimension("TEAM")]}, "Group Definition dimension is invalid. Valid values are AZ, INSTANCE_TYPE"),
        ({"GroupBy": [{"Type": "ACCOUNT", "Key": "x"}]}, "Group Definition type is invalid."),
        ({"GroupBy": [{"Type": "TAG", "Key": ""}]}, "Both type an key need to be set"),
        ({"Metrics": []}, "At least one metric"),
        ({"Metrics": ["UnblendedCosts"]}, "Metric UnblendedCosts is invalid. Valid values are AMORTIZED_COST"),
        ({"Granularity": "WEEKLY"}, "Member must satisfy enum value set: [DAILY, MONTHLY, HOURLY]"),
        (
            {"TimePeriod": period("2026-11-05", "2026-11-05")},
            "Start date (and hour) should be before end date (and hour)",
        ),
        (
            {"TimePeriod": period("2026-11-06", "2026-11-05")},
            "Start date (and hour) should be before end date (and hour)",
        ),
        ({"TimePeriod": period("2026-11-01", "2026-12-02")}, "end date past the beginning of next month"),
        (
            {"TimePeriod": period("2026-11-21", "2026-11-22")},
            "Start date must be equal to or no later than the current",
        ),
        ({"TimePeriod": period("2025-09-30", "2026-11-01")}, "You haven't enabled historical data beyond 14 months"),
        (
            {"TimePeriod": period("1.11.2026", "2026-11-05")},
            "Start time 1.11.2026 is invalid. Valid format is: yyyy-MM-dd",
        ),
        ({"TimePeriod": period("2026-11-01", "2026-13-05")}, "End time 2026-13-05 is invalid"),
        ({"TimePeriod": period("2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z")}, "Valid format is: yyyy-MM-dd."),
        ({"TimePeriod": {"Start": "2026-11-01"}}, "End time  is invalid"),
        ({"Granularity": "HOURLY"}, "Valid format is: yyyy-MM-dd'T'HH:mm:ss'Z'."),
        (
            {"Granularity": "HOURLY", "TimePeriod": period("2026-11-05T23:00:00Z", "2026-11-06T00:00:00Z")},
            "the max supported days for hourly granularity is 14 days",
        ),
    ],
)
def test_refuses_what_aws_refuses(changes: dict[str, Any], wording: str) -> None:
    error = refused(**changes)

    assert error.code == "ValidationException"
    assert wording in error.message


@pytest.mark.parametrize(
    ("expression", "wording"),
    [
        ({}, "only one root operator"),
        ({"Dimensions": {"Key": "SERVICE", "Values": ["Tax"]}, "Not": {}}, "only one root operator"),
        ({"And": [{"Dimensions": {"Key": "SERVICE", "Values": ["Tax"]}}]}, "must have at least 2 operands"),
        ({"Dimensions": {"Key": "TEAM", "Values": ["search"]}}, "Member must satisfy enum value set"),
        ({"Dimensions": {"Key": "SERVICE", "Values": []}}, "Values must be set"),
        ({"Dimensions": {"Key": "SERVICE", "Values": ["A"], "MatchOptions": ["STARTS_WITH"]}}, "not supported"),
        ({"Tags": {"Values": ["search"]}}, "Key must be set"),
        ({"Tags": {"Key": "team", "Values": ["sea"], "MatchOptions": ["CONTAINS"]}}, "not supported"),
        ({"CostCategories": {"Key": "Product", "Values": ["A"]}}, "does not exist"),
        ({"Filter": {"Key": "SERVICE"}}, "only one root operator"),
    ],
)
def test_refuses_a_filter_aws_refuses(expression: dict[str, Any], wording: str) -> None:
    error = refused(Filter=expression)

    assert error.code == "ValidationException"
    assert wording in error.message


def test_a_filter_value_that_does_not_exist_finds_nothing_and_is_no_error() -> None:
    rows = ask(request(Filter={"Dimensions": {"Key": "SERVICE", "Values": ["Amazon EC2"]}}))

    assert {row["Total"]["UnblendedCost"]["Amount"] for row in rows} == {"0"}


def test_a_token_of_another_request_is_refused() -> None:
    groups = [dimension("SERVICE"), dimension("USAGE_TYPE")]
    token = explorer(groups_a_page=100).answer("GetCostAndUsage", request(GroupBy=groups), PAYER.id)["NextPageToken"]

    assert refused(GroupBy=groups, NextPageToken=token, Metrics=["AmortizedCost"]).code == "RequestChangedException"
    assert refused(GroupBy=groups, NextPageToken="bm9uc2Vuc2U=").code == "InvalidNextTokenException"
    assert refused(GroupBy=groups, NextPageToken="%%%").code == "InvalidNextTokenException"


def test_metrics_may_be_written_either_way_and_are_answered_one_way() -> None:
    row = ask(request(Metrics=["UNBLENDED_COST", "UnblendedCost", "NetAmortizedCost"]))[0]

    assert list(row["Total"]) == ["UnblendedCost", "NetAmortizedCost"]


def test_the_end_of_a_period_is_exclusive() -> None:
    rows = ask(request("2026-11-01", "2026-11-04"))

    assert [row["TimePeriod"]["Start"] for row in rows] == ["2026-11-01", "2026-11-02", "2026-11-03"]


def test_months_are_cut_at_the_ends_of_the_period() -> None:
    rows = ask(request("2026-09-15", "2026-11-20", Granularity="MONTHLY"))

    assert [(row["TimePeriod"]["Start"], row["TimePeriod"]["End"]) for row in rows] == [
        ("2026-09-15", "2026-10-01"),
        ("2026-10-01", "2026-11-01"),
        ("2026-11-01", "2026-11-20"),
    ]


def test_history_reaches_fourteen_months_back_and_is_empty_before_the_organisation() -> None:
    rows = ask(request("2025-10-01", "2025-10-20"))

    assert rows[0]["Total"]["UnblendedCost"] == {"Amount": "0", "Unit": "USD"}
    assert float(rows[-1]["Total"]["UnblendedCost"]["Amount"]) > 2000


def test_resource_level_data_is_not_enabled() -> None:
    with pytest.raises(AwsError) as caught:
        explorer().answer("GetCostAndUsageWithResources", request(), PAYER.id)

    assert caught.value.code == "DataUnavailableException"
