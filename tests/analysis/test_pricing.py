"""Prices: what is not known stays unknown, and each price says where it is from."""

from __future__ import annotations

from datetime import date

import pytest
from pandas import DataFrame

from analysis.pricing import LIST_DATE, LIST_SOURCE, OWN_FAMILY_SOURCE, OWN_SOURCE, PriceBook

TODAY = date(2026, 11, 20)


def asked(instance_type: str, region: str = "us-east-1", account: str = "111122223333") -> DataFrame:
    return DataFrame({"account_id": [account], "region": [region], "instance_type": [instance_type]}, dtype="str")


def own(*rows: tuple[str, str, str, float]) -> PriceBook:
    return PriceBook(DataFrame(list(rows), columns=["account_id", "region", "instance_type", "hourly_usd"]), TODAY)


@pytest.mark.parametrize(
    ("instance_type", "region"),
    [("m5.large", "eu-west-1"), ("m5zn.large", "us-east-1"), ("g4dn.2xlarge", "us-east-1"), ("m5.metal", "us-east-1"),
     ("m5.mega", "us-east-1"), ("nonsense", "us-east-1")],
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
    book = own(("", "us-east-1", "m5.xlarge", 0.123), ("", "eu-west-1", "m5.2xlarge", 0.428))

    assert book.ec2_hour(asked("m5.xlarge")).iloc[0]["hourly_usd"] == 0.192
    assert book.ec2_hour(asked("m5.2xlarge", "eu-west-1")).iloc[0]["hourly_usd"] == 0.428
    scaled = book.ec2_hour(asked("m5.large", "eu-west-1")).iloc[0]
    assert (scaled["hourly_usd"], scaled["price_source"]) == (pytest.approx(0.107), OWN_FAMILY_SOURCE)


def test_a_family_costs_what_it_costs_without_anothers_commitment() -> None:
    book = own(("1", "eu-west-1", "c5.2xlarge", 0.25), ("1", "eu-west-1", "c5.xlarge", 0.192))

    assert book.ec2_hour(asked("c5.large", "eu-west-1", "1")).iloc[0]["hourly_usd"] == pytest.approx(0.096)


def pair(now: str, then: str, region: str, hourly: float, listed: float = float("nan")) -> DataFrame:
    return asked(then, region).assign(instance_type_now=now, hourly_usd_now=hourly, list_usd_now=listed)


def test_another_type_has_the_discount_that_the_current_one_has() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.large", "r5.large", "us-east-1", 0.072, 0.096)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(0.126 * 0.75)


def test_another_size_costs_in_proportion_where_there_is_no_list() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.2xlarge", "m5.large", "eu-west-1", 0.428)).iloc[0]

    assert found["hourly_usd"] == pytest.approx(0.107)


def test_another_family_without_list_or_bill_is_unknown() -> None:
    found = PriceBook().ec2_hour_instead(pair("m5.2xlarge", "c5.large", "eu-west-1", 0.428)).iloc[0]

    assert found.isna().all()
