"""AWS as a list of answers: real clients of boto3 whose calls are answered, checked and recorded here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3

from bot.aws import AccountRef, Aws
from bot.collectors.scopes import Window
from bot.demo.aws.shapes import checked
from bot.inventory import Here

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCOUNT = "111122223333"
HERE = Here(AccountRef(ACCOUNT, "prod"), "us-east-1", "team", NOW)
WINDOW = Window(datetime(2026, 11, 6, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


class Answering:
    """Answers each operation with its next page, the last one again and again; every answer fits AWS's model."""

    def __init__(self, service: str, **answers: list[dict[str, Any]]) -> None:
        self.service = service
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = {name: list(pages) for name, pages in answers.items()}

    @property
    def aws(self) -> Aws:
        """In the place of the bot's own."""
        return SimpleNamespace(client=lambda service, **_: self._client(service))  # type: ignore[return-value]

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """What each call of an operation asked for."""
        return [parameters for name, parameters in self.asked if name == operation]

    def _client(self, service: str) -> Any:
        client = _client(service)
        _answering_now[service] = self
        return client

    def answer(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, parameters))
        pages = self._answers[operation]
        return checked(service, operation, pages.pop(0) if len(pages) > 1 else pages[0])


_answering_now: dict[str, Answering] = {}


@cache
def _client(service: str) -> Any:
    client = boto3.client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")

    def asked(params: dict[str, Any], model: Any, **_: Any) -> None:
        client.meta.last_parameters = params

    def called(model: Any, **_: Any) -> tuple[Any, dict[str, Any]]:
        answer = _answering_now[service].answer(service, model.name, client.meta.last_parameters)
        return SimpleNamespace(status_code=200), answer

    client.meta.events.register("before-parameter-build", asked)
    client.meta.events.register("before-call", called)
    return client


def silent_cloudwatch() -> Answering:
    """CloudWatch without a single point."""
    return Answering("cloudwatch", GetMetricData=[{"MetricDataResults": []}])


def asked_metrics(answering: Answering) -> set[tuple[str, str, str, int]]:
    """(resource, metric, statistic, period) of everything asked of CloudWatch."""
    return {
        (
            "/".join(pair["Value"] for pair in query["MetricStat"]["Metric"]["Dimensions"]),
            query["MetricStat"]["Metric"]["MetricName"],
            query["MetricStat"]["Stat"],
            query["MetricStat"]["Period"],
        )
        for call in answering.calls("GetMetricData")
        for query in call["MetricDataQueries"]
    }


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)
