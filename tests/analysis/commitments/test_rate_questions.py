"""Which rates lines of usage need: of what is used, and of nothing else."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.commitments.rate_questions import Rates, items_of, offers_of, plan_questions, reserved_questions
from analysis.prices.price_list import ec2_question
from tests.analysis.commitments.test_purchase_offers import plan_rates, reserved


def lines(*rows: tuple[str, str, str, str]) -> DataFrame:
    """(service, usage type, instance type, platform) each, in us-east-1."""
    table = DataFrame(rows, columns=["service", "usage_type", "instance_type", "platform"])
    return table.assign(account_id="111122223333", region="us-east-1", units=4.0, on_demand=0.1, zone="")


M5 = ("AmazonEC2", "BoxUsage:m5.large", "m5.large", "Linux/UNIX")


def test_what_no_commitment_covers_is_not_asked_about() -> None:
    other = lines(("AmazonS3", "TimedStorage-ByteHrs", "", ""))

    assert (plan_questions(other), reserved_questions(other)) == ([], {})
    assert items_of(other).isna().all()


def test_each_service_platform_and_tenancy_is_one_question() -> None:
    found = plan_questions(
        lines(
            M5,
            M5,
            ("AmazonEC2", "BoxUsage:c5.large", "c5.large", "Linux/UNIX"),
            ("AmazonEC2", "BoxUsage:c5.large", "c5.large", "Windows"),
            ("AmazonEC2", "DedicatedUsage:c5.large", "c5.large", "Linux/UNIX"),
            ("AWSLambda", "Lambda-GB-Second", "", ""),
            ("AmazonRDS", "InstanceUsage:db.r7g.large", "db.r7g.large", "PostgreSQL"),
        )
    )

    assert [(one.product, one.plan_types, one.description, one.tenancy, one.usage_types) for one in found] == [
        ("Lambda", ("Compute",), "", "", ("Lambda-GB-Second",)),
        ("EC2", ("Compute", "EC2Instance"), "Linux/UNIX", "dedicated", ("DedicatedUsage:c5.large",)),
        ("EC2", ("Compute", "EC2Instance"), "Linux/UNIX", "shared", ("BoxUsage:c5.large", "BoxUsage:m5.large")),
        ("EC2", ("Compute", "EC2Instance"), "Windows", "shared", ("BoxUsage:c5.large",)),
        ("RDS", ("Database",), "", "", ("InstanceUsage:db.r7g.large",)),
    ]


@pytest.mark.parametrize(
    ("line", "item"),
    [
        (M5, "ec2.linux.m5.large.hour"),
        (("AmazonEC2", "BoxUsage:m5.large", "m5.large", "Windows"), None),
        (("AmazonEC2", "BoxUsage:m5.large", "m5.large", ""), None),
        (("AmazonEC2", "DedicatedUsage:m5.large", "m5.large", "Linux/UNIX"), None),
        (
            ("AmazonRDS", "InstanceUsage:db.r5.large", "db.r5.large", "PostgreSQL"),
            "rds.db.r5.large.postgres.single.hour",
        ),
        (("AmazonRDS", "Multi-AZUsage:db.r5.large", "db.r5.large", "MySQL"), "rds.db.r5.large.mysql.multi.hour"),
        (
            ("AmazonRDS", "InstanceUsage:db.r5.large", "db.r5.large", "SQL Server SE (LI)"),
            "rds.db.r5.large.sqlserver-se.single.hour",
        ),
        (("AmazonRDS", "InstanceUsage:db.r5.large", "db.r5.large", "Oracle EE (BYOL)"), None),
        (("AmazonRDS", "InstanceUsageIOOptimized:db.r5.large", "db.r5.large", "Aurora MySQL"), None),
        (
            ("AmazonElastiCache", "NodeUsage:cache.r5.large", "cache.r5.large", "Redis"),
            "elasticache.cache.r5.large.redis.hour",
        ),
        (("AmazonElastiCache", "NodeUsage:cache.r5.large", "cache.r5.large", ""), None),
        (("AmazonRedshift", "Node:ra3.xlplus", "ra3.xlplus", ""), None),
    ],
)
def test_an_item_is_what_the_type_alone_prices(line: tuple[str, str, str, str], item: str | None) -> None:
    of = lines(line)

    assert [None if pd.isna(one) else one for one in items_of(of)] == [item]
    assert [set(items) for items in reserved_questions(of).values()] == ([{item}] if item else [])


def test_one_question_of_a_region_asks_for_all_its_types() -> None:
    asked = reserved_questions(lines(M5, ("AmazonEC2", "BoxUsage:c5.large", "c5.large", "Linux/UNIX")))

    assert asked == {ec2_question("us-east-1"): {"ec2.linux.m5.large.hour", "ec2.linux.c5.large.hour"}}


def test_rates_become_offers() -> None:
    plans = plan_rates(("Compute", "us-east-1", "m5.large", 0.07), ("EC2Instance", "us-east-1", "m5.large", 0.06))
    found = offers_of(lines(M5), Rates(plans, reserved(("us-east-1", "ec2.linux.m5.large.hour", 0.05))))

    assert [(one.kind, one.family, one.rates.tolist()) for one in found] == [
        ("Compute", "", [0.07]),
        ("EC2Instance", "m5", [0.06]),
        ("Reserved", "m5", [0.05]),
    ]
