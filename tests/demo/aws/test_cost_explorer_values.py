"""GetDimensionValues, GetTags, ListCostAllocationTags and GetCostForecast."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.organisation import ACCOUNTS, PAYER, PROD, TEAMS
from bot.demo.aws.record_types import RecordType
from tests.demo.aws.ledger_factories import ask, by_group, dimension, explorer, request

PERIOD = {"TimePeriod": {"Start": "2026-10-20", "End": "2026-11-20"}}
AHEAD = {"TimePeriod": {"Start": "2026-11-20", "End": "2026-12-11"}, "Metric": "UNBLENDED_COST", "Granularity": "DAILY"}


def answer(operation: str, *, account_id: str = PAYER.id, **params: Any) -> Any:
    return explorer().answer(operation, params, account_id)


def refused(operation: str, **params: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        answer(operation, **params)
    return caught.value


def values(**params: Any) -> list[str]:
    return [item["Value"] for item in answer("GetDimensionValues", **PERIOD, **params)["DimensionValues"]]


def test_an_unknown_dimension_is_refused() -> None:
    assert refused("GetDimensionValues", **PERIOD, Dimension="TEAM").code == "ValidationException"


def test_a_service_that_cost_nothing_in_the_period_is_not_listed() -> None:
    earlier = {"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}}
    listed = answer("GetDimensionValues", **earlier, Dimension="SERVICE")["DimensionValues"]

    assert "Amazon Bedrock" not in [item["Value"] for item in listed]
    assert "Amazon Bedrock" in values(Dimension="SERVICE")


def test_record_types_of_the_last_month() -> None:
    assert set(values(Dimension="RECORD_TYPE")) == set(RecordType) - {
        RecordType.FEE,
        RecordType.SP_UPFRONT_FEE,
        RecordType.REFUND,
    }


def test_accounts_are_listed_with_names_and_a_member_sees_itself() -> None:
    listed = answer("GetDimensionValues", **PERIOD, Dimension="LINKED_ACCOUNT")["DimensionValues"]
    own = answer("GetDimensionValues", **PERIOD, Dimension="LINKED_ACCOUNT", account_id=PROD.id)["DimensionValues"]

    names = {item["Value"]: item["Attributes"]["description"] for item in listed}
    assert names == {one.id: one.name for one in ACCOUNTS}
    assert [item["Value"] for item in own] == [PROD.id]


def test_values_can_be_searched_and_sorted_by_cost() -> None:
    costs = by_group(ask(request(GroupBy=[dimension("SERVICE")], Metrics=["UnblendedCost"])))
    top = values(Dimension="SERVICE", SortBy=[{"Key": "UnblendedCost", "SortOrder": "DESCENDING"}], MaxResults=3)

    assert values(Dimension="USAGE_TYPE", SearchString="natgateway-b") == ["NatGateway-Bytes"]
    assert top == [name for (name,) in sorted(costs, key=costs.__getitem__, reverse=True)[:3]]
    assert (
        refused(
            "GetDimensionValues", **PERIOD, Dimension="SERVICE", SearchString="EC2", SortBy=[{"Key": "UnblendedCost"}]
        ).code
        == "ValidationException"
    )


def test_the_cut_list_says_how_long_it_really_is() -> None:
    cut = answer("GetDimensionValues", **PERIOD, Dimension="SERVICE", MaxResults=3, SortBy=[{"Key": "UnblendedCost"}])

    assert (cut["ReturnSize"], cut["TotalSize"] > 25) == (3, True)


def test_tags_are_keys_or_the_values_of_one() -> None:
    assert answer("GetTags", **PERIOD)["Tags"] == ["env", "team"]
    assert set(answer("GetTags", **PERIOD, TagKey="team")["Tags"]) >= {"", *TEAMS}
    assert answer("GetTags", **PERIOD, TagKey="owner")["Tags"] == [""]


def test_two_tags_are_active_for_cost_allocation() -> None:
    shown = answer("ListCostAllocationTags", Status="Active")["CostAllocationTags"]

    assert [(item["TagKey"], item["Status"]) for item in shown] == [("env", "Active"), ("team", "Active")]
    assert answer("ListCostAllocationTags", Status="Inactive")["CostAllocationTags"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"Metric": "USAGE_QUANTITY"},
        {"Metric": "UnblendedCost"},
        {"Granularity": "HOURLY"},
        {"PredictionIntervalLevel": 50},
        {"TimePeriod": {"Start": "2026-11-19", "End": "2026-12-11"}},
        {"TimePeriod": {"Start": "2026-11-20", "End": "2027-03-11"}},
    ],
)
def test_a_forecast_aws_refuses_is_refused(wrong: dict[str, Any]) -> None:
    assert refused("GetCostForecast", **{**AHEAD, **wrong}).code == "ValidationException"


def test_a_forecast_without_history_is_unavailable() -> None:
    nothing = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Neptune"]}}

    assert refused("GetCostForecast", **AHEAD, Filter=nothing).code == "DataUnavailableException"


def test_a_forecast_goes_on_like_the_last_weeks_with_an_interval_that_widens() -> None:
    narrow, wide = (answer("GetCostForecast", **AHEAD, PredictionIntervalLevel=level) for level in (60, 95))
    rows = narrow["ForecastResultsByTime"]
    widths = [
        float(one["PredictionIntervalUpperBound"]) - float(one["PredictionIntervalLowerBound"])
        for one in (rows[0], wide["ForecastResultsByTime"][0])
    ]

    assert len(rows) == 21
    assert float(narrow["Total"]["Amount"]) / 21 == pytest.approx(2750, rel=0.1)
    assert float(narrow["Total"]["Amount"]) == pytest.approx(sum(float(row["MeanValue"]) for row in rows))
    assert widths[1] > widths[0] > 0
