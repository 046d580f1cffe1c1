"""Prices of units: the bill where its mean is a price, then AWS's list, then what is shipped; else unknown."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.prices import units
from analysis.prices.units import (
    LIST_SOURCE,
    LIVE_SOURCE,
    LIVE_UNITS,
    OWN_KINDS_SOURCE,
    OWN_MEAN_SOURCE,
    OWN_SOURCE,
    OWN_UNITS,
    UnitPrices,
    billed_units,
    list_usd,
    listed_keys,
    unit_key,
)

BILLED = date(2026, 11, 19)
ASKED = pd.Timestamp("2026-11-18")
S3, LOGS = "Amazon Simple Storage Service", "AmazonCloudWatch"

#: Every literal price of AWS's us-east-1 list that is to be known.
LITERALS = {
    "ebs.gp3.gib_month": 0.08, "ebs.gp3.iops_month": 0.005, "ebs.gp3.mib_s_month": 0.04, "ebs.gp2.gib_month": 0.10,
    "ebs.io1.gib_month": 0.125, "ebs.io2.gib_month": 0.125, "ebs.io1.iops_month": 0.065, "ebs.io2.iops_month": 0.065,
    "ebs.st1.gib_month": 0.045, "ebs.sc1.gib_month": 0.015, "ebs.standard.gib_month": 0.05,
    "ebs.snapshot.gib_month": 0.05, "ebs.snapshot_archive.gib_month": 0.0125, "ebs.fast_restore.az_hour": 0.75,
    "s3.standard.gb_month": 0.023, "s3.standard_next_450tb.gb_month": 0.022, "s3.standard_above_500tb.gb_month": 0.021,
    "s3.standard_ia.gb_month": 0.0125, "s3.onezone_ia.gb_month": 0.01, "s3.glacier_ir.gb_month": 0.004,
    "s3.glacier.gb_month": 0.0036, "s3.deep_archive.gb_month": 0.00099,
    "s3.intelligent_tiering_monitoring.thousand_objects_month": 0.0025, "s3.transition_standard_ia.thousand": 0.01,
    "s3.transition_intelligent_tiering.thousand": 0.01, "s3.transition_glacier_ir.thousand": 0.02,
    "s3.transition_glacier.thousand": 0.03, "s3.transition_deep_archive.thousand": 0.05,
    "s3.retrieval_standard_ia.gb": 0.01, "s3.list.thousand": 0.005, "s3.analytics.million_objects_month": 0.10,
    "vpc.nat_gateway.hour": 0.045, "vpc.nat_gateway.gb": 0.045, "vpc.public_ipv4.hour": 0.005,
    "vpc.idle_ipv4.hour": 0.005, "transfer.internet.gb": 0.09, "transfer.internet_next_40tb.gb": 0.085,
    "transfer.internet_next_100tb.gb": 0.07, "transfer.between_zones.gb": 0.01, "transfer.between_regions.gb": 0.02,
    "transfer.us_east_1_us_east_2.gb": 0.01, "vpc.interface_endpoint.az_hour": 0.01, "vpc.interface_endpoint.gb": 0.01,
    "vpc.transit_gateway.attachment_hour": 0.05, "vpc.transit_gateway.gb": 0.02, "globalaccelerator.hour": 0.025,
    "elb.application.hour": 0.0225, "elb.application.lcu_hour": 0.008, "elb.network.hour": 0.0225,
    "elb.network.lcu_hour": 0.006, "rds.db.m5.large.postgres.single.hour": 0.178,
    "rds.db.m5.large.mysql.single.hour": 0.171, "rds.db.t3.large.mysql.single.hour": 0.136,
    "rds.gp2.single.gib_month": 0.115, "rds.gp3.single.gib_month": 0.115, "rds.gp2.multi.gib_month": 0.23,
    "rds.gp3.multi.gib_month": 0.23, "rds.backup.gib_month": 0.095, "rds.extended_support_year_1.vcpu_hour": 0.10,
    "rds.extended_support_year_3.vcpu_hour": 0.20, "elasticache.cache.m5.large.hour": 0.156,
    "lambda.x86_64.gb_second": 0.0000166667, "lambda.arm64.gb_second": 0.0000133334, "lambda.requests.million": 0.20,
    "dynamodb.on_demand_read.million": 0.125, "dynamodb.on_demand_write.million": 0.625,
    "dynamodb.provisioned_read.unit_hour": 0.00013, "dynamodb.provisioned_write.unit_hour": 0.00065,
    "dynamodb.storage.gb_month": 0.25, "dynamodb.point_in_time_recovery.gb_month": 0.20, "logs.ingestion.gb": 0.50,
    "logs.storage.gb_month": 0.03, "logs.insights.gb": 0.005, "cloudwatch.custom_metric.month": 0.30,
    "cloudwatch.get_metric_data.thousand": 0.01, "cloudwatch.alarm.month": 0.10,
    "cloudwatch.high_resolution_alarm.month": 0.30, "cloudwatch.anomaly_alarm.month": 0.30,
    "cloudwatch.dashboard.month": 3.00, "ec2.detailed_monitoring.instance_month": 2.10,
    "ec2.surplus_credits.vcpu_hour": 0.05, "fargate.vcpu_hour": 0.04048, "fargate.gb_hour": 0.004445,
    "eks.cluster.hour": 0.10, "eks.extended_support.hour": 0.60, "efs.standard.gb_month": 0.30,
    "efs.infrequent_access.gb_month": 0.025, "ecr.storage.gb_month": 0.10, "kms.key.month": 1.00,
    "secretsmanager.secret.month": 0.40, "route53.hosted_zone.month": 0.50, "route53.health_check.month": 0.50,
    "cloudtrail.management_copy.hundred_thousand": 2.00, "cloudtrail.data_events.hundred_thousand": 0.10,
    "ce.request": 0.01, "ce.hourly_record.day": 0.00000033,
}  # fmt: skip


def rows(region: str = "us-east-1") -> DataFrame:
    return DataFrame({"account_id": ["1"], "region": [region]}, dtype="str")


def book(
    own: list[tuple[str, str, str, float]] | None = None, live: list[tuple[str, str, float]] | None = None
) -> UnitPrices:
    paid = DataFrame([("1", *row) for row in own or []], columns=list(OWN_UNITS)).astype(OWN_UNITS)
    told = DataFrame([(*row, ASKED) for row in live or []], columns=list(LIVE_UNITS)).astype(LIVE_UNITS)
    return UnitPrices(paid, BILLED, told)


def told(prices: UnitPrices, item: str, region: str = "us-east-1") -> tuple[float, object, object]:
    found = prices.unit(rows(region), item).iloc[0]
    return found["usd"], found["price_source"], found["price_date"]


@pytest.mark.parametrize(
    ("item", "region"),
    [("ebs.gp9.gib_month", "us-east-1"), ("ebs.gp3.gib_month", "eu-west-1"), ("nonsense", "us-east-1")],
)
def test_what_is_not_known_is_missing_and_not_zero(item: str, region: str) -> None:
    assert pd.isna(told(book(), item, region)[0])


@pytest.mark.parametrize("usd", [0.0, -0.05, float("nan")])
def test_what_costs_nothing_on_the_bill_or_the_list_is_no_price(usd: float) -> None:
    prices = book([("eu-west-1", "EC2 - Other", "EBS:VolumeUsage.gp3", usd)], [("eu-west-1", "ebs.gp3.gib_month", usd)])

    assert pd.isna(told(prices, "ebs.gp3.gib_month", "eu-west-1")[0])


def test_the_bill_comes_first_then_awss_list_then_what_is_shipped() -> None:
    paid = ("us-east-1", "EC2 - Other", "EBS:VolumeUsage.gp3", 0.07)
    listed = ("us-east-1", "ebs.gp3.gib_month", 0.081)

    assert told(book([paid], [listed]), "ebs.gp3.gib_month") == (0.07, OWN_SOURCE, BILLED)
    assert told(book(live=[listed]), "ebs.gp3.gib_month") == (0.081, LIVE_SOURCE, date(2026, 11, 18))
    assert told(book(), "ebs.gp3.gib_month") == (0.08, LIST_SOURCE, date(2026, 8, 1))


def test_each_price_of_awss_list_has_the_day_on_which_it_was_asked() -> None:
    live = DataFrame(
        {"region": ["eu-west-1", "us-west-2"], "item": ["ebs.gp3.gib_month"] * 2, "usd": [0.088, 0.08],
         "date": [pd.Timestamp("2026-11-12"), ASKED]}
    ).astype(LIVE_UNITS)  # fmt: skip
    both = DataFrame({"account_id": ["1", "1"], "region": ["eu-west-1", "us-west-2"]}, dtype="str")

    found = UnitPrices(live=live).unit(both, "ebs.gp3.gib_month")

    assert found["price_date"].tolist() == [date(2026, 11, 12), date(2026, 11, 18)]


def test_what_is_of_no_region_costs_what_it_costs_in_us_east_1() -> None:
    live = [("us-east-1", "route53.hosted_zone.month", 0.49)]

    assert told(book(live=live), "route53.hosted_zone.month", "") == (0.49, LIVE_SOURCE, date(2026, 11, 18))
    assert told(book(), "route53.hosted_zone.month", "")[0] == 0.50


def test_a_mean_over_tiers_and_free_units_says_that_it_is_one() -> None:
    metrics = ("us-east-1", LOGS, "CW:MetricMonitorUsage", 0.04)

    assert told(book([metrics]), "cloudwatch.custom_metric.month") == (0.04, OWN_MEAN_SOURCE, BILLED)
    assert told(book(), "cloudwatch.custom_metric.month") == (0.30, LIST_SOURCE, date(2026, 8, 1))


def test_a_mean_over_several_kinds_of_one_name_comes_last() -> None:
    elb = "Amazon Elastic Load Balancing"
    here, there = ((region, elb, "LCUUsage", 0.007) for region in ("us-east-1", "eu-west-1"))

    assert told(book([here]), "elb.network.lcu_hour")[:2] == (0.006, LIST_SOURCE)
    assert told(book([there]), "elb.network.lcu_hour", "eu-west-1") == (0.007, OWN_KINDS_SOURCE, BILLED)


def test_a_first_tier_says_nothing_of_the_next() -> None:
    paid = ("eu-west-1", S3, "TimedStorage-ByteHrs", 0.0225)

    assert told(book([paid]), "s3.standard.gb_month", "eu-west-1")[:2] == (0.0225, OWN_MEAN_SOURCE)
    assert pd.isna(told(book([paid]), "s3.standard_above_500tb.gb_month", "eu-west-1")[0])


@pytest.mark.parametrize(
    ("item", "service", "usage_type", "billed", "usd"),
    [
        ("s3.list.thousand", S3, "Requests-Tier1", 0.000005, 0.005),
        ("cloudwatch.get_metric_data.thousand", LOGS, "CW:GMD-Metrics", 0.00001, 0.01),
        ("cloudtrail.management_copy.hundred_thousand", "AWS CloudTrail", "PaidEventsRecorded", 0.00002, 2.0),
        ("dynamodb.on_demand_write.million", "Amazon DynamoDB", "WriteRequestUnits", 0.000000625, 0.625),
        ("ebs.gp3.mib_s_month", "EC2 - Other", "EBS:VolumeP-Throughput.gp3", 40.96, 0.04),
    ],
)
def test_the_bill_counts_single_requests_where_an_item_is_many(
    item: str, service: str, usage_type: str, billed: float, usd: float
) -> None:
    found = told(book([("eu-west-1", service, usage_type, billed)]), item, "eu-west-1")

    assert found[0] == pytest.approx(usd)
    assert found[1] == OWN_SOURCE


def test_ships_the_list_prices_with_their_day() -> None:
    items = pd.Series(list(LITERALS), dtype="str")
    found = book().unit(pd.concat([rows()] * len(items), ignore_index=True), items)

    assert dict(zip(items, found["usd"], strict=True)) == LITERALS
    assert {item: list_usd(item) for item in LITERALS} == LITERALS
    assert set(found["price_source"]) == {LIST_SOURCE}
    assert set(found["price_date"]) == {date(2026, 8, 1)}


def test_every_shipped_price_has_a_day_and_is_above_zero() -> None:
    lines = list(csv.DictReader(units._FILE.read_text("utf-8").splitlines()))

    assert len({line["item"] for line in lines}) == len(lines) >= len(LITERALS)
    for line in lines:
        assert float(line["usd"]) > 0
        assert math.isfinite(float(line["usd"]))
        assert date.fromisoformat(line["date"]) >= date(2026, 1, 1)


def test_every_key_is_whole() -> None:
    keys = listed_keys()

    assert keys.index.is_unique
    assert keys["per"].gt(0).all()
    assert set(keys["own"]) <= {"price", "mean", "kinds", "none"}
    assert keys.loc[keys["tier"].ne(""), "own"].isin(["mean", "none"]).all(), "a mean over tiers is no price"
    assert not keys[["service_code", "match", "unit"]].eq("").any().any()
    assert Path(units._KEYS_FILE).read_text("utf-8").isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hrs", "Hours"), ("GB-Mo", "GB-Months"), ("LCU-Hrs", "LCU-Hours"), ("IOPS-Mo", "IOPS-Months"),
     ("GiBps-mo", "GiB/Second-Months"), ("Requests", "Request"), ("Lambda-GB-Second", "Lambda-GB-Seconds"),
     ("vCPU-Hours", "vcpu-hrs"), ("ReadCapacityUnit-Hrs", "ReadCapacityUnit-Hours")],
)  # fmt: skip
def test_cost_explorer_and_focus_spell_a_unit_apart(one: str, other: str) -> None:
    assert unit_key(one) == unit_key(other)


@pytest.mark.parametrize(("one", "other"), [("GB-Mo", "GB-Hours"), ("GB", "GB-Mo"), ("Hrs", "LCU-Hrs")])
def test_other_units_stay_apart(one: str, other: str) -> None:
    assert unit_key(one) != unit_key(other)


def test_knows_in_which_unit_the_bill_counts() -> None:
    assert billed_units()[S3, "TimedStorage-ByteHrs"] == {"gb-mo"}
    assert billed_units()["Amazon Elastic Container Service", "Fargate-vCPU-Hours:perCPU"] == {"hr", "vcpu-hr"}
