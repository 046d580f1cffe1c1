"""`ecs.fargate_oversized`: what is not measured, scaled or not on Fargate is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, price_book, table, together

CHECK = "ecs.fargate_oversized"
ID = "shop/web"


def service(**changed: Any) -> DataFrame:
    values: dict[str, Any] = {
        "resource_id": ID,
        "cluster": "shop",
        "service": "web",
        "runs_on": "FARGATE",
        "task_definition": "arn:aws:ecs:us-east-1:111122223333:task-definition/web:7",
        "desired": 3.0,
        "running": 3.0,
        "scaling_known": True,
        "age_days": 90.0,
    }
    return table("ecs_services", values | changed)


def size(**changed: Any) -> DataFrame:
    values: dict[str, Any] = {"resource_id": ID, "cpu_units": 2048.0, "memory_mib": 4096.0}
    return table("ecs_task_sizes", values | {"architecture": "X86_64", "system": "LINUX"} | changed)


def measured(cpu: float = 15.0, memory: float = 30.0, *, tasks: float = 3.0, days: int = 14) -> DataFrame:
    return together(
        points("CPUUtilization", [cpu] * days, resource_id=ID, statistic="p99.5"),
        points("CPUUtilization", [cpu + 20] * days, resource_id=ID, statistic="Maximum"),
        points("CPUUtilization", [tasks * 1440] * days, resource_id=ID, statistic="SampleCount"),
        points("MemoryUtilization", [memory] * days, resource_id=ID, statistic="Maximum"),
    )


def tables(
    services: DataFrame | None = None, metrics: DataFrame | None = None, sizes: DataFrame | None = None
) -> dict[str, DataFrame]:
    return {
        "ecs_services": service() if services is None else services,
        "ecs_metrics": measured() if metrics is None else metrics,
        "ecs_task_sizes": size() if sizes is None else sizes,
    }


def verdict(prices: Any = None, **parts: Any) -> Any:
    return judged(CHECK, tables(**parts), prices=prices).loc[ID]


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ({"runs_on": "EC2"}, "fine", "It runs on EC2, not on Fargate."),
        ({"desired": 0.0, "running": 0.0}, "fine", "It has no tasks."),
        ({"scaled": True}, "conflict", "Application Auto Scaling sets"),
        ({"scaling_known": False}, "insufficient", "Whether it is scaled"),
        ({"runs_on": "FARGATE, FARGATE_SPOT"}, "insufficient", "The price of Fargate Spot"),
        ({"age_days": 3.0}, "insufficient", "14 days of it"),
        ({"runs_on": ""}, "insufficient", "What it runs on"),
    ],
)
def test_what_stands_against_it(changed: dict[str, Any], expected: str, why: str) -> None:
    found = verdict(services=service(**changed))

    assert (found["verdict"], found["needs"]) == (expected, "")
    assert found["why"].startswith(why)


def test_no_metrics_are_not_an_idle_service() -> None:
    found = verdict(metrics=no_points())

    assert found["verdict"] == "insufficient"
    assert found["why"].endswith("AWS/ECS metrics of CloudWatch have 0 days.")


def test_low_cpu_without_memory_says_nothing() -> None:
    metrics = measured()
    found = verdict(metrics=metrics[metrics["metric"].ne("MemoryUtilization")])

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("Memory of its tasks")


def test_low_cpu_with_full_memory_keeps_its_memory() -> None:
    found = verdict(metrics=measured(cpu=15, memory=78))

    assert (found["new_cpu_units"], found["new_memory_mib"]) == (512, 4096)


def test_a_full_service_is_not_asked_for_its_size() -> None:
    found = verdict(metrics=measured(cpu=60, memory=90), sizes=size().head(0))

    assert (found["verdict"], found["needs"]) == ("fine", "")


def test_the_right_size_is_fine() -> None:
    assert verdict(metrics=measured(cpu=75, memory=78))["why"] == "No smaller size holds its load."


def test_asks_for_the_size_first() -> None:
    found = verdict(sizes=size().head(0))

    assert (found["verdict"], found["needs"]) == ("insufficient", "task_size")


@pytest.mark.parametrize("changed", [{"architecture": "ARM64"}, {"system": "WINDOWS_SERVER_2022_CORE"}])
def test_the_price_of_linux_on_x86_is_no_other_s(changed: dict[str, Any]) -> None:
    found = verdict(sizes=size(**changed))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("The price of Fargate on ")


def test_an_unknown_region_has_no_price_until_a_bill_tells_it() -> None:
    there = {"services": service(region="eu-west-3"), "sizes": size(region="eu-west-3")}
    there["metrics"] = measured().assign(region="eu-west-3")
    book = price_book(
        own=[
            ("eu-west-3", "Amazon Elastic Container Service", "Fargate-vCPU-Hours:perCPU", 0.05),
            ("eu-west-3", "Amazon Elastic Container Service", "Fargate-GB-Hours", 0.005),
        ]
    )

    assert verdict(**there)["verdict"] == "insufficient"
    # 2 vCPU and 4 GiB → 0.5 vCPU and 2 GiB.
    assert verdict(**there, prices=book)["monthly_savings"] == pytest.approx(3 * 730 * (1.5 * 0.05 + 2 * 0.005))


def test_saves_by_the_tasks_that_really_ran() -> None:
    hour = 1.5 * 0.04048 + 2 * 0.004445

    assert verdict()["monthly_savings"] == pytest.approx(3 * 730 * hour)
    assert verdict(metrics=measured(tasks=1.5))["monthly_savings"] == pytest.approx(1.5 * 730 * hour)


def test_without_percentiles_the_highest_minute_counts() -> None:
    metrics = measured(cpu=15)

    found = verdict(metrics=metrics[metrics["statistic"].ne("p99.5")])

    assert (found["cpu_percent"], found["new_cpu_units"]) == (35, 1024)


def test_the_card_registers_a_revision_and_goes_back_to_the_old_one() -> None:
    (card,) = cards(CHECK, tables())

    assert (card.current, card.proposed) == ("2 vCPU, 4 GiB", "0.5 vCPU, 2 GiB")
    assert card.reason == "Its tasks use 15 % of 2 vCPU (p99.5) and 30 % of 4 GiB at most"
    assert """jq '.cpu="512" | .memory="2048" | del(""" in card.command
    assert (
        'update-service --cluster shop --service web --task-definition "$revision" --region us-east-1' in card.command
    )
    assert "task-definition/web:7" in card.undo
    assert card.chart is not None
