"""Rates of reservations and Savings Plans: what cannot be read, or is not alone, is no rate."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.prices.commitment_rates import RESERVED_RATES, SAVINGS_PLAN_RATES, reserved_rates, savings_plan_rates
from analysis.prices.price_list import ec2_question

EC2 = ec2_question("eu-west-1")


def dimension(unit: str, usd: str, currency: str = "USD") -> dict[str, Any]:
    return {"unit": unit, "pricePerUnit": {currency: usd}}


def term(*dimensions: dict[str, Any], **changed: str) -> dict[str, Any]:
    about = {"LeaseContractLength": "1yr", "OfferingClass": "standard", "PurchaseOption": "Partial Upfront"} | changed
    return {"termAttributes": about, "priceDimensions": {str(n): one for n, one in enumerate(dimensions)}}


def product(*terms: dict[str, Any], usage: str = "EU-BoxUsage:m5.large") -> str:
    attributes = {"instanceType": "m5.large", "usagetype": usage}
    reserved = {f"T{number}": one for number, one in enumerate(terms)}
    return json.dumps({"product": {"attributes": attributes}, "terms": {"Reserved": reserved}})


UPFRONT, RECURRING = dimension("Quantity", "280.32"), dimension("Hrs", "0.0320000000")


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["{"],
        [product()],
        [product(term(UPFRONT, RECURRING), usage="EU-DedicatedUsage:m5.large")],
        [product(term(UPFRONT, RECURRING)), product(term(UPFRONT, RECURRING))],
        [product(term(UPFRONT, RECURRING, LeaseContractLength="5yr"))],
        [product(term(UPFRONT, RECURRING, PurchaseOption="Heavy Utilization"))],
        [product(term())],
        [product(term(dimension("Hrs", "0.0")))],
        [product(term(dimension("Hrs", "0.03", "CNY")))],
        [product(term(dimension("Hrs", "0.03"), dimension("Hrs", "0.04")))],
        [product(term(UPFRONT, dimension("GB-Mo", "0.1")))],
        [product(term(dimension("Quantity", "-1"), RECURRING))],
    ],
)
def test_what_cannot_be_read_or_is_not_alone_is_no_rate(texts: list[str]) -> None:
    found = reserved_rates(EC2, texts)

    assert found.empty
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == RESERVED_RATES


def test_an_upfront_fee_is_spread_over_the_term() -> None:
    three = term(dimension("Quantity", "788.4"), LeaseContractLength="3 yr", PurchaseOption="All Upfront")
    found = reserved_rates(EC2, [product(term(UPFRONT, RECURRING), three)])

    assert found.to_dict("records") == [
        {"region": "eu-west-1", "item": "ec2.linux.m5.large.hour", "years": 1, "offering_class": "standard",
         "payment": "Partial Upfront", "upfront_usd": 280.32, "recurring_usd": 0.032,
         "hourly_usd": pytest.approx(0.064)},
        {"region": "eu-west-1", "item": "ec2.linux.m5.large.hour", "years": 3, "offering_class": "standard",
         "payment": "All Upfront", "upfront_usd": 788.4, "recurring_usd": 0.0, "hourly_usd": pytest.approx(0.03)},
    ]  # fmt: skip


def rate(usd: str = "0.0610000000", **changed: Any) -> dict[str, Any]:
    plan = {"planType": "Compute", "paymentOption": "No Upfront", "durationSeconds": 94608000, "currency": "USD"}
    return {
        "savingsPlanOffering": plan | changed,
        "rate": usd,
        "unit": "Hrs",
        "usageType": "EU-BoxUsage:m5.large",
        "operation": "RunInstances",
        "properties": [
            {"name": "region", "value": "eu-west-1"},
            {"name": "instanceType", "value": "m5.large"},
            {"name": "productDescription", "value": "Linux/UNIX"},
            {"name": "tenancy", "value": "shared"},
        ],
    }


@pytest.mark.parametrize(
    "results",
    [
        [],
        [rate("0")],
        [rate("-0.01")],
        [rate("nan")],
        [rate("none")],
        [{"savingsPlanOffering": {}}],
        [rate(currency="CNY")],
        [rate(durationSeconds=1)],
        [rate("0.061"), rate("0.062")],
    ],
)
def test_a_savings_plan_rate_that_is_none_or_two_is_left_out(results: list[dict[str, Any]]) -> None:
    found = savings_plan_rates(results)

    assert found.empty
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == SAVINGS_PLAN_RATES


def test_a_savings_plan_rate_is_told_with_its_plan_once() -> None:
    assert savings_plan_rates([rate(), rate()]).to_dict("records") == [
        {"plan_type": "Compute", "years": 3, "payment": "No Upfront", "region": "eu-west-1",
         "usage_type": "EU-BoxUsage:m5.large", "operation": "RunInstances", "instance_type": "m5.large",
         "product_description": "Linux/UNIX", "tenancy": "shared", "usd": 0.061, "unit": "Hrs"},
    ]  # fmt: skip
