"""`ec2.burstable`: only where credits last, every day and over all days, and where nothing else stands in the way."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.models import Risk
from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables
from tests.analysis.rightsizing_factories import load, points

CHECK = "ec2.burstable"
DAY = 288
SMALL: dict[str, Any] = {"instance_type": "m5.large"}


def means(percent: list[float]) -> DataFrame:
    """Five-minute means of CPU, up to the end of the window."""
    return points(Metric.CPU, "Average", percent, period_s=300)


def steady(percent: float, **changed: Any) -> DataFrame:
    """A flat load whose five-minute means are these."""
    return pd.concat([load(**changed), means([percent] * DAY * 14)], ignore_index=True)


def said(*cases: tuple[dict[str, Any], DataFrame]) -> DataFrame:
    return answers(CHECK, [(machine(**(SMALL | changed)), metrics) for changed, metrics in cases])


def test_leaves_alone() -> None:
    told: list[tuple[dict[str, Any], DataFrame, str, str]] = [
        ({"instance_type": "t3.large"}, steady(5, credits=576.0), "fine", "Of no family that has a burstable"),
        ({"instance_type": "m7i.2xlarge"}, steady(5), "fine", "Of no family that has a burstable"),
        ({"state": "stopped"}, steady(5), "fine", "Not running"),
        ({"spot": True}, steady(5), "fine", "A Spot instance"),
        ({"ignored": True}, steady(5), "fine", "costbot:ignore"),
        ({"instance_type": "m5.metal"}, steady(1, cpu=2, memory=1), "fine", "Bare metal"),
        ({}, steady(5, cpu=81), "fine", "No burstable type that holds its load"),
        ({}, steady(5, memory=90), "fine", "No burstable type that holds its load"),
        ({}, steady(5, network_mb_s=60), "fine", "No burstable type that holds its load"),
        ({}, steady(24.1), "fine", "Its CPU is too busy to live on credits"),
        ({"asg_name": "web"}, steady(5), "conflict", "Auto Scaling group web"),
        ({}, load(), "insufficient", "Five-minute means of CPUUtilization"),
        ({}, steady(5, memory=None), "insufficient", "Memory of at least 7 days"),
        ({}, steady(5, network_mb_s=None), "insufficient", "Network and volume traffic"),
        ({"age_days": 13.0}, steady(5), "insufficient", "14 days of metrics"),
        ({"platform": "Windows"}, steady(5), "insufficient", "The price of m5.large (Windows)"),
    ]

    found = said(*((changed, metrics) for changed, metrics, _, _ in told))

    assert found["verdict"].tolist() == [verdict for _, _, verdict, _ in told]
    assert [words for why, (*_, words) in zip(found["why"], told, strict=True) if words not in why] == []


def test_saves_the_difference_to_the_cheapest_that_holds_all() -> None:
    found = said(
        ({}, steady(16.0)),
        ({}, steady(16.1)),
        ({}, steady(16.0, memory=50)),
        ({"instance_type": "m5.xlarge"}, steady(4.0)),
    )

    # 1.6 of 2 GiB, and 0.32 vCPU of 0.4; a little more of 0.6; 4 of 8 GiB; 3.2 of 4.
    assert found["target"].tolist() == ["t3.small", "t3.large", "t3.large", "t3.medium"]
    assert found["monthly_savings"].tolist() == pytest.approx(
        [(0.096 - 0.0208) * 730, (0.096 - 0.0832) * 730, (0.096 - 0.0832) * 730, (0.192 - 0.0416) * 730]
    )


def test_two_days_that_each_earn_what_they_use_may_still_run_dry() -> None:
    # 4.7 hours at 1.6 vCPU are 0.311 a day, of 0.32; back to back they take 672 credits of 576 and what they earn.
    burst = [80.0] * 56
    apart = means(([0.0] * 232 + burst) * 2 + [0.0] * DAY * 12)
    together = means([0.0] * 232 + burst + burst + [0.0] * 232 + [0.0] * DAY * 12)

    found = said(*(({}, pd.concat([load(cpu=80), series])) for series in (apart, together)))

    assert found["target"].tolist() == ["t3.small", "t3.large"]


def test_a_day_beyond_the_baseline_is_too_much_though_the_credits_of_others_would_carry_it() -> None:
    # 6 hours at 1.5 vCPU: 0.375 on that day, of 0.4 for good, and 180 of 576 credits left.
    busy = means([0.0] * DAY * 13 + [75.0] * 72 + [0.0] * 216)

    assert said(({}, pd.concat([load(cpu=75), busy])))["target"].tolist() == ["t3.large"]


def test_is_not_offered_beside_a_fixed_type_that_costs_less() -> None:
    # 12.8 of 32 GiB: t3.xlarge is not there, t3.large is too small.
    found = said(({"instance_type": "m5.2xlarge"}, steady(1.0, cpu=2, memory=40)))

    assert found["verdict"].tolist() == ["fine"]


def test_asks_for_traffic_and_then_for_means_where_it_could_pay() -> None:
    found = said(
        ({}, load(network_mb_s=None)),
        ({}, load()),
        ({}, load(cpu=90)),
        ({"asg_name": "web"}, load()),
        ({}, steady(5)),
        ({"state": "stopped"}, load()),
    )

    assert found["needs"].tolist() == ["maxima", "cpu-means", "", "", "", ""]


def test_the_card_sets_unlimited_mode_and_says_what_a_full_load_would_cost() -> None:
    (card,) = cards(CHECK, tables(machine(**SMALL), metrics=steady(10.0)), prices=PriceBook())

    assert card.reason == "m5.large uses 0.2 vCPU on its busiest day; t3.small gives 0.4 for good and costs 78 % less"
    assert (card.risk, card.proposed) == (Risk.MEDIUM, "t3.small, unlimited")
    assert "never fell below 100 %" in card.risk_reason
    assert "at most $58.40 a month" in card.risk_reason  # 1.6 vCPU × 0.05 × 730
    assert "InstanceId=i-0aaa,CpuCredits=unlimited" in card.command
    assert "Value=m5.large" in card.undo
