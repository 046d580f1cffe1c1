"""`cloudwatch.polling`: what it costs is from the bill, who it is from CloudTrail or unknown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "cloudwatch.polling"


def billed(**changed: Any) -> dict[str, Any]:
    known = {"resource_id": "CW:GMD-Metrics", "name": "CW:GMD-Metrics", "cost": 28.0, "days": 28.0}
    return known | {"event": "ListMetrics"} | changed


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "notice"),
        ({"cost": 9.2}, "fine"),
        ({"cost": 9.22}, "notice"),
        ({"days": 13.0}, "insufficient"),
        ({"cost": None}, "insufficient"),
    ],
)
def test_judges(changed: dict[str, Any], verdict: str) -> None:
    rows = table("metric_read_costs", billed(**changed))

    assert judged(CHECK, {"metric_read_costs": rows})["verdict"].tolist() == [verdict]


@pytest.mark.parametrize(
    ("changed", "reason", "how"),
    [
        ({"callers": "role scanner (40×)"}, "; seen at it: role scanner (40×)", "ListMetrics by role scanner (40×)"),
        ({}, "", "CloudTrail names nobody: no ListMetrics was seen."),
        ({"problem": "AWS refuses it."}, "", "CloudTrail names nobody: AWS refuses it."),
    ],
)
def test_names_who_was_seen_and_nobody_else(changed: dict[str, Any], reason: str, how: str) -> None:
    (card,) = cards(CHECK, {"metric_read_costs": table("metric_read_costs", billed(**changed))})

    assert card.reason == f"Reading metrics (GetMetricData) by API costs $30 a month in prod{reason}"
    assert how in card.how_computed
    assert "lookup-events --region us-east-1" in card.steps
