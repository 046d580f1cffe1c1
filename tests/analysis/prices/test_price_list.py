"""Reading AWS's price list: one product with one price in the expected unit, or no price."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from analysis.prices.price_list import (
    Question,
    answered,
    bare_usage_type,
    cache_question,
    ec2_question,
    item_questions,
    rds_question,
)
from analysis.prices.units import listed_keys


def product(
    attributes: Mapping[str, str], *tiers: tuple[str, str], unit: str = "Hrs", currency: str = "USD", terms: int = 1
) -> str:
    """A product with tiers of (begins at, dollars)."""
    dimensions = {
        f"R{number}": {"unit": unit, "beginRange": begin, "endRange": "Inf", "pricePerUnit": {currency: usd}}
        for number, (begin, usd) in enumerate(tiers)
    }
    return json.dumps(
        {
            "product": {"attributes": dict(attributes), "productFamily": "x", "sku": "S"},
            "terms": {"OnDemand": {f"T{number}": {"priceDimensions": dimensions} for number in range(terms)}},
        }
    )


def instance(name: str = "m5.large", usd: str = "0.0960000000", usage: str = "EU-BoxUsage", **changed: Any) -> str:
    return product({"instanceType": name, "usagetype": f"{usage}:{name}"}, ("0", usd), **changed)


def question_of(item: str, region: str = "eu-west-1") -> Question:
    (found,) = [q for q in item_questions(region) if item in {wanted.item for wanted in q.wanted}]
    return found


EC2 = ec2_question("eu-west-1")
HOUR = "ec2.linux.m5.large.hour"


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["", "{", "[]", '{"product": {"attributes": 1}}', "null"],
        [instance(usage="EU-UnusedBox")],
        [instance(usage="EU-DedicatedUsage")],
        [instance(usage="EU-BoxUsageExtra")],
    ],
)
def test_an_answer_without_the_product_has_no_price(texts: list[str]) -> None:
    assert answered(EC2, texts).usd == {}


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([instance(), instance(usd="0.188")], "2 products"),
        ([instance(), instance()], "2 products"),
        ([instance(usd="0.0000000000")], "prices [0.0]"),
        ([instance(currency="CNY")], "no price in dollars"),
        ([instance(usd="free")], "no price in dollars"),
        ([instance(unit="Quantity")], "priced per quantity"),
        ([instance(terms=2)], "2 on-demand terms"),
        ([instance(terms=0)], "0 on-demand terms"),
    ],
)
def test_more_than_one_price_or_none_is_an_error(texts: list[str], why: str) -> None:
    found = answered(EC2, texts)

    assert (found.usd, found.refused) == ({}, {HOUR: why})


def test_one_bad_product_spoils_no_other() -> None:
    found = answered(EC2, [instance(), instance(), instance("c5.large", "0.0960000000")])

    assert found.usd == {"ec2.linux.c5.large.hour": 0.096}


def logs(*tiers: tuple[str, str], unit: str = "GB") -> dict[str, float]:
    usage = {"usagetype": "EUW1-DataProcessing-Bytes"}
    return dict(answered(question_of("logs.ingestion.gb"), [product(usage, *tiers, unit=unit)]).usd)


def test_free_units_are_no_price_of_those_after_them() -> None:
    assert logs(("5", "0.5000"), ("0", "0.0000")) == {"logs.ingestion.gb": 0.5}
    assert logs(("0", "0.0000")) == {}


def test_tiers_are_read_in_their_order_whatever_the_order_of_the_answer() -> None:
    found = answered(
        question_of("s3.standard.gb_month"),
        [product({"usagetype": "EU-TimedStorage-ByteHrs"}, ("512000", "0.021"), ("0", "0.023"), ("51200", "0.022"),
                 unit="GB-Mo")],
    )  # fmt: skip

    assert found.usd == {
        "s3.standard.gb_month": 0.023,
        "s3.standard_next_450tb.gb_month": 0.022,
        "s3.standard_above_500tb.gb_month": 0.021,
    }


def test_a_tier_that_is_not_there_has_no_price() -> None:
    usage = {"usagetype": "EU-TimedStorage-ByteHrs"}
    found = answered(question_of("s3.standard.gb_month"), [product(usage, ("0", "0.023"), unit="GB-Mo")])

    assert found.usd == {"s3.standard.gb_month": 0.023}
    assert found.refused["s3.standard_next_450tb.gb_month"] == "1 paid tiers"


def test_an_item_without_tiers_that_has_some_has_no_price() -> None:
    usage = {"usagetype": "EU-NatGateway-Hours"}
    found = answered(question_of("vpc.nat_gateway.hour"), [product(usage, ("0", "0.048"), ("100", "0.04"))])

    assert found.refused["vpc.nat_gateway.hour"] == "prices [0.048, 0.04]"


@pytest.mark.parametrize(
    ("item", "usage", "unit", "usd", "expected"),
    [
        ("ebs.gp3.mib_s_month", "EU-EBS:VolumeP-Throughput.gp3", "GiBps-mo", "45.056", 0.044),
        ("s3.list.thousand", "EU-Requests-Tier1", "Requests", "0.0000050000", 0.005),
        ("cloudtrail.data_events.hundred_thousand", "EUW1-DataEventsRecorded", "Events", "0.0000010000", 0.1),
        ("kms.key.month", "eu-west-1-KMS-Keys", "Keys", "1.0000000000", 1.0),
        ("fargate.vcpu_hour", "EUW1-Fargate-vCPU-Hours:perCPU", "hours", "0.04048", 0.04048),
    ],
)
def test_the_lists_unit_becomes_the_items(item: str, usage: str, unit: str, usd: str, expected: float) -> None:
    found = answered(question_of(item), [product({"usagetype": usage}, ("0", usd), unit=unit)])

    assert found.usd[item] == pytest.approx(expected)


def test_a_unit_that_is_not_expected_is_no_price() -> None:
    assert logs(("0", "0.5000"), unit="GB-Hours") == {}


def test_windows_and_transfer_of_another_kind_do_not_match() -> None:
    windows = {"usagetype": "EU-CPUCredits:t3", "operatingSystem": "Windows"}
    found = answered(
        question_of("ec2.surplus_credits.vcpu_hour"), [product(windows, ("0", "0.096"), unit="vCPU-Hours")]
    )

    assert found.usd == {}


def test_a_question_is_asked_for_one_region_and_filters_that_give_one_row() -> None:
    assert dict(EC2.filters) == {
        "productFamily": "Compute Instance", "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA",
        "capacitystatus": "Used", "marketoption": "OnDemand", "regionCode": "eu-west-1",
    }  # fmt: skip
    transfer = question_of("transfer.internet.gb")
    assert (transfer.service_code, dict(transfer.filters)) == (
        "AWSDataTransfer", {"transferType": "AWS Outbound", "fromRegionCode": "eu-west-1"},
    )  # fmt: skip


def test_every_key_is_asked_once_a_region_and_global_ones_with_us_east_1() -> None:
    here, there = item_questions("us-east-1"), item_questions("eu-west-1")

    assert sorted(wanted.item for question in here for wanted in question.wanted) == sorted(listed_keys().index)
    assert {w.item for q in here for w in q.wanted} - {w.item for q in there for w in q.wanted} == {
        "route53.hosted_zone.month"
    }
    assert len(there) == 28
    assert len({question.id for question in [*here, *there]}) == 57


def test_databases_are_asked_by_engine_and_by_whether_there_is_a_standby() -> None:
    multi = rds_question("eu-west-1", "postgres", multi=True)
    assert multi is not None
    text = product({"instanceType": "db.m5.large", "usagetype": "EU-Multi-AZUsage:db.m5.large"}, ("0", "0.392"))
    cheaper = product({"instanceType": "db.m5.large", "usagetype": "EU-InstanceUsage:db.m5.large"}, ("0", "0.196"))

    assert dict(multi.filters)["deploymentOption"] == "Multi-AZ"
    assert answered(multi, [text, cheaper]).usd == {"rds.db.m5.large.postgres.multi.hour": 0.392}


def test_aurora_with_its_io_included_is_another_price() -> None:
    aurora = rds_question("eu-west-1", "aurora-mysql", multi=False)
    assert aurora is not None
    plain = product({"instanceType": "db.r5.large", "usagetype": "EU-InstanceUsage:db.r5.large"}, ("0", "0.29"))
    included = product(
        {"instanceType": "db.r5.large", "usagetype": "EU-InstanceUsageIOOptimized:db.r5.large"}, ("0", "0.377")
    )

    assert answered(aurora, [plain, included]).usd == {"rds.db.r5.large.aurora-mysql.single.hour": 0.29}


def test_the_edition_is_part_of_sql_servers_price_and_oracle_has_none() -> None:
    web = rds_question("eu-west-1", "sqlserver-web", multi=False)

    assert web is not None
    assert dict(web.filters)["databaseEdition"] == "Web"
    assert rds_question("eu-west-1", "oracle-ee", multi=False) is None
    assert rds_question("eu-west-1", "sqlserver", multi=False) is None
    assert cache_question("eu-west-1", "") is None


def test_a_cache_is_priced_with_and_without_its_engine() -> None:
    redis, valkey = cache_question("eu-west-1", "redis"), cache_question("eu-west-1", "valkey")
    assert redis is not None
    assert valkey is not None
    text = product({"instanceType": "cache.m5.large", "usagetype": "EU-NodeUsage:cache.m5.large"}, ("0", "0.172"))

    assert answered(redis, [text]).usd == {
        "elasticache.cache.m5.large.redis.hour": 0.172, "elasticache.cache.m5.large.hour": 0.172,
    }  # fmt: skip
    assert answered(valkey, [text]).usd == {"elasticache.cache.m5.large.valkey.hour": 0.172}


@pytest.mark.parametrize(
    ("usage_type", "bare"),
    [
        ("EUW1-NatGateway-Hours", "NatGateway-Hours"),
        ("EU-NatGateway-Hours", "NatGateway-Hours"),
        ("us-gov-west-1-KMS-Keys", "KMS-Keys"),
        ("NatGateway-Hours", "NatGateway-Hours"),
        ("KMS-Keys", "KMS-Keys"),
        ("EBS:SnapshotUsage", "EBS:SnapshotUsage"),
        ("USE1-", "USE1-"),
        ("", ""),
    ],
)
def test_a_usage_type_loses_its_region_and_nothing_else(usage_type: str, bare: str) -> None:
    assert bare_usage_type(usage_type) == bare
