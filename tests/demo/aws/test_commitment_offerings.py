"""What may be bought is listed by each service at the rates that everything else of the stand-in has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bot.clock import Clock
from bot.demo.aws.pricing_products import hours
from bot.demo.aws.server import AwsStandIn

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
YEAR = 365 * 86400
Client = Callable[..., Any]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    stand_in = AwsStandIn(clock=Clock.starting_at(NOW), inventory=False)
    url = stand_in.start()
    assert stand_in.wait_until_seeded(60)

    def made(service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=url, aws_access_key_id="x", aws_secret_access_key="x"
        )

    yield made
    stand_in.stop()


def test_a_region_without_prices_offers_nothing(client: Client) -> None:
    assert client("ec2", "ap-south-1").describe_reserved_instances_offerings()["ReservedInstancesOfferings"] == []
    assert client("redshift", "ap-south-1").describe_reserved_node_offerings()["ReservedNodeOfferings"] == []


def test_filters_and_foreign_tokens_are_refused(client: Client) -> None:
    for asked in ({"Filters": [{"Name": "scope", "Values": ["Region"]}]}, {"NextToken": "page-2"}):
        with pytest.raises(ClientError, match="InvalidParameterValue"):
            client("ec2").describe_reserved_instances_offerings(**asked)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client("rds").describe_reserved_db_instances_offerings(Marker="page-2")
    with pytest.raises(ClientError, match="ValidationException"):
        client("savingsplans").describe_savings_plans_offerings(usageTypes=["BoxUsage:m5.large"])


def test_an_instance_is_offered_for_one_and_three_years_by_payment(client: Client) -> None:
    found = client("ec2").describe_reserved_instances_offerings(InstanceType="m5.xlarge", OfferingClass="standard")

    offered = {(one["Duration"] // YEAR, one["OfferingType"]): one for one in found["ReservedInstancesOfferings"]}
    assert len(offered) == 6
    assert offered[1, "No Upfront"]["RecurringCharges"][0]["Amount"] == pytest.approx(0.192 * 0.631)
    assert offered[1, "No Upfront"]["FixedPrice"] == 0.0
    assert offered[3, "All Upfront"]["RecurringCharges"] == []
    assert offered[3, "All Upfront"]["FixedPrice"] == pytest.approx(0.192 * 0.380 * 3 * 8760, abs=0.01)
    assert len({one["ReservedInstancesOfferingId"] for one in offered.values()}) == 6


def test_every_page_of_a_region_is_told_once(client: Client) -> None:
    pages = client("ec2", "eu-west-1").get_paginator("describe_reserved_instances_offerings")
    shown = [
        one
        for page in pages.paginate(MaxDuration=YEAR, OfferingType="No Upfront", PaginationConfig={"PageSize": 20})
        for one in page["ReservedInstancesOfferings"]
    ]

    assert sorted(one["InstanceType"] for one in shown) == sorted(hours("eu-west-1"))


def test_databases_caches_and_nodes_are_offered_by_engine(client: Client) -> None:
    databases = client("rds").describe_reserved_db_instances_offerings(
        DBInstanceClass="db.r5.large", ProductDescription="postgresql", MultiAZ=True, Duration="1"
    )["ReservedDBInstancesOfferings"]
    caches = client("elasticache").describe_reserved_cache_nodes_offerings(
        CacheNodeType="cache.r5.large", ProductDescription="redis", Duration=str(YEAR), OfferingType="Partial Upfront"
    )["ReservedCacheNodesOfferings"]
    nodes = client("redshift").describe_reserved_node_offerings()["ReservedNodeOfferings"]
    search = client("opensearch").describe_reserved_instance_offerings()["ReservedInstanceOfferings"]

    charges = {one["OfferingType"]: one["RecurringCharges"] for one in databases}
    assert charges["No Upfront"][0]["RecurringChargeAmount"] == pytest.approx(0.5 * 0.631)
    [cache] = caches
    assert cache["RecurringCharges"][0]["RecurringChargeAmount"] == pytest.approx(0.216 * 0.601 / 2)
    assert {(one["NodeType"], one["Duration"]) for one in nodes} == {("ra3.xlplus", YEAR), ("ra3.xlplus", 3 * YEAR)}
    assert {(one["InstanceType"], one["PaymentOption"]) for one in search} == {
        ("r6g.large.search", payment) for payment in ("NO_UPFRONT", "PARTIAL_UPFRONT", "ALL_UPFRONT")
    }


def test_plans_are_offered_with_the_ids_that_rates_and_recommendations_name(client: Client) -> None:
    plans = client("savingsplans")
    compute = plans.describe_savings_plans_offerings(planTypes=["Compute"])["searchResults"]
    c5 = plans.describe_savings_plans_offerings(
        planTypes=["EC2Instance"],
        paymentOptions=["No Upfront"],
        durations=[YEAR],
        filters=[
            {"name": "instanceFamily", "values": ["c5"]},
            {"name": "region", "values": ["eu-west-1"]},
        ],
    )["searchResults"]
    rates = plans.describe_savings_plans_offering_rates(
        savingsPlanOfferingIds=[c5[0]["offeringId"]], usageTypes=["EUW1-BoxUsage:c5.large"]
    )["searchResults"]
    proposed = client("ce").get_savings_plans_purchase_recommendation(
        SavingsPlansType="EC2_INSTANCE_SP",
        TermInYears="ONE_YEAR",
        PaymentOption="NO_UPFRONT",
        LookbackPeriodInDays="THIRTY_DAYS",
    )["SavingsPlansPurchaseRecommendation"]["SavingsPlansPurchaseRecommendationDetails"]

    assert len(compute) == len({one["offeringId"] for one in compute}) == 6
    [offered] = c5
    assert [one["savingsPlanOffering"]["offeringId"] for one in rates] == [offered["offeringId"]]
    assert float(rates[0]["rate"]) == pytest.approx(0.096 * 0.66)
    assert offered["offeringId"] in {one["SavingsPlansDetails"]["OfferingId"] for one in proposed}


def test_offerings_are_paged(client: Client) -> None:
    plans, found, token = client("savingsplans"), [], {}
    while True:
        page = plans.describe_savings_plans_offerings(planTypes=["Compute"], maxResults=4, **token)
        found.append(len(page["searchResults"]))
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}

    assert found == [4, 2]


def test_what_functions_and_containers_cost_under_a_compute_plan(client: Client) -> None:
    found = client("savingsplans").describe_savings_plans_offering_rates(
        savingsPlanTypes=["Compute"],
        savingsPlanPaymentOptions=["No Upfront"],
        usageTypes=["EUW1-Lambda-GB-Second", "USE1-Fargate-vCPU-Hours:perCPU"],
    )["searchResults"]

    rates = {
        (one["productType"], one["serviceCode"], one["savingsPlanOffering"]["durationSeconds"] // YEAR): float(
            one["rate"]
        )
        for one in found
    }
    assert rates == {
        ("Lambda", "AWSLambda", 1): pytest.approx(0.0000166667 * 0.88),
        ("Lambda", "AWSLambda", 3): pytest.approx(0.0000166667 * 0.85),
        ("Fargate", "AmazonECS", 1): pytest.approx(0.04048 * 0.80),
        ("Fargate", "AmazonECS", 3): pytest.approx(0.04048 * 0.65),
    }


def test_a_database_plan_is_offered_for_one_year_and_covers_generation_7_by_engine(client: Client) -> None:
    plans = client("savingsplans")
    [offered] = plans.describe_savings_plans_offerings(planTypes=["Database"], productType="RDS")["searchResults"]
    asked = {"savingsPlanTypes": ["Database"], "products": ["RDS"], "serviceCodes": ["AmazonRDS"]}
    usage = [f"{kind}:db.{name}" for kind in ("InstanceUsage", "Multi-AZUsage") for name in ("r7g.xlarge", "r5.large")]
    rates = plans.describe_savings_plans_offering_rates(**asked, usageTypes=usage)["searchResults"]
    of_postgres = {"filters": [{"name": "productDescription", "values": ["PostgreSQL"]}]}

    assert (offered["durationSeconds"], offered["paymentOption"]) == (YEAR, "No Upfront")
    assert {
        (one["usageType"], one["operation"], one["savingsPlanOffering"]["offeringId"]): float(one["rate"])
        for one in rates
    } == {
        ("InstanceUsage:db.r7g.xlarge", "CreateDBInstance:0002", offered["offeringId"]): pytest.approx(0.456 * 0.8),
        ("Multi-AZUsage:db.r7g.xlarge", "CreateDBInstance:0002", offered["offeringId"]): pytest.approx(0.912 * 0.8),
    }
    assert plans.describe_savings_plans_offering_rates(**asked, **of_postgres)["searchResults"] == []
