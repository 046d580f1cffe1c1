"""`sagemaker.idle_endpoint`: silence alone is no idleness, and a price comes from the bill or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import ACCOUNT, REGION, cards, judged, no_points, points, table, together

CHECK = "sagemaker.idle_endpoint"
CPU = points("CPUUtilization", [1.0] * 14, statistic="Maximum")


def endpoint(**changed: Any) -> dict[str, Any]:
    runs = {"status": "InService", "config": "churn-3", "instance_type": "ml.m5.xlarge", "instances": 2.0}
    return {"resource_id": "r-1", "name": "churn", "age_days": 90.0, "variants": "all"} | runs | changed


def tables(row: dict[str, Any], metrics: DataFrame = CPU, usd: float | None = 0.23) -> dict[str, DataFrame]:
    paid = {"account_id": ACCOUNT, "region": REGION, "service": "Amazon SageMaker", "usage_type": "Host:ml.m5.xlarge"}
    rates = table("usage_rates", *([paid | {"usd": usd}] if usd else []))
    return {
        "sagemaker_endpoints": table("sagemaker_endpoints", row),
        "sagemaker_metrics": metrics,
        "usage_rates": rates,
    }


@pytest.mark.parametrize("changed", [{"status": "Failed"}, {"instances": 0.0, "instance_type": ""}, {"age_days": 13.0}])
def test_leaves_alone(changed: dict[str, Any]) -> None:
    assert judged(CHECK, tables(endpoint(**changed)))["verdict"].tolist() == ["fine"]


def test_leaves_an_endpoint_alone_that_was_called_once() -> None:
    called = together(CPU, points("Invocations", [1.0]))

    assert judged(CHECK, tables(endpoint(), called))["verdict"].tolist() == ["fine"]


@pytest.mark.parametrize(
    ("changed", "metrics", "usd"),
    [
        ({}, no_points(), 0.23),
        ({}, CPU.tail(13), 0.23),
        ({}, CPU, None),
        ({"instance_type": ""}, CPU, 0.23),
        ({"is_async": True}, CPU, 0.23),
        ({"instances": None, "problem": "AWS refuses it."}, CPU, 0.23),
    ],
    ids=["no metric", "13 days", "no price", "several types", "asynchronous", "refused"],
)
def test_what_is_unknown_is_no_saving(changed: dict[str, Any], metrics: DataFrame, usd: float | None) -> None:
    assert judged(CHECK, tables(endpoint(**changed), metrics, usd))["verdict"].tolist() == ["insufficient"]


def test_saves_what_its_instances_cost() -> None:
    (card,) = cards(CHECK, tables(endpoint()))

    assert card.monthly_savings == pytest.approx(2 * 0.23 * 730)
    assert card.reason == "Endpoint churn runs 2 × ml.m5.xlarge and was not called in 14 days"
    assert card.command.endswith("aws sagemaker delete-endpoint --endpoint-name r-1 --region us-east-1")
    assert "--endpoint-config-name churn-3" in card.undo
