"""What is on offer for lines of usage, from AWS's rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments.purchase_offers import plan_offers, reserved_offers
from analysis.prices.commitment_rates import RESERVED_RATES, SAVINGS_PLAN_RATES

NAN = float("nan")


def lines(*rows: tuple[str, str, str]) -> DataFrame:
    """(region, instance type, platform) each, of EC2."""
    table = DataFrame(rows, columns=["region", "instance_type", "platform"])
    return table.assign(
        account_id="111122223333", service="AmazonEC2", usage_type="BoxUsage:" + table["instance_type"], units=4.0,
        on_demand=0.1, zone="",
    )  # fmt: skip


def plan_rates(*rows: tuple[str, str, str, float]) -> DataFrame:
    """(plan type, region, instance type, dollars) each, of Linux for a year, nothing upfront."""
    table = DataFrame(rows, columns=["plan_type", "region", "instance_type", "usd"]).assign(
        years=1, payment="No Upfront", operation="RunInstances", product_description="Linux/UNIX", tenancy="shared",
        unit="Hrs",
    )  # fmt: skip
    table["usage_type"] = "BoxUsage:" + table["instance_type"]
    return table[list(SAVINGS_PLAN_RATES)].astype(SAVINGS_PLAN_RATES)


def reserved(*rows: tuple[str, str, float], offering_class: str = "standard") -> DataFrame:
    """(region, item, dollars an hour) each, for a year, nothing upfront."""
    table = DataFrame(rows, columns=["region", "item", "hourly_usd"]).assign(
        years=1, payment="No Upfront", offering_class=offering_class, upfront_usd=0.0, recurring_usd=0.0
    )
    return table[list(RESERVED_RATES)].astype(RESERVED_RATES)


def test_a_line_that_no_rate_is_known_of_is_not_covered() -> None:
    of = lines(("us-east-1", "m5.large", "Linux/UNIX"), ("us-east-1", "x9.large", "Linux/UNIX"))
    (found,) = plan_offers(of, plan_rates(("Compute", "us-east-1", "m5.large", 0.07)))
    np.testing.assert_array_equal(found.rates, [0.07, NAN])
    assert found.name == "Compute, 1 year, No Upfront"


def test_a_rate_of_another_platform_or_region_is_none() -> None:
    of = lines(("us-east-1", "m5.large", "Windows"), ("eu-west-1", "m5.large", "Linux/UNIX"))
    assert plan_offers(of, plan_rates(("Compute", "us-east-1", "m5.large", 0.07))) == []


def test_a_line_of_unknown_platform_takes_the_rate_there_is() -> None:
    (found,) = plan_offers(lines(("us-east-1", "m5.large", "")), plan_rates(("Compute", "us-east-1", "m5.large", 0.07)))
    assert found.rates.tolist() == [0.07]


def test_two_rates_that_differ_are_none() -> None:
    rates = plan_rates(("Compute", "us-east-1", "m5.large", 0.07), ("Compute", "us-east-1", "m5.large", 0.09))
    rates["operation"] = ["RunInstances", "RunInstances:0002"]
    assert plan_offers(lines(("us-east-1", "m5.large", "")), rates) == []


def test_an_ec2_instance_plan_is_of_a_family_in_a_region() -> None:
    of = lines(
        ("us-east-1", "m5.large", "Linux/UNIX"),
        ("us-east-1", "m5.xlarge", "Linux/UNIX"),
        ("us-east-1", "c5.large", "Linux/UNIX"),
        ("eu-west-1", "m5.large", "Linux/UNIX"),
    )
    rates = plan_rates(
        *[("EC2Instance", region, kind, 0.06) for region, kind in zip(of["region"], of["instance_type"], strict=True)]
    )
    found = plan_offers(of, rates)
    assert [(one.region, one.family, np.isfinite(one.rates).tolist()) for one in found] == [
        ("eu-west-1", "m5", [False, False, False, True]),
        ("us-east-1", "c5", [False, False, True, False]),
        ("us-east-1", "m5", [True, True, False, False]),
    ]


def test_a_flexible_reservation_covers_its_family_and_another_its_type() -> None:
    of = lines(
        ("us-east-1", "m5.large", "Linux/UNIX"),
        ("us-east-1", "m5.xlarge", "Linux/UNIX"),
        ("us-east-1", "m5.large", "Windows"),
        ("us-east-1", "m5.xlarge", "Windows"),
    )
    items = Series(["linux.m5.large", "linux.m5.xlarge", "windows.m5.large", "windows.m5.xlarge"])
    rates = reserved(*[("us-east-1", item, 0.06) for item in items])
    found = reserved_offers(of, items, rates)
    assert [(one.platform, one.family) for one in found] == [
        ("Linux/UNIX", "m5"), ("Windows", "m5.large"), ("Windows", "m5.xlarge")
    ]  # fmt: skip
    assert found[0].name == "Reserved AmazonEC2 m5 Linux/UNIX us-east-1, 1 year, No Upfront"


def test_a_type_without_units_is_reserved_alone() -> None:
    of = lines(("us-east-1", "m5.large", "Linux/UNIX")).assign(units=NAN)
    (found,) = reserved_offers(of, Series(["a"]), reserved(("us-east-1", "a", 0.06)))
    assert found.family == "m5.large"


def test_convertible_terms_are_offered_only_where_asked_for() -> None:
    of = lines(("us-east-1", "m5.large", "Linux/UNIX"))
    rates = reserved(("us-east-1", "a", 0.06), offering_class="convertible")
    assert reserved_offers(of, Series(["a"]), rates) == []
    assert len(reserved_offers(of, Series(["a"]), rates, offering_class="convertible")) == 1


def test_a_line_without_an_item_has_no_reservation() -> None:
    of = lines(("us-east-1", "m5.large", "Linux/UNIX"))
    assert reserved_offers(of, pd.Series([None], dtype="object"), reserved(("us-east-1", "a", 0.06))) == []


def test_a_licence_included_database_is_reserved_by_its_class() -> None:
    of = lines(("us-east-1", "db.m5.large", "MySQL"), ("us-east-1", "db.m5.large", "SQL Server"))
    of = of.assign(service="AmazonRDS")
    found = reserved_offers(of, Series(["a", "b"]), reserved(("us-east-1", "a", 0.06), ("us-east-1", "b", 0.07)))
    assert [(one.platform, one.family) for one in found] == [("MySQL", "db.m5"), ("SQL Server", "db.m5.large")]
