"""Puts the organisation's computed metrics in the place of moto's stored ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from bot.clock import Clock
from bot.demo.aws.cloudwatch_answers import Answer, Monitoring, Request
from bot.demo.aws.shapes import checked

_Operation = Callable[[tuple[str, str], Request], Answer]


def install(clock: Clock, seed: int) -> None:
    """From now on GetMetricData, GetMetricStatistics and ListMetrics of this process answer from `Monitoring`.

    The account is that of the caller's credentials, the region that of the endpoint: each sees its own resources.
    Whatever is sent by PutMetricData is kept by moto and not shown.
    """
    monitoring = Monitoring(clock, seed)
    for name, operation in (
        ("GetMetricData", monitoring.get_metric_data),
        ("GetMetricStatistics", monitoring.get_metric_statistics),
        ("ListMetrics", monitoring.list_metrics),
    ):
        setattr(CloudWatchResponse, _METHODS[name], _answering(name, operation))


_METHODS = {
    "GetMetricData": "get_metric_data",
    "GetMetricStatistics": "get_metric_statistics",
    "ListMetrics": "list_metrics",
}


def _answering(name: str, operation: _Operation) -> Callable[[Any], ActionResult]:
    def respond(response: Any) -> ActionResult:
        answer = operation((response.current_account, response.region), response._get_params())
        checked("cloudwatch", name, _sample(answer))
        return ActionResult(answer)

    return respond


def _sample(answer: Answer) -> Answer:
    """The answer with one point a series: all points have one shape, and 100,800 take seconds to check."""
    if "MetricDataResults" not in answer:
        return answer
    results = [
        {**result, "Timestamps": result["Timestamps"][:1], "Values": result["Values"][:1]}
        for result in answer["MetricDataResults"]
    ]
    return {**answer, "MetricDataResults": results}
