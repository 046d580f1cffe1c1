"""`sagemaker.always_on_notebook`: what is stopped, or was started lately, is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import ACCOUNT, REGION, cards, judged, table

CHECK = "sagemaker.always_on_notebook"


def tables(usd: float | None = 0.05, **changed: Any) -> dict[str, DataFrame]:
    runs = {"status": "InService", "instance_type": "ml.t3.medium", "unchanged_days": 40.0}
    paid = {"account_id": ACCOUNT, "region": REGION, "service": "Amazon SageMaker", "usage_type": "Notebk:ml.t3.medium"}
    return {
        "sagemaker_notebooks": table("sagemaker_notebooks", {"resource_id": "nb", "name": "nb"} | runs | changed),
        "usage_rates": table("usage_rates", *([paid | {"usd": usd}] if usd else [])),
    }


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "notice"),
        ({"unchanged_days": 14.0}, "notice"),
        ({"unchanged_days": 13.9}, "fine"),
        ({"status": "Stopped"}, "fine"),
        ({"status": ""}, "insufficient"),
        ({"unchanged_days": None}, "insufficient"),
        ({"usd": None}, "insufficient"),
    ],
)
def test_judges(changed: dict[str, Any], verdict: str) -> None:
    assert judged(CHECK, tables(**changed))["verdict"].tolist() == [verdict]


def test_the_card_says_what_it_costs_and_how_to_stop_it() -> None:
    (card,) = cards(CHECK, tables())

    assert card.reason == "Notebook nb (ml.t3.medium) has run for 40 days without a stop, $36 a month"
    assert card.command.endswith("stop-notebook-instance --notebook-instance-name nb --region us-east-1")
    assert card.monthly_savings == 0
