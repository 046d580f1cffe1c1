"""`governance.guards`: what is on is fine, what could not be asked is not called missing."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.guards"


def guards(**states: str) -> dict[str, DataFrame]:
    spelled = {"budget": "AWS Budgets", "detection": "Cost Anomaly Detection", "hub": "Cost Optimization Hub"}
    rows = [
        {
            "resource_id": spelled[key],
            "name": spelled[key],
            "region": "",
            "state": state,
            "problem": "AWS refuses it." if state == "unknown" else "",
        }
        for key, state in states.items()
    ]
    return {"cost_guards": table("cost_guards", *rows)}


@pytest.mark.parametrize(
    ("state", "verdict", "why"),
    [
        ("on", "fine", "AWS Budgets is on."),
        ("unknown", "insufficient", "Whether AWS Budgets is on: AWS refuses it."),
        ("off", "notice", "AWS Budgets is off."),
    ],
)
def test_judges_each_guard(state: str, verdict: str, why: str) -> None:
    found = judged(CHECK, guards(budget=state, detection="on")).loc["AWS Budgets"]

    assert (found["verdict"], found["why"]) == (verdict, why)


def test_one_that_is_off_may_be_enough_for_somebody() -> None:
    assert judged(CHECK, guards(budget="off", hub="on"), most_guards_missing=1)["verdict"].eq("fine").all()


def test_the_card_says_how_to_switch_it_on() -> None:
    hub, budget = sorted(cards(CHECK, guards(budget="off", hub="off")), key=lambda card: card.resource_id, reverse=True)

    assert "aws cost-optimization-hub update-enrollment-status" in hub.steps
    assert budget.reason == "AWS Budgets is not set up: no cost budget tells anybody when a month goes wrong"
    assert budget.monthly_savings == 0
