"""`eks.extended_support`: clusters in standard support, and those that EKS upgrades by itself, are left alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pandas import DataFrame

from analysis.scaling.eks_versions import following, support_ends
from tests.analysis.checks.check_factories import cards, judged, price_book, table

CHECK = "eks.extended_support"


def cluster(**changed: Any) -> DataFrame:
    values: dict[str, Any] = {
        "resource_id": "shop",
        "version": "1.31",
        "support_type": "EXTENDED",
        "standard_ends": "2025-11-26",
        "extended_ends": "2026-11-26",
        "days_to_standard_end": -359.0,
        "days_to_extended_end": 6.0,
        "dates_from": "EKS DescribeClusterVersions",
    }
    return table("eks_clusters", values | changed)


def verdict(prices: Any = None, **changed: Any) -> Any:
    return judged(CHECK, {"eks_clusters": cluster(**changed)}, prices=prices).loc["shop"]


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ({"days_to_standard_end": 91.0}, "fine", "In standard support until 2025-11-26."),
        ({"days_to_standard_end": 30.0, "support_type": "STANDARD"}, "fine", "Its upgrade policy lets EKS upgrade it"),
        ({"days_to_standard_end": None}, "insufficient", "How long Kubernetes 1.31 is supported"),
        ({"region": "eu-west-3"}, "insufficient", "The price of a cluster in extended support in eu-west-3"),
        ({"days_to_standard_end": 90.0}, "notice", "Extended support, which costs more, begins on 2025-11-26."),
        ({"days_to_standard_end": 0.0}, "notice", "Extended support, which costs more, begins on 2025-11-26."),
    ],
)
def test_what_is_no_saving_yet(changed: dict[str, Any], expected: str, why: str) -> None:
    found = verdict(**changed)

    assert found["verdict"] == expected
    assert found["why"].startswith(why)


def test_saves_the_surcharge_once_standard_support_is_over() -> None:
    assert verdict()["monthly_savings"] == pytest.approx(365.0)
    assert verdict(days_to_extended_end=-3.0)["monthly_savings"] == pytest.approx(365.0)


def test_the_price_on_the_own_bill_comes_before_the_list() -> None:
    service = "Amazon Elastic Container Service for Kubernetes"
    own = [
        ("eu-west-3", service, "AmazonEKS-Hours:perCluster", 0.1),
        ("eu-west-3", service, "AmazonEKS-Hours:extendedSupport", 0.54),
    ]

    assert verdict(prices=price_book(own=own), region="eu-west-3")["monthly_savings"] == pytest.approx(0.44 * 730)


def test_the_card_goes_one_version_at_a_time_and_says_that_there_is_no_way_back() -> None:
    (card,) = cards(CHECK, {"eks_clusters": cluster()})

    assert card.reason == "Kubernetes 1.31: standard support ended on 2025-11-26"
    assert "730 h × ($0.6 − $0.1) an hour of a cluster: $365 a month" in card.how_computed
    assert "aws eks update-cluster-version --name shop --kubernetes-version 1.32 --region us-east-1" in card.command
    assert card.undo == "There is no way back."
    assert (card.monthly_cost, card.monthly_savings) == (pytest.approx(438), pytest.approx(365))


def test_a_notice_tells_what_is_to_come() -> None:
    (card,) = cards(CHECK, {"eks_clusters": cluster(days_to_standard_end=30.0)})

    assert card.is_notice
    assert card.reason == "Kubernetes 1.31: standard support ends on 2025-11-26"


def test_the_table_of_versions_holds_together() -> None:
    ends = support_ends()

    assert ends["1.31"] == (date(2025, 11, 26), date(2026, 11, 26))
    assert ends["1.36"] == (date(2027, 8, 2), date(2028, 8, 2))
    assert list(ends) == sorted(ends, key=lambda version: int(version.partition(".")[2]))
    assert list(ends.values()) == sorted(ends.values())
    assert all(timedelta(364) < extended - standard < timedelta(367) for standard, extended in ends.values())
    assert all(following(version) in ends for version in list(ends)[:-1])
    assert following("") == following("unknown") == ""
