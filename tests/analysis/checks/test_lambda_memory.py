"""`lambda.memory`: less memory is proposed only where memory and processor are known and both are to spare."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, together
from tests.analysis.checks.lambda_factories import ran, tables

CHECK = "lambda.memory"
#: 50,000 GB-seconds a day.
BUSY = ran([100_000.0] * 14)
MONTH = 50_000 * 730 / 24 * 0.0000166667


def insights(used_mib: float, cpu_ms: float = 100.0, run_ms: float = 500.0, days: int = 14) -> DataFrame:
    return together(
        points("used_memory_max", [used_mib] * days, resource_id="f-1", statistic="Maximum"),
        points("cpu_total_time", [cpu_ms] * days, resource_id="f-1", statistic="p95"),
        points("duration", [run_ms] * days, resource_id="f-1", statistic="Average"),
    )


def verdict(known: DataFrame, metrics: DataFrame = BUSY, **changed: Any) -> Any:
    return judged(CHECK, tables(metrics, **changed) | {"lambda_insights": known}).loc["f-1"]


def test_leaves_a_function_alone_that_fills_its_memory() -> None:
    assert verdict(insights(620.0))["why"] == "Up to 61 % of its memory is used."


def test_leaves_a_function_alone_that_needs_its_share_of_a_processor() -> None:
    found = verdict(insights(200.0, cpu_ms=240.0))

    assert (found["verdict"], found["why"]) == ("fine", "It needs its share of a processor: 0.48 vCPUs.")


def test_leaves_a_function_alone_that_costs_next_to_nothing() -> None:
    assert verdict(insights(200.0), ran([100.0] * 14))["verdict"] == "fine"
    assert verdict(no_points(), ran([0.0] * 14))["why"] == "Did not run: it costs nothing."


@pytest.mark.parametrize(
    "known", [no_points(), insights(200.0, days=13), insights(200.0).query("metric != 'cpu_total_time'")]
)
def test_without_memory_and_processor_time_nothing_is_known(known: DataFrame) -> None:
    found = verdict(known)

    assert found["verdict"] == "insufficient"
    assert "REPORT lines of /aws/lambda/f-1" in found["why"]


def test_runs_without_a_duration_have_no_cost() -> None:
    assert verdict(insights(200.0), points("Invocations", [9e4] * 14, resource_id="f-1"))["verdict"] == "insufficient"


def test_saves_the_share_that_is_not_needed() -> None:
    found = verdict(insights(250.0))

    # 0.2 vCPUs and a fifth free need 442 MiB, the next step is 448.
    assert found["target_mib"] == 448.0
    assert found["monthly_savings"] == pytest.approx(MONTH * (1 - 448 / 1024))


def test_memory_decides_where_it_needs_more() -> None:
    assert verdict(insights(400.0, cpu_ms=50.0))["target_mib"] == 512.0


def test_no_less_than_lambda_gives() -> None:
    assert verdict(insights(20.0, cpu_ms=1.0))["target_mib"] == 128.0


def test_the_card_sets_the_memory_and_sets_it_back() -> None:
    (card,) = cards(CHECK, tables(BUSY) | {"lambda_insights": insights(250.0)})

    assert card.reason == "At most 250 of 1024 MiB are used, and 0.20 of 0.58 vCPUs"
    assert "--memory-size 448 --region us-east-1" in card.command
    assert "--memory-size 1024" in card.undo
    assert card.chart is not None
