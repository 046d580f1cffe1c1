"""`cloudwatch.custom_metrics`: little, and what is not stored, is not told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "cloudwatch.custom_metrics"


def billed(**changed: Any) -> dict[str, Any]:
    return {"resource_id": "CW:MetricMonitorUsage", "cost": 84.0, "days": 28.0, "cost_before": 42.0} | changed


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "notice"),
        ({"cost": 18.42}, "fine"),
        ({"cost": 18.43}, "notice"),
        ({"days": 13.0}, "insufficient"),
        ({"days": None}, "insufficient"),
        ({"cost": None}, "insufficient"),
    ],
)
def test_judges(changed: dict[str, Any], verdict: str) -> None:
    rows = table("custom_metric_costs", billed(**changed))

    assert judged(CHECK, {"custom_metric_costs": rows})["verdict"].tolist() == [verdict]


def test_the_card_counts_them_and_says_how_they_grew() -> None:
    (card,) = cards(CHECK, {"custom_metric_costs": table("custom_metric_costs", billed())})

    assert card.reason == "Custom metrics cost $91 a month in prod, 100 % more than before"
    assert "about 304 metrics at $0.3 each" in card.how_computed
    assert card.monthly_savings == 0


def test_a_rise_that_is_not_known_is_not_told() -> None:
    (card,) = cards(CHECK, {"custom_metric_costs": table("custom_metric_costs", billed(cost_before=None))})

    assert card.reason == "Custom metrics cost $91 a month in prod"
