"""What is owned, as AWS lists it: five services and the plans, each told apart from what could not be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from bot.collectors import reservations, savings_plans
from bot.errors import SourceUnavailable
from tests.bot.collectors.fake_aws import ACCOUNT, HERE, NOW, FakeAws, refused

YEAR = 365 * 86400
START = datetime(2026, 1, 1, tzinfo=UTC)
EMPTY: dict[str, Any] = {
    "ec2:DescribeReservedInstances": {"ReservedInstances": []},
    "rds:DescribeReservedDBInstances": {"ReservedDBInstances": []},
    "elasticache:DescribeReservedCacheNodes": {"ReservedCacheNodes": []},
    "opensearch:DescribeReservedInstances": {"ReservedInstances": []},
    "redshift:DescribeReservedNodes": {"ReservedNodes": []},
}


def reserved(**answers: Any) -> list[dict[str, Any]]:
    aws: Any = FakeAws(EMPTY | answers)
    answer = reservations.fetch(aws, ACCOUNT, HERE.region)
    return reservations.parse(answer, HERE).to_dict("records")  # type: ignore[no-any-return]


def instance(**changed: Any) -> dict[str, Any]:
    usual = {
        "ReservedInstancesId": "r-1",
        "InstanceType": "m5.large",
        "InstanceCount": 2,
        "FixedPrice": 876.0,
        "UsagePrice": 0.0,
        "RecurringCharges": [{"Amount": 0.05, "Frequency": "Hourly"}],
        "Duration": YEAR,
        "Start": START,
        "End": datetime(2027, 1, 1, tzinfo=UTC),
        "State": "active",
        "OfferingType": "Partial Upfront",
        "OfferingClass": "convertible",
        "ProductDescription": "Linux/UNIX",
        "CurrencyCode": "USD",
        "Scope": "Region",
    }
    return {"ReservedInstances": [usual | changed]}


def test_no_service_has_any() -> None:
    assert reserved() == []


@pytest.mark.parametrize("state", ["retired", "payment-failed", "queued-deleted"])
def test_what_is_over_is_not_owned(state: str) -> None:
    assert reserved(**{"ec2:DescribeReservedInstances": instance(State=state)}) == []


def test_instances_have_their_terms_and_the_id_of_the_bill() -> None:
    [row] = reserved(**{"ec2:DescribeReservedInstances": instance()})

    assert row["commitment_id"] == f"arn:aws:ec2:us-east-1:{ACCOUNT}:reserved-instances/r-1"
    assert (row["name"], row["family"], row["platform"]) == ("2 × m5.large", "m5", "Linux/UNIX")
    assert (row["payment"], row["offering_class"], row["years"]) == ("Partial Upfront", "convertible", 1.0)
    assert (row["upfront_usd"], row["hourly_usd"]) == (1752.0, pytest.approx(2 * 0.15))
    assert (row["starts_at"], row["ends_at"]) == (pd.Timestamp("2026-01-01"), pd.Timestamp("2027-01-01"))
    assert row["seen_at"] == pd.Timestamp(NOW.replace(tzinfo=None))


def test_an_unknown_price_or_currency_is_no_dollar() -> None:
    told = instance(Duration=0), instance(CurrencyCode="CNY")  # AWS's model has only dollars

    assert pd.isna(reserved(**{"ec2:DescribeReservedInstances": told[0]})[0]["hourly_usd"])
    rows = reservations.parse({"AmazonEC2": told[1]["ReservedInstances"]}, HERE)
    assert rows[["hourly_usd", "upfront_usd"]].isna().all(axis=None)


def test_each_service_spells_its_own() -> None:
    usual = {"StartTime": START, "Duration": YEAR, "FixedPrice": 0.0, "UsagePrice": 0.0, "State": "active"}
    hourly = [{"RecurringChargeAmount": 0.1, "RecurringChargeFrequency": "Hourly"}]
    plain = usual | {"RecurringCharges": hourly, "OfferingType": "No Upfront"}
    rows = reserved(
        **{
            "rds:DescribeReservedDBInstances": [
                {
                    "Marker": "1",
                    "ReservedDBInstances": [
                        plain
                        | {
                            "ReservedDBInstanceId": "db",
                            "ReservedDBInstanceArn": "arn:aws:rds:us-east-1:1:ri:db",
                            "DBInstanceClass": "db.r5.large",
                            "DBInstanceCount": 3,
                            "ProductDescription": "mysql",
                        }
                    ],
                },
                {"ReservedDBInstances": []},
            ],
            "elasticache:DescribeReservedCacheNodes": {
                "ReservedCacheNodes": [
                    plain
                    | {
                        "ReservedCacheNodeId": "ca",
                        "ReservationARN": "arn:aws:elasticache:us-east-1:1:reserved-instance:ca",
                        "CacheNodeType": "cache.m5.large",
                        "CacheNodeCount": 1,
                        "ProductDescription": "redis",
                    }
                ]
            },
            "opensearch:DescribeReservedInstances": {
                "ReservedInstances": [
                    usual
                    | {
                        "ReservedInstanceId": "0a1b2c3d-1111-4222-8333-444455556666",
                        "InstanceType": "r5.large.search",
                        "InstanceCount": 1,
                        "PaymentOption": "NO_UPFRONT",
                        "RecurringCharges": hourly,
                    }
                ]
            },
            "redshift:DescribeReservedNodes": {
                "ReservedNodes": [plain | {"ReservedNodeId": "rs", "NodeType": "ra3.xlplus", "NodeCount": 2}]
            },
        }
    )

    told = {row["service"]: (row["name"], row["family"], row["payment"], row["hourly_usd"]) for row in rows}
    assert told == {
        "AmazonRDS": ("3 × db.r5.large", "r5", "No Upfront", pytest.approx(0.3)),
        "AmazonElastiCache": ("1 × cache.m5.large", "m5", "No Upfront", pytest.approx(0.1)),
        "AmazonES": ("1 × r5.large.search", "r5", "No Upfront", pytest.approx(0.1)),
        "AmazonRedshift": ("2 × ra3.xlplus", "ra3", "No Upfront", pytest.approx(0.2)),
    }
    assert {row["ends_at"] for row in rows} == {pd.Timestamp("2027-01-01")}


def test_a_service_that_is_refused_says_so_and_leaves_the_others() -> None:
    answers = {"ec2:DescribeReservedInstances": instance(), "redshift:DescribeReservedNodes": refused()}
    ec2, redshift = reserved(**answers)

    assert (ec2["problem"], ec2["resource_id"]) == ("", "r-1")
    assert redshift["resource_id"] == "AmazonRedshift reservations"
    assert "redshift:DescribeReservedNodes" in redshift["problem"]
    assert pd.isna(redshift["hourly_usd"])


def test_a_place_where_all_are_refused_was_not_looked_at() -> None:
    with pytest.raises(SourceUnavailable, match="ec2:DescribeReservedInstances"):
        reserved(**dict.fromkeys(EMPTY, refused()))


def plan(**changed: Any) -> dict[str, Any]:
    return {
        "savingsPlanId": "p-1",
        "savingsPlanArn": f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/p-1",
        "start": "2026-01-01T00:00:00.000Z",
        "end": "2027-01-01T00:00:00.000Z",
        "state": "active",
        "savingsPlanType": "Compute",
        "paymentOption": "No Upfront",
        "currency": "USD",
        "commitment": "2.50000000",
        "upfrontPaymentAmount": "0.0",
        "termDurationInSeconds": YEAR,
        "tags": {"team": "search"},
    } | changed


def plans(*pages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Any]:
    *more, last = [{"savingsPlans": page} for page in pages]
    aws: Any = FakeAws({"savingsplans:DescribeSavingsPlans": [*(one | {"nextToken": "1"} for one in more), last]})
    rows = savings_plans.parse(savings_plans.fetch(aws, ACCOUNT, "us-east-1"), HERE)
    return rows.to_dict("records"), aws


def test_all_pages_of_plans_are_read() -> None:
    rows, aws = plans([plan()], [plan(savingsPlanId="p-2", savingsPlanType="SageMaker")])

    assert [row["name"] for row in rows] == ["Compute Savings Plan $2.50/h", "SageMaker Savings Plan $2.50/h"]
    assert [asked.get("nextToken") for _, asked in aws.calls] == [None, "1"]
    assert (rows[0]["owner"], rows[0]["region"], rows[0]["hourly_usd"]) == ("search", "", 2.5)


def test_a_plan_of_another_account_is_told_there() -> None:
    assert plans([plan(savingsPlanArn="arn:aws:savingsplans::444455556666:savingsplan/p-1")])[0] == []


@pytest.mark.parametrize("changed", [{"currency": "EUR"}, {"commitment": ""}])
def test_a_plan_without_dollars_has_no_amount(changed: dict[str, Any]) -> None:
    [row], _ = plans([plan(**changed)])

    assert pd.isna(row["hourly_usd"])
    assert row["name"] == "Compute Savings Plan"


def test_an_end_that_cannot_be_read_is_missing() -> None:
    [row], _ = plans([plan(end="")])

    assert pd.isna(row["ends_at"])
