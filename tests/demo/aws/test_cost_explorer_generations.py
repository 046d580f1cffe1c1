"""A generation of recommendations runs for ten minutes, one at a time for an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.cost_explorer import CostExplorer
from bot.demo.aws.organisation import PAYER, PROD
from tests.demo.aws.ledger_factories import NOW, ledger

START, LIST = (
    "StartSavingsPlansPurchaseRecommendationGeneration",
    "ListSavingsPlansPurchaseRecommendationGeneration",
)


class Asked:
    """A Cost Explorer whose clock the test moves."""

    def __init__(self) -> None:
        self.now = NOW
        self._service = CostExplorer(ledger(), lambda: self.now)

    def ask(self, operation: str, account_id: str = PAYER.id, **params: Any) -> Any:
        return self._service.answer(operation, params, account_id)

    def states(self, **params: Any) -> list[str]:
        return [one["GenerationStatus"] for one in self.ask(LIST, **params)["GenerationSummaryList"]]


def test_nothing_is_listed_before_one_was_started() -> None:
    assert Asked().states() == []


def test_a_second_one_waits_for_the_first() -> None:
    asked = Asked()
    first = asked.ask(START)

    with pytest.raises(AwsError) as caught:
        asked.ask(START)
    assert caught.value.code == "GenerationExistsException"
    assert asked.states() == ["PROCESSING"]
    assert first["EstimatedCompletionTime"] == "2026-11-20T10:10:00Z"

    asked.now = NOW + timedelta(minutes=10)
    second = asked.ask(START)
    assert asked.states() == ["PROCESSING", "SUCCEEDED"]
    assert asked.states(RecommendationIds=[first["RecommendationId"]]) == ["SUCCEEDED"]
    assert asked.states(GenerationStatus="PROCESSING") == ["PROCESSING"]
    assert second["RecommendationId"] != first["RecommendationId"]


def test_an_account_sees_its_own_page_by_page() -> None:
    asked = Asked()
    for minutes in (0, 20, 40):
        asked.now = NOW + timedelta(minutes=minutes)
        asked.ask(START)
    asked.ask(START, PROD.id)

    page = asked.ask(LIST, PageSize=2)
    rest = asked.ask(LIST, PageSize=2, NextPageToken=page["NextPageToken"])
    assert [len(one["GenerationSummaryList"]) for one in (page, rest)] == [2, 1]
    assert len(asked.ask(LIST, PROD.id)["GenerationSummaryList"]) == 1


def test_a_state_aws_has_not_got_is_refused() -> None:
    with pytest.raises(AwsError) as caught:
        Asked().ask(LIST, GenerationStatus="WAITING")

    assert caught.value.code == "ValidationException"
