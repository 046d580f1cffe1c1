"""Rates of commitments are asked page by page, and the stand-in's are read to the cent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from analysis.prices.price_list import ec2_question, rds_question
from bot.collectors import price_list, reserved_rates, savings_plan_rates
from bot.demo.aws import pricing
from bot.demo.aws import savings_plan_rates as stand_in
from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.organisation import PAYER

M5_XLARGE, C5_LARGE = "BoxUsage:m5.xlarge", "EU-BoxUsage:c5.large"


class Emulated:
    """The stand-in's two services, called as a client calls them; pages of Savings Plan rates hold five."""

    def __init__(self) -> None:
        self.pages = 0

    def client(self, service: str, **where: Any) -> Any:
        return self

    def describe_savings_plans_offering_rates(self, **params: Any) -> dict[str, Any]:
        self.pages += 1
        asked = json.loads(json.dumps(params)) | {"maxResults": 5}
        return stand_in.answer("DescribeSavingsPlansOfferingRates", asked, PAYER.id)


def refused(**params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        stand_in.answer("DescribeSavingsPlansOfferingRates", params, PAYER.id)
    return caught.value.code


def test_the_stand_in_answers_one_operation_and_refuses_what_aws_refuses() -> None:
    assert stand_in.answers(Call("savingsplans", "us-east-1", "DescribeSavingsPlansOfferingRates", "1", "json", b""))
    assert not stand_in.answers(Call("savingsplans", "us-east-1", "DescribeSavingsPlans", "1", "rest-json", b""))
    assert refused(maxResults=1001) == refused(nextToken="2") == "ValidationException"
    assert refused(filters=[{"name": "colour", "values": ["red"]}]) == "ValidationException"
    token = stand_in.answer("DescribeSavingsPlansOfferingRates", {"maxResults": 1}, PAYER.id)["nextToken"]
    assert refused(nextToken=token, usageTypes=[M5_XLARGE]) == "ValidationException"


def test_no_usage_type_asks_nothing() -> None:
    aws = Emulated()

    assert savings_plan_rates.fetch(aws, []) == []  # type: ignore[arg-type]
    assert aws.pages == 0


def test_every_page_of_savings_plan_rates_is_read() -> None:
    aws = Emulated()
    found = savings_plan_rates.parse(savings_plan_rates.fetch(aws, [M5_XLARGE, C5_LARGE]))  # type: ignore[arg-type]

    rates = {
        (row["usage_type"], row["plan_type"], row["years"], row["payment"]): row["usd"]
        for row in found.to_dict("records")
    }
    assert (len(rates), aws.pages) == (24, 5)
    assert rates[M5_XLARGE, "Compute", 3, "No Upfront"] == pytest.approx(0.192 * 0.57)
    assert rates[C5_LARGE, "EC2Instance", 1, "No Upfront"] == pytest.approx(0.096 * 0.66)
    assert set(found["tenancy"] + "/" + found["product_description"]) == {"shared/Linux/UNIX"}


def test_reserved_terms_are_read_for_every_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(aws: object, question: Any) -> list[str]:
        filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in question.filters]
        params: dict[str, Any] = {"ServiceCode": question.service_code, "Filters": filters}
        found: list[str] = []
        while True:
            page = pricing.answer("GetProducts", params, PAYER.id)
            found += page["PriceList"]
            if "NextToken" not in page:
                return found
            params["NextToken"] = page["NextToken"]

    monkeypatch.setattr(price_list, "fetch", whole)
    every, databases = ec2_question("us-east-1"), rds_question("us-east-1", "postgres", multi=False)
    assert databases is not None
    one_type = replace(every, filters=(*every.filters, ("instanceType", "r5.xlarge")))

    found = reserved_rates.read(None, [one_type, databases])  # type: ignore[arg-type]

    r5 = found[found["item"].eq("ec2.linux.r5.xlarge.hour")].set_index(["years", "payment"])
    assert len(r5) == 6
    assert r5.loc[(1, "No Upfront"), "hourly_usd"] == pytest.approx(0.159, abs=0.0001)
    assert r5.loc[(3, "All Upfront"), "hourly_usd"] == pytest.approx(0.252 * 0.38, abs=0.0001)
    assert r5.loc[(3, "All Upfront"), "recurring_usd"] == 0
    assert reserved_rates.read(None, []).empty  # type: ignore[arg-type]
