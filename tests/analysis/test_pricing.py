"""Prices: what is not known stays unknown, and each price says where it is from."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES
from pandas import DataFrame

from analysis.prices.ec2_list import SNAPSHOT_SOURCE, _list
from analysis.prices.units import LIVE_SOURCE, LIVE_UNITS, UnitPrices
from analysis.pricing import LIST_DATE, LIST_SOURCE, OWN_FAMILY_SOURCE, OWN_SOURCE, PriceBook

TODAY = date(2026, 11, 20)


def asked(instance_type: str, region: str = "us-east-1", account: str = "111122223333") -> DataFrame:
    return DataFrame({"account_id": [account], "region": [region], "instance_type": [instance_type]}, dtype="str")


def own(*rows: tuple[str, str, str, float]) -> PriceBook:
    return PriceBook(DataFrame(list(rows), columns=["account_id", "region", "instance_type", "hourly_usd"]), TODAY)


@pytest.mark.parametrize(
    ("instance_type", "region"),
    [("m5.large", "cn-north-1"), ("g4dn.2xlarge", "us-east-1"), ("m5.metal", "us-east-1"), ("m5.mega", "us-east-1"),
     ("m8i.large", "eu-west-1"), ("nonsense", "us-east-1")],
)  # fmt: skip
def test_an_unknown_price_is_missing_and_not_zero(instance_type: str, region: str) -> None:
    found = PriceBook().ec2_hour(asked(instance_type, region)).iloc[0]

    assert found.isna().all()


@pytest.mark.parametrize(
    ("instance_type", "hourly"),
    [
        ("m5.large", 0.096),
        ("m5.xlarge", 0.192),
        ("c5.18xlarge", 3.06),
        ("t3.micro", 0.0104),
        ("t2.nano", 0.0058),
        ("t2.small", 0.023),
        ("t2.medium", 0.0464),
        ("m7i-flex.large", 0.09576),
        ("r8g.24xlarge", 0.11782 * 48),
        ("g4dn.xlarge", 0.526),
    ],
)
def test_knows_the_public_price_with_source_and_date(instance_type: str, hourly: float) -> None:
    found = PriceBook().ec2_hour(asked(instance_type)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(hourly)
    assert (found["price_source"], found["price_date"]) == (LIST_SOURCE, LIST_DATE)


def test_the_accounts_own_rate_comes_before_the_list() -> None:
    book = own(("111122223333", "us-east-1", "m5.large", 0.07))

    mine, anothers = book.ec2_hour(asked("m5.large")).iloc[0], book.ec2_hour(asked("m5.large", account="9")).iloc[0]

    assert (mine["hourly_usd"], mine["price_source"], mine["price_date"]) == (0.07, OWN_SOURCE, TODAY)
    assert (anothers["hourly_usd"], anothers["price_source"]) == (0.096, LIST_SOURCE)


def test_the_organisations_mean_helps_only_where_there_is_no_list() -> None:
    book = own(("", "us-east-1", "m5.xlarge", 0.123), ("", "cn-north-1", "m5.2xlarge", 0.428))

    assert book.ec2_hour(asked("m5.xlarge")).iloc[0]["hourly_usd"] == 0.192
    assert book.ec2_hour(asked("m5.2xlarge", "cn-north-1")).iloc[0]["hourly_usd"] == 0.428
    scaled = book.ec2_hour(asked("m5.large", "cn-north-1")).iloc[0]
    assert (scaled["hourly_usd"], scaled["price_source"]) == (pytest.approx(0.107), OWN_FAMILY_SOURCE)


def test_a_family_costs_what_it_costs_without_anothers_commitment() -> None:
    book = own(("1", "cn-north-1", "c5.2xlarge", 0.25), ("1", "cn-north-1", "c5.xlarge", 0.192))

    assert book.ec2_hour(asked("c5.large", "cn-north-1", "1")).iloc[0]["hourly_usd"] == pytest.approx(0.096)


def pair(now: str, then: str, region: str, hourly: float, listed: float = float("nan")) -> DataFrame:
    return asked(then, region).assign(instance_type_now=now, hourly_usd_now=hourly, list_usd_now=listed)


def test_another_type_has_the_discount_that_the_current_one_has() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.large", "r5.large", "us-east-1", 0.072, 0.096)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(0.126 * 0.75)


def test_another_size_costs_in_proportion_where_there_is_no_list() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.2xlarge", "m5.large", "cn-north-1", 0.428)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(0.107)


def test_another_family_without_list_or_bill_is_unknown() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.2xlarge", "c5.large", "cn-north-1", 0.428)).iloc[0]

    assert found.isna().all()


def live(*rows: tuple[str, str, float]) -> PriceBook:
    """What AWS's list said on 2026-11-18 of (region, instance type)."""
    told = [(region, f"ec2.linux.{name}.hour", usd, pd.Timestamp("2026-11-18")) for region, name, usd in rows]
    return PriceBook(units=UnitPrices(live=DataFrame(told, columns=list(LIVE_UNITS)).astype(LIVE_UNITS)))


