"""`ec2.idle_instance`: low CPU alone is no idleness, and what is not measured is not idle."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import ID, answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import points

CHECK = "ec2.idle_instance"


def use(cpu: float | None = 1.0, mb: float | None = 1.0, days: int = 14) -> DataFrame:
    """The highest CPU of each day, and megabytes in and out on each, half each way."""
    parts = [points(Metric.CPU, "p99.5", [])]
    if cpu is not None:
        parts.append(points(Metric.CPU, "Maximum", [cpu] * days))
    if mb is not None:
        parts += [points(m, "Sum", [mb * 5e5] * days) for m in (Metric.NETWORK_IN, Metric.NETWORK_OUT)]
    return pd.concat(parts, ignore_index=True)


_LEFT_ALONE: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {"cpu": 5.0}, "fine", "It works: CPU up to 5 %"),
    ({}, {"mb": 5.0}, "fine", "5.0 MB in and out on its busiest day"),
    ({}, {"cpu": None}, "insufficient", "CPU and network of at least 13 days"),
    ({}, {"mb": None}, "insufficient", "CPU and network of at least 13 days"),
    ({}, {"days": 12}, "insufficient", "CPU and network of at least 13 days"),
    ({"age_days": 13.0}, {}, "insufficient", "14 days of metrics since its last start"),
    ({"age_days": None}, {}, "insufficient", "14 days of metrics since its last start"),
    ({"asg_name": "web"}, {}, "conflict", "a stopped member is replaced"),
    ({"state": "stopped"}, {}, "fine", "Not running"),
    ({"ignored": True}, {}, "fine", "costbot:ignore"),
    ({"platform": "Windows"}, {}, "insufficient", "The price of m5.2xlarge (Windows)"),
    ({"spot": True}, {}, "insufficient", "The price of m5.2xlarge"),
]


@pytest.fixture(scope="module")
def answered() -> DataFrame:
    """The verdicts on all of them, asked at once."""
    return answers(CHECK, [(machine() | changed, use(**told[0])) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_takes_no_trap(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_one_busy_day_of_fourteen_is_use() -> None:
    metrics = use()
    last = metrics["metric"].eq("network_in") & metrics["time"].eq(metrics["time"].max())

    assert verdict(CHECK, machine(), metrics.assign(value=metrics["value"].mask(last, 1e9)))["verdict"] == "fine"


def test_bytes_that_came_in_without_a_word_of_those_that_left_are_not_known() -> None:
    metrics = use()

    assert verdict(CHECK, machine(), metrics[metrics["metric"].ne("network_out")])["verdict"] == "insufficient"


def test_saves_what_it_costs_an_hour() -> None:
    found = verdict(CHECK, machine(), use(cpu=4.9, mb=4.9))

    assert (found["verdict"], found["monthly_savings"]) == ("saves", pytest.approx(0.384 * 730))


def test_the_card_stops_it_and_starts_it_again() -> None:
    (card,) = cards(CHECK, tables(machine(), metrics=use()), prices=PriceBook())

    assert card.reason == "In 14 days its CPU never passed 1.0 % and it moved at most 1.00 MB on a day"
    assert f"aws ec2 stop-instances --instance-ids {ID} --region us-east-1" in card.command
    assert f"aws ec2 start-instances --instance-ids {ID} --region us-east-1" in card.undo
    assert card.chart is not None
