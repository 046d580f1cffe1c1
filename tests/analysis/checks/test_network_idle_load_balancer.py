"""`network.idle_load_balancer`: silence is idleness only where it is known that there would be a sound."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table, together

CHECK = "network.idle_load_balancer"
ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/old/0123"


def balancer(**changed: Any) -> dict[str, Any]:
    return {"resource_id": ARN, "kind": "application", "zones": 2.0, "age_days": 200.0} | changed


def hosts(days: int = 14, name: str = "HealthyHostCount") -> DataFrame:
    return points(name, [2.0] * days, resource_id=ARN, statistic="Maximum")


def served(values: list[float], name: str = "RequestCount") -> DataFrame:
    return points(name, values, resource_id=ARN)


def tables(metrics: DataFrame, *, row: dict[str, Any] | None = None, targets: float | None = None) -> Any:
    known = [] if targets is None else [{"resource_id": ARN, "targets": targets}]
    return {
        "load_balancers": table("load_balancers", row or balancer()),
        "load_balancer_metrics": metrics,
        "balancer_targets": table("balancer_targets", *known),
    }


def verdict(metrics: DataFrame, **more: Any) -> Any:
    return judged(CHECK, tables(metrics, **more)).loc[ARN]


@pytest.mark.parametrize("name", ["RequestCount", "HTTP_Redirect_Count", "HTTP_Fixed_Response_Count", "NewFlowCount"])
def test_leaves_a_balancer_alone_that_answered_ten_times_on_one_day(name: str) -> None:
    found = verdict(together(hosts(), served([10.0], name)))

    assert (found["verdict"], found["why"]) == ("fine", "Up to 10 requests and no MB on a day.")


def test_leaves_a_balancer_alone_with_few_but_long_connections() -> None:
    assert verdict(together(hosts(), served([3.0]), served([2e6], "ProcessedBytes")))["verdict"] == "fine"


def test_leaves_a_young_balancer_alone() -> None:
    assert verdict(hosts(13), row=balancer(age_days=13.0))["verdict"] == "fine"


def test_a_gateway_load_balancer_is_not_judged() -> None:
    assert verdict(no_points(), row=balancer(kind="gateway"), targets=0)["verdict"] == "fine"


def test_silence_alone_asks_for_the_targets() -> None:
    found = verdict(no_points())

    assert (found["verdict"], found["needs"]) == ("insufficient", "targets")


def test_silence_with_targets_is_not_idleness() -> None:
    found = verdict(no_points(), targets=1)

    assert (found["verdict"], found["needs"]) == ("insufficient", "")
    assert "14 days of HealthyHostCount" in found["why"]


def test_metrics_of_a_part_of_the_days_are_not_enough() -> None:
    assert verdict(hosts(13))["verdict"] == "insufficient"


def test_no_targets_and_silence_is_idle() -> None:
    found = verdict(no_points(), targets=0)

    assert (found["monthly_savings"], found["needs"]) == (pytest.approx(16.425), "")


@pytest.mark.parametrize("name", ["HealthyHostCount", "UnHealthyHostCount"])
def test_with_targets_that_nobody_calls_it_is_idle(name: str) -> None:
    found = verdict(together(hosts(name=name), served([9.0])))

    assert (found["monthly_savings"], found["targets"]) == (pytest.approx(16.425), 2.0)


def test_a_price_that_is_not_known_is_no_saving() -> None:
    found = verdict(no_points(), row=balancer(region="eu-west-3"))

    assert found["verdict"] == "insufficient"


def test_the_card_says_what_it_has_and_what_it_served() -> None:
    (card,) = cards(CHECK, tables(together(hosts(), served([4.0]))))

    assert card.reason == "application load balancer with targets: at most 4 requests a day in 14 days"
    assert f"aws elbv2 delete-load-balancer --load-balancer-arn {ARN} --region us-east-1" in card.command
    assert (card.monthly_savings, card.chart is not None) == (pytest.approx(16.425), True)
