"""The stand-in's lists of what is owned, read by costbot's own collectors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from pandas import DataFrame, Timestamp

from bot.aws import AccountRef
from bot.clock import Clock
from bot.collectors import reservations, savings_plans
from bot.demo.aws.organisation import DATA_PLATFORM, MANAGEMENT, PROD, SANDBOX
from bot.demo.aws.server import AwsStandIn
from bot.inventory import Here

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MAIN, EUROPE = "us-east-1", "eu-west-1"


class Asking:
    """In the place of `bot.aws.Aws`: clients of boto3 that ask the stand-in as one of its accounts."""

    def __init__(self, url: str) -> None:
        self._url = url

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> Any:
        client = boto3.client(
            service, region_name=region, endpoint_url=self._url, aws_access_key_id="x", aws_secret_access_key="x"
        )

        def enter(request: Any, **_: Any) -> None:
            request.headers["X-Moto-Account-Id"] = str(account_id)

        client.meta.events.register("before-send", enter)
        return client


@pytest.fixture(scope="module")
def asking() -> Iterator[Any]:
    stand_in = AwsStandIn(clock=Clock.starting_at(NOW), inventory=False)
    stand_in.start()
    assert stand_in.wait_until_seeded(60)
    yield Asking(stand_in.url)
    stand_in.stop()


def here(account: Any, region: str = MAIN) -> Here:
    return Here(AccountRef(account.id, account.name), region, "team", NOW)


def plans(asking: Any, account: Any) -> DataFrame:
    return savings_plans.parse(savings_plans.fetch(asking, account.id, MAIN), here(account))


def reserved(asking: Any, account: Any, region: str = MAIN) -> DataFrame:
    return reservations.parse(reservations.fetch(asking, account.id, region), here(account, region))


def test_an_account_without_commitments_lists_none(asking: Any) -> None:
    assert plans(asking, SANDBOX).empty
    assert reserved(asking, SANDBOX).empty
    assert reserved(asking, DATA_PLATFORM, EUROPE).empty


def test_a_plan_is_listed_by_the_account_that_bought_it(asking: Any) -> None:
    [compute] = plans(asking, MANAGEMENT).to_dict("records")
    [ending] = plans(asking, PROD).to_dict("records")

    assert (compute["name"], compute["family"], compute["scope_region"]) == ("Compute Savings Plan $4.20/h", "", "")
    assert (ending["name"], ending["scope_region"]) == ("EC2 Instance Savings Plan c5n $1.60/h", EUROPE)
    assert (ending["payment"], ending["years"], ending["hourly_usd"]) == ("Partial Upfront", 1.0, 1.6)
    assert ending["upfront_usd"] == pytest.approx(1.6 * 0.5 * 8760)
    assert ending["ends_at"] == Timestamp("2026-12-10")


def test_reservations_cost_what_the_ledger_bills(asking: Any) -> None:
    [idle] = reserved(asking, DATA_PLATFORM).to_dict("records")
    [orders] = reserved(asking, PROD).to_dict("records")

    assert (idle["name"], idle["service"], idle["offering_class"]) == ("12 × r7i.xlarge", "AmazonEC2", "standard")
    assert idle["hourly_usd"] == pytest.approx(12 * 0.159)
    assert idle["commitment_id"].startswith(f"arn:aws:ec2:{MAIN}:{DATA_PLATFORM.id}:reserved-instances/5a1d0f0e")
    assert (orders["name"], orders["payment"], orders["platform"]) == ("4 × db.r6g.large", "All Upfront", "postgresql")
    assert orders["hourly_usd"] == pytest.approx(4 * 0.164)
    assert orders["ends_at"] == Timestamp("2027-05-04")