def test_awss_own_list_comes_before_the_shipped_one_and_after_the_bill() -> None:
    book = live(("us-east-1", "m5.large", 0.099), ("cn-north-1", "m5.large", 0.12))
    billed = PriceBook(own(("111122223333", "us-east-1", "m5.large", 0.07)).own, TODAY, book.units)

    here, there = book.ec2_hour(asked("m5.large")).iloc[0], book.ec2_hour(asked("m5.large", "cn-north-1")).iloc[0]
    paid = billed.ec2_hour(asked("m5.large")).iloc[0]

    assert (here["hourly_usd"], here["price_source"], here["price_date"]) == (0.099, LIVE_SOURCE, date(2026, 11, 18))
    assert (there["hourly_usd"], there["list_usd"]) == (0.12, 0.12)
    assert (paid["hourly_usd"], paid["list_usd"], paid["price_source"]) == (0.07, 0.099, OWN_SOURCE)


def test_what_aws_lists_at_nothing_is_no_price() -> None:
    found = live(("cn-north-1", "m5.large", 0.0)).ec2_hour(asked("m5.large", "cn-north-1")).iloc[0]

    assert pd.isna(found["hourly_usd"])


def test_another_type_is_priced_by_awss_own_list() -> None:
    book = live(("cn-north-1", "c5.large", 0.10), ("cn-north-1", "m5.2xlarge", 0.45))

    found = book.ec2_hour_instead(pair("m5.2xlarge", "c5.large", "cn-north-1", 0.36, 0.45)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(0.08)
    assert (found["price_source"], found["price_date"]) == (LIVE_SOURCE, date(2026, 11, 18))


@pytest.mark.parametrize(
    ("instance_type", "region", "hourly"),
    [("m5.large", "eu-west-1", 0.107), ("c5.large", "eu-west-1", 0.096), ("t3.large", "eu-west-1", 0.0912),
     ("m5.xlarge", "us-west-2", 0.192), ("m5zn.xlarge", "us-east-1", 0.3303)],
)  # fmt: skip
def test_the_snapshot_knows_other_regions_and_says_how_old_it_is(
    instance_type: str, region: str, hourly: float
) -> None:
    found = PriceBook().ec2_hour(asked(instance_type, region)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(hourly)
    assert (found["price_source"], found["price_date"]) == (SNAPSHOT_SOURCE, date(2025, 3, 2))


@pytest.mark.parametrize(("column", "value"), [("platform", "Windows"), ("platform", "Red Hat Enterprise Linux"),
                                               ("tenancy", "dedicated"), ("tenancy", "host")])  # fmt: skip
def test_a_licence_or_a_machine_of_ones_own_has_no_price_of_plain_linux(column: str, value: str) -> None:
    book = own(("111122223333", "us-east-1", "m5.large", 0.07))

    found = book.ec2_hour(asked("m5.large").assign(**{column: value})).iloc[0]

    assert found.isna().drop(["price_source", "price_date"]).all()
    assert found.isna().all()


# The guide's mistakes 35 to 37.
@pytest.mark.parametrize("instance_type", ["m5.small", "m5.medium", "c5.medium", "r5.micro", "m5.3xlarge"])
def test_a_size_that_does_not_exist_has_no_price(instance_type: str) -> None:
    assert PriceBook().ec2_hour(asked(instance_type)).iloc[0].isna().all()
    assert instance_type not in INSTANCE_TYPES


def test_every_size_of_the_list_exists() -> None:
    sizes = _list()[2]

    assert {f"{family}.{size}" for family, size in sizes} <= set(INSTANCE_TYPES)
    assert len(sizes) == 339


def test_t3_is_not_priced_as_t2_and_m5_not_at_twice_its_price() -> None:
    wrong = {"t3.micro": 8.47, "t3.small": 16.94, "t3.medium": 33.87, "t3.large": 67.74, "m5.large": 146.00}
    right = {"t3.micro": 7.59, "t3.small": 15.18, "t3.medium": 30.37, "t3.large": 60.74, "m5.large": 70.08}

    found = {name: PriceBook().ec2_hour(asked(name)).iloc[0]["hourly_usd"] * 730 for name in right}

    assert {name: round(month, 2) for name, month in found.items()} == right
    assert all(abs(found[name] - wrong[name]) > 0.5 for name in wrong)


def test_an_unknown_type_is_unknown_and_not_free() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.2xlarge", "q9.large", "us-east-1", 0.384, 0.384)).iloc[0]

    assert found.isna().all()
    assert PriceBook().ec2_hour(asked("q9.large")).iloc[0].isna().all()


def volume(**changed: object) -> DataFrame:
    row = {"account_id": "1", "region": "us-east-1", "volume_type": "io1", "size_gib": 100.0, "iops": 3000.0}
    return DataFrame([row | {"throughput_mib_s": float("nan")} | changed])


def test_a_provisioned_volume_whose_iops_are_not_known_has_no_price() -> None:
    assert pd.isna(PriceBook().ebs_month(volume(iops=float("nan"))).iloc[0])
    assert pd.isna(PriceBook().ebs_month(volume(volume_type="io2", iops=32001.0)).iloc[0])


def test_a_volume_costs_its_capacity_its_iops_and_its_throughput() -> None:
    gp3 = volume(volume_type="gp3", size_gib=500.0, iops=6000.0, throughput_mib_s=250.0)

    assert PriceBook().ebs_month(volume()).iloc[0] == pytest.approx(207.50)
    assert PriceBook().ebs_month(gp3).iloc[0] == pytest.approx(500 * 0.08 + 3000 * 0.005 + 125 * 0.04)
    assert PriceBook().ebs_month(volume(volume_type="gp3", iops=float("nan"))).iloc[0] == pytest.approx(8.0)
