"""`ec2.drained_credits`: a notice that rules out a smaller type; unlimited instances are not held back."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import machine, tables, verdict
from tests.analysis.rightsizing_factories import load, points

CHECK = "ec2.drained_credits"
SMALL = machine(instance_type="t2.medium")


def credits_of(days_without: int) -> DataFrame:
    metrics = load(cpu=20, credits=300)
    days = sorted(metrics["time"].unique())[:days_without]
    empty = metrics["metric"].eq("credit_balance") & metrics["time"].isin(days)
    return metrics.assign(value=metrics["value"].mask(empty, 0.0))


@pytest.mark.parametrize(
    ("metrics", "expected", "why"),
    [
        (credits_of(2), "fine", "Its burst credits last."),
        (load(cpu=20, credits=0, surplus=5), "fine", "Unlimited"),
        (load(cpu=20), "insufficient", "CPUCreditBalance"),
    ],
)
def test_tells_nothing_where_it_was_not_held_back(metrics: DataFrame, expected: str, why: str) -> None:
    found = verdict(CHECK, SMALL, metrics)

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_one_that_borrowed_credits_was_not_held_back() -> None:
    borrowed = points(Metric.SURPLUS_BALANCE, "Maximum", [40.0] * 14)

    assert verdict(CHECK, SMALL, pd.concat([credits_of(14), borrowed]))["verdict"] == "fine"


def test_a_type_of_fixed_performance_has_no_credits() -> None:
    assert "fixed performance" in verdict(CHECK, machine(), load())["why"]


def test_tells_what_the_next_size_costs_and_saves_nothing() -> None:
    found = verdict(CHECK, SMALL, credits_of(3))

    assert (found["verdict"], found["target"], found["drained_days"]) == ("notice", "t2.large", 3)
    assert pd.isna(found["monthly_savings"])
    (card,) = cards(CHECK, tables(SMALL, metrics=credits_of(3)), prices=PriceBook())
    assert card.is_notice
    # 0.0928 − 0.0464 dollars an hour.
    assert card.how_computed.startswith("t2.large costs $33.87 a month more")
    assert card.reason.endswith("on 3 days: its CPU is held at its baseline of 20 %")
