"""What the stand-in proposes to reserve is the number that would have saved most on the ledger's own hours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.cost_explorer_dimensions import Dimensions
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_catalogue import CACHE, COMPUTE, RDS, REDSHIFT, S3, SEARCH
from bot.demo.aws.loads import STEADY
from bot.demo.aws.organisation import PAYER, PROD, SHARED_SERVICES
from bot.demo.aws.reserved_purchases import Reserve, reserves
from tests.demo.aws.ledger_factories import explorer, statement

ASKED = {"TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT", "LookbackPeriodInDays": "THIRTY_DAYS"}
HOURS = 30 * 24


def ask(service: str = COMPUTE, *, account_id: str = PAYER.id, **params: Any) -> Any:
    return explorer().answer(
        "GetReservationPurchaseRecommendation", {**ASKED, "Service": service, **params}, account_id
    )


def details(service: str = COMPUTE, **params: Any) -> list[dict[str, Any]]:
    return [one for part in ask(service, **params)["Recommendations"] for one in part["RecommendationDetails"]]


def figure(one: dict[str, Any], name: str) -> float:
    return float(one[name])


@lru_cache(maxsize=8)
def thought_of(service: str) -> list[Reserve]:
    return reserves({**ASKED, "Service": service}, View(statement(), Dimensions(statement().lines), PAYER.id))


def test_what_cannot_be_reserved_has_no_answer() -> None:
    with pytest.raises(AwsError) as caught:
        ask(S3)
    assert caught.value.code == "DataUnavailableException"
    with pytest.raises(AwsError) as caught:
        ask(TermInYears="TWO_YEARS")
    assert caught.value.code == "ValidationException"


def test_an_account_that_runs_nothing_of_a_service_is_proposed_nothing() -> None:
    assert ask(REDSHIFT, account_id=SHARED_SERVICES.id)["Recommendations"] == []


@pytest.mark.parametrize("service", [COMPUTE, RDS, CACHE, SEARCH, REDSHIFT])
def test_no_other_number_would_have_saved_more(service: str) -> None:
    found = thought_of(service)

    assert found
    for one in found:
        savings = [
            float(np.minimum(one.ran, count).sum()) * one.price - count * one.rate * len(one.ran)
            for count in range(2 * one.count + 2)
        ]
        assert int(np.argmax(savings)) == one.count
        assert savings[one.count] == pytest.approx(one.saving)


def test_the_steady_load_is_reserved_in_the_smallest_size_of_its_family() -> None:
    [one] = [
        one
        for one in details()
        if one["InstanceDetails"]["EC2InstanceDetails"]["Family"] == "r5"
        and one["InstanceDetails"]["EC2InstanceDetails"]["Region"] == STEADY.region
    ]
    about = one["InstanceDetails"]["EC2InstanceDetails"]

    assert (about["InstanceType"], about["Platform"], about["SizeFlexEligible"]) == ("r5.large", "Linux/UNIX", True)
    count = figure(one, "RecommendedNumberOfInstancesToPurchase")
    # An r5.large costs $0.126 an hour.
    assert count > STEADY.hourly / 0.126
    assert figure(one, "RecommendedNormalizedUnitsToPurchase") == 4 * count
    assert figure(one, "AverageUtilization") > 99


def test_the_figures_of_a_proposal_add_up() -> None:
    [one] = details(REDSHIFT, PaymentOption="PARTIAL_UPFRONT")

    assert one["InstanceDetails"] == {
        "RedshiftInstanceDetails": {
            "Region": "us-east-1",
            "CurrentGeneration": True,
            "SizeFlexEligible": False,
            "Family": "ra3",
            "NodeType": "ra3.xlplus",
        }
    }
    rate = 1.086 * 0.601
    assert one["RecommendedNumberOfInstancesToPurchase"] == "4"
    assert figure(one, "RecurringStandardMonthlyCost") == pytest.approx(4 * rate / 2 * 730)
    assert figure(one, "UpfrontCost") == pytest.approx(4 * rate / 2 * 8760)
    used = 4 * figure(one, "AverageUtilization") / 100
    assert figure(one, "EstimatedMonthlySavingsAmount") == pytest.approx((used * 1.086 - 4 * rate) * 730)
    assert figure(one, "EstimatedMonthlyOnDemandCost") == pytest.approx(
        figure(one, "AverageNumberOfInstancesUsedPerHour") * 1.086 * 730
    )
    assert figure(one, "EstimatedBreakEvenInMonths") == pytest.approx(12 * 4 * rate / (used * 1.086))


def test_databases_are_told_apart_by_engine_and_deployment() -> None:
    found = [one["InstanceDetails"]["RDSInstanceDetails"] for one in details(RDS)]

    kinds = {(one["Region"], one["InstanceType"], one["DatabaseEngine"], one["DeploymentOption"]) for one in found}
    assert len(kinds) == len(found)
    assert ("us-east-1", "db.r5.large", "PostgreSQL", "Single-AZ") in kinds
    assert ("us-east-1", "db.m5.large", "MySQL", "Single-AZ") in kinds
    assert ("us-east-1", "db.m5.large", "PostgreSQL", "Multi-AZ") in kinds


def test_a_search_domain_is_reserved_node_by_node() -> None:
    [one] = details(SEARCH)

    about = one["InstanceDetails"]["ESInstanceDetails"]
    assert (about["InstanceClass"], about["InstanceSize"], about["SizeFlexEligible"]) == ("r6g", "large", False)
    assert figure(one, "RecommendedNumberOfInstancesToPurchase") == 18
    assert "RecommendedNormalizedUnitsToPurchase" not in one


def test_pages_and_accounts() -> None:
    whole = details(RDS)
    first = ask(RDS, PageSize=4)
    second = ask(RDS, PageSize=4, NextPageToken=first["NextPageToken"])
    pages = [
        one for page in (first, second) for part in page["Recommendations"] for one in part["RecommendationDetails"]
    ]
    linked = details(RDS, AccountScope="LINKED")

    assert pages == whole
    assert "NextPageToken" not in second
    assert [one for one in linked if one["AccountId"] == PROD.id] == details(
        RDS, AccountScope="LINKED", Filter={"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [PROD.id]}}
    )
    assert len({one["AccountId"] for one in linked}) > 3
