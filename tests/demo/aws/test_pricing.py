"""The stand-in's price list: AWS's rules for filters and pages, and AWS's list prices through the bot's own reading."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.prices.price_list import Question, answered, cache_question, ec2_question, item_questions, rds_question
from bot.demo.aws import pricing
from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.organisation import PAYER


def asked(**params: Any) -> dict[str, Any]:
    """An answer, checked against AWS's model of it."""
    return pricing.answer("GetProducts", params, PAYER.id)


def pages(question: Question) -> list[list[str]]:
    params: dict[str, Any] = {
        "ServiceCode": question.service_code,
        "Filters": [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in question.filters],
    }
    found = []
    while True:
        page = asked(**params)
        found.append(page["PriceList"])
        if "NextToken" not in page:
            return found
        params["NextToken"] = page["NextToken"]


def prices(question: Question | None) -> dict[str, float]:
    assert question is not None
    found = answered(question, [text for page in pages(question) for text in page])
    assert not found.refused
    return dict(found.usd)


def refused(**params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        asked(**params)
    return caught.value.code


def rule(kind: str, field: str, value: str) -> dict[str, str]:
    return {"Type": kind, "Field": field, "Value": value}


def test_only_get_products_is_answered_and_only_where_aws_answers() -> None:
    assert pricing.answers(Call("pricing", "us-east-1", "GetProducts", PAYER.id, "json", b""))
    assert not pricing.answers(Call("pricing", "eu-west-1", "GetProducts", PAYER.id, "json", b""))
    assert not pricing.answers(Call("pricing", "us-east-1", "DescribeServices", PAYER.id, "json", b""))


def test_what_aws_refuses_is_refused() -> None:
    assert refused() == refused(ServiceCode="") == "InvalidParameterException"
    assert refused(ServiceCode="AmazonNothing") == "NotFoundException"
    assert refused(ServiceCode="AmazonEC2", MaxResults=101) == "InvalidParameterException"
    assert refused(ServiceCode="AmazonEC2", FormatVersion="aws_v2") == "InvalidParameterException"
    assert refused(ServiceCode="AmazonEC2", Filters=[{"Type": "LIKE", "Field": "a", "Value": "b"}]) == (
        "InvalidParameterException"
    )
    assert refused(ServiceCode="AmazonEC2", NextToken="2") == "InvalidNextTokenException"


def test_a_token_fits_only_its_own_question() -> None:
    token = asked(ServiceCode="AmazonEC2", MaxResults=1)["NextToken"]

    assert refused(ServiceCode="AmazonRDS", NextToken=token) == "InvalidNextTokenException"
    assert len(asked(ServiceCode="AmazonEC2", NextToken=token, MaxResults=2)["PriceList"]) == 2


def test_a_question_that_no_product_fits_has_an_empty_answer() -> None:
    assert asked(ServiceCode="AmazonEC2", Filters=[rule("TERM_MATCH", "instanceType", "m5.small")]) == {
        "FormatVersion": "aws_v1", "PriceList": [],
    }  # fmt: skip
    assert asked(ServiceCode="AmazonEC2", Filters=[rule("TERM_MATCH", "colour", "red")])["PriceList"] == []


@pytest.mark.parametrize(
    ("kind", "value", "count"),
    [("TERM_MATCH", "Alarm", 2), ("EQUALS", "Alarm", 2), ("CONTAINS", "larm", 2), ("ANY_OF", "Alarm,Metric", 3),
     ("NONE_OF", "Alarm,Metric,Dashboard,API Request,Storage Snapshot", 2), ("TERM_MATCH", "alarm", 0)],
)  # fmt: skip
def test_filters_match_as_their_type_says(kind: str, value: str, count: int) -> None:
    here = rule("TERM_MATCH", "regionCode", "eu-west-1")
    found = asked(ServiceCode="AmazonCloudWatch", Filters=[rule(kind, "productFamily", value), here])

    assert len(found["PriceList"]) == count


def test_every_product_is_a_json_text_with_terms_in_dollars_a_unit() -> None:
    (text,) = asked(
        ServiceCode="AmazonVPC",
        Filters=[rule("TERM_MATCH", "usagetype", "EUW1-VpcEndpoint-Bytes")],
    )["PriceList"]
    product = json.loads(text)
    (term,) = product["terms"]["OnDemand"].values()
    tiers = sorted(term["priceDimensions"].values(), key=lambda tier: int(tier["beginRange"]))

    assert product["product"]["attributes"]["regionCode"] == "eu-west-1"
    assert [(t["beginRange"], t["endRange"], t["unit"], t["pricePerUnit"]["USD"]) for t in tiers] == [
        ("0", "1048576", "GB", "0.0100000000"),
        ("1048576", "5242880", "GB", "0.0060000000"),
        ("5242880", "Inf", "GB", "0.0040000000"),
    ]


def test_without_all_filters_an_instance_has_several_prices() -> None:
    some = [
        rule("TERM_MATCH", name, value) for name, value in (("instanceType", "m5.large"), ("regionCode", "us-east-1"))
    ]
    found = [json.loads(text) for text in asked(ServiceCode="AmazonEC2", Filters=some)["PriceList"]]

    assert {product["product"]["attributes"]["tenancy"] for product in found} == {"Shared", "Dedicated"}
    assert len(found) == 6


#: AWS's list prices of us-east-1: Linux on demand, dollars an hour.
EC2 = {
    "t2.nano": 0.0058, "t2.micro": 0.0116, "t2.small": 0.023, "t2.medium": 0.0464, "t2.large": 0.0928,
    "t3.micro": 0.0104, "t3.large": 0.0832, "t4g.large": 0.0672, "m5.large": 0.096, "m5.xlarge": 0.192,
    "m7i-flex.large": 0.09576, "m8g.large": 0.08976, "m8i.large": 0.10584, "c5.18xlarge": 3.06, "c7g.large": 0.0725,
    "r5.large": 0.126, "r8g.large": 0.11782, "i4i.large": 0.172, "g4dn.xlarge": 0.526, "g5.xlarge": 1.006,
    "g6.xlarge": 0.8048, "p3.2xlarge": 3.06,
}  # fmt: skip


def test_a_paged_answer_tells_awss_price_of_every_type() -> None:
    question = ec2_question("us-east-1")
    found = prices(question)

    assert {name: found[f"ec2.linux.{name}.hour"] for name in EC2} == pytest.approx(EC2)
    assert [len(page) for page in pages(question)[:-1]] == [100, 100, 100]
    assert not {f"ec2.linux.{name}.hour" for name in ("m5.small", "m5.medium", "c5.medium")} & set(found)


def test_europe_costs_what_the_ledger_says() -> None:
    found = prices(ec2_question("eu-west-1"))
    volumes = [q for q in item_questions("eu-west-1") if "productFamily=Storage|" in q.id and "EC2" in q.id]

    assert {name: found[f"ec2.linux.{name}.hour"] for name in ("m5.large", "c5.large", "r5.large", "t3.large")} == {
        "m5.large": 0.107, "c5.large": 0.096, "r5.large": 0.141, "t3.large": 0.0912,
    }  # fmt: skip
    assert {item: usd for item, usd in prices(volumes[0]).items() if "gp" in item} == {
        "ebs.gp2.gib_month": 0.11, "ebs.gp3.gib_month": 0.088,
    }  # fmt: skip


#: AWS's list prices of us-east-1 of what is no instance.
ITEMS = {
    "ebs.gp3.gib_month": 0.08, "ebs.gp3.iops_month": 0.005, "ebs.gp3.mib_s_month": 0.04, "ebs.gp2.gib_month": 0.10,
    "ebs.io1.gib_month": 0.125, "ebs.io2.gib_month": 0.125, "ebs.io1.iops_month": 0.065, "ebs.io2.iops_month": 0.065,
    "ebs.st1.gib_month": 0.045, "ebs.sc1.gib_month": 0.015, "ebs.standard.gib_month": 0.05,
    "ebs.snapshot.gib_month": 0.05, "ebs.snapshot_archive.gib_month": 0.0125, "ebs.fast_restore.az_hour": 0.75,
    "ec2.surplus_credits.vcpu_hour": 0.05, "vpc.nat_gateway.hour": 0.045, "vpc.nat_gateway.gb": 0.045,
    "vpc.public_ipv4.hour": 0.005, "vpc.idle_ipv4.hour": 0.005, "vpc.interface_endpoint.az_hour": 0.01,
    "vpc.interface_endpoint.gb": 0.01, "vpc.transit_gateway.attachment_hour": 0.05, "vpc.transit_gateway.gb": 0.02,
    "transfer.between_zones.gb": 0.01, "transfer.internet.gb": 0.09, "transfer.internet_next_40tb.gb": 0.085,
    "transfer.internet_next_100tb.gb": 0.07, "elb.application.hour": 0.0225, "elb.application.lcu_hour": 0.008,
    "elb.network.hour": 0.0225, "elb.network.lcu_hour": 0.006, "s3.standard.gb_month": 0.023,
    "s3.standard_next_450tb.gb_month": 0.022, "s3.standard_above_500tb.gb_month": 0.021,
    "s3.standard_ia.gb_month": 0.0125, "s3.onezone_ia.gb_month": 0.01, "s3.glacier_ir.gb_month": 0.004,
    "s3.glacier.gb_month": 0.0036, "s3.deep_archive.gb_month": 0.00099,
    "s3.intelligent_tiering_monitoring.thousand_objects_month": 0.0025, "s3.retrieval_standard_ia.gb": 0.01,
    "s3.list.thousand": 0.005, "rds.gp2.single.gib_month": 0.115, "rds.gp3.single.gib_month": 0.115,
    "rds.gp2.multi.gib_month": 0.23, "rds.gp3.multi.gib_month": 0.23, "rds.backup.gib_month": 0.095,
    "lambda.x86_64.gb_second": 0.0000166667, "lambda.arm64.gb_second": 0.0000133334, "lambda.requests.million": 0.20,
    "dynamodb.on_demand_read.million": 0.125, "dynamodb.on_demand_write.million": 0.625,
    "dynamodb.provisioned_read.unit_hour": 0.00013, "dynamodb.provisioned_write.unit_hour": 0.00065,
    "dynamodb.storage.gb_month": 0.25, "dynamodb.point_in_time_recovery.gb_month": 0.20, "logs.ingestion.gb": 0.50,
    "logs.storage.gb_month": 0.03, "logs.insights.gb": 0.005, "cloudwatch.custom_metric.month": 0.30,
    "cloudwatch.get_metric_data.thousand": 0.01, "cloudwatch.alarm.month": 0.10, "cloudwatch.dashboard.month": 3.00,
    "fargate.vcpu_hour": 0.04048, "fargate.gb_hour": 0.004445, "eks.cluster.hour": 0.10,
    "eks.extended_support.hour": 0.60, "efs.standard.gb_month": 0.30, "efs.infrequent_access.gb_month": 0.025,
    "ecr.storage.gb_month": 0.10, "kms.key.month": 1.00, "secretsmanager.secret.month": 0.40,
    "route53.hosted_zone.month": 0.50, "cloudtrail.management_copy.hundred_thousand": 2.00,
    "cloudtrail.data_events.hundred_thousand": 0.10,
}  # fmt: skip


def test_a_tiered_answer_tells_awss_price_of_every_item() -> None:
    found: dict[str, float] = {}
    for question in item_questions("us-east-1"):
        found |= prices(question)

    assert {item: found[item] for item in ITEMS} == pytest.approx(ITEMS)


def test_databases_and_caches_cost_what_aws_lists() -> None:
    postgres, mysql = (prices(rds_question("us-east-1", engine, multi=False)) for engine in ("postgres", "mysql"))
    standby = prices(rds_question("us-east-1", "postgres", multi=True))
    redis, valkey = (prices(cache_question("us-east-1", engine)) for engine in ("redis", "valkey"))

    assert postgres["rds.db.m5.large.postgres.single.hour"] == 0.178
    assert mysql["rds.db.m5.large.mysql.single.hour"] == 0.171
    assert mysql["rds.db.t3.large.mysql.single.hour"] == 0.136
    assert standby["rds.db.m5.large.postgres.multi.hour"] == 0.356
    assert redis["elasticache.cache.m5.large.hour"] == 0.156
    assert valkey["elasticache.cache.m5.large.valkey.hour"] == pytest.approx(0.1248)
