"""`ec2.undersized`: bursts are no shortage; hours at the limit are, and the next size is told with its price."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import load, points

CHECK = "ec2.undersized"
SMALL = machine(instance_type="c5.large")


def at_limit(
    *, cpu_p95: float | None = None, memory_p95: float | None = None, days: int = 14, **told: Any
) -> DataFrame:
    parts = [load(**told)]
    for metric, value in ((Metric.CPU, cpu_p95), (Metric.MEMORY, memory_p95)):
        if value is not None:
            parts.append(points(metric, "p95", [value] * days + [1.0] * (14 - days)))
    return pd.concat(parts, ignore_index=True)


_LEFT_ALONE: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {"cpu": 80, "memory": 85}, "fine", "Room is left"),
    ({}, {"cpu": 96, "memory": 50, "cpu_p95": 79}, "fine", "Room is left"),
    ({}, {"cpu": 96, "memory": 50, "cpu_p95": 96, "days": 2}, "fine", "Room is left"),
    ({}, {"cpu": 40, "memory": None}, "insufficient", "memory may be full"),
    ({}, {"cpu": None, "memory": 50}, "insufficient", "CPU: CPUUtilization"),
    ({"asg_name": "web"}, {"cpu": 96}, "conflict", "adds members under load"),
    ({"state": "stopped"}, {"cpu": 96}, "fine", "Not running"),
]


@pytest.fixture(scope="module")
def answered() -> DataFrame:
    """The verdicts on all of them, asked at once."""
    return answers(CHECK, [(SMALL | changed, at_limit(**told[0])) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_takes_no_trap(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_asks_for_p95_only_where_p995_is_beyond_the_limit() -> None:
    high, low = verdict(CHECK, SMALL, at_limit(cpu=96)), verdict(CHECK, SMALL, at_limit(cpu=60))

    assert (high["needs"], high["verdict"], low["needs"]) == ("p95", "insufficient", "")


@pytest.mark.parametrize(
    ("instance_type", "metrics", "target", "short"),
    [
        # More vCPUs: c5.xlarge is the cheapest of c5, m5 and r5 that has them.
        ("c5.large", at_limit(cpu=96, memory=50, cpu_p95=95), "c5.xlarge", "CPU"),
        # More memory for as many vCPUs: the next family, not the next size.
        ("c5.large", at_limit(cpu=40, memory=95, memory_p95=93), "m5.large", "memory"),
        ("m5.large", at_limit(cpu=40, memory=95, memory_p95=93), "r5.large", "memory"),
        # More of both: c5.xlarge has no more memory than m5.large.
        ("m5.large", at_limit(cpu=96, memory=95, cpu_p95=95, memory_p95=93), "m5.xlarge", "CPU and memory"),
    ],
)
def test_tells_the_cheapest_type_with_more_of_what_is_short(
    instance_type: str, metrics: DataFrame, target: str, short: str
) -> None:
    found = verdict(CHECK, machine(instance_type=instance_type), metrics)

    assert (found["verdict"], found["target"], found["short_of"]) == ("notice", target, short)
    assert pd.isna(found["monthly_savings"])


def test_cpu_at_its_limit_needs_no_word_on_memory() -> None:
    assert verdict(CHECK, SMALL, at_limit(cpu=96, memory=None, cpu_p95=95))["verdict"] == "notice"


def test_the_card_says_what_the_next_size_costs() -> None:
    (card,) = cards(CHECK, tables(SMALL, metrics=at_limit(cpu=96, memory=50, cpu_p95=95)), prices=PriceBook())

    assert (card.is_notice, card.monthly_savings, card.proposed) == (True, 0.0, "c5.xlarge")
    assert card.how_computed.startswith("c5.xlarge costs $62.05 a month more (730 h × $0.1700 − $0.0850)")
    assert card.chart is not None
