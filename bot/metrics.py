"""What costbot counts of itself while it runs, for Prometheus; one registry a process, with nothing in it of others.

Labels are names of jobs, of Slack's methods and of AWS's operations, and codes of errors: never an account, a channel,
a person or money.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

REGISTRY = CollectorRegistry()
#: Seconds: an acknowledgement takes milliseconds and may take three seconds.
_ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)

JOB_RUNS = Counter("costbot_job_runs", "Runs of jobs that ended.", ("job", "outcome"), registry=REGISTRY)
JOB_SECONDS = Counter("costbot_job_run_seconds", "Seconds that jobs ran.", ("job",), registry=REGISTRY)
SLACK_CALLS = Counter(
    "costbot_slack_calls", "Calls to Slack; the outcome is ok, Slack's error code or unreachable.",
    ("method", "outcome"), registry=REGISTRY,
)  # fmt: skip
SLACK_SECONDS = Histogram(
    "costbot_slack_call_seconds", "Seconds a call to Slack took, with what was waited between tries.",
    ("method",), buckets=_CALL_BUCKETS, registry=REGISTRY,
)  # fmt: skip
AWS_CALLS = Counter(
    "costbot_aws_calls", "Calls to AWS; the outcome is ok, AWS's error code or unanswered.",
    ("service", "operation", "outcome"), registry=REGISTRY,
)  # fmt: skip
ACK_SECONDS = Histogram(
    "costbot_ack_seconds", "Seconds from a delivery of Slack to its acknowledgement.",
    ("way",), buckets=_ACK_BUCKETS, registry=REGISTRY,
)  # fmt: skip


@contextmanager
def acknowledged(way: str) -> Iterator[None]:
    """Take the time of an acknowledgement, by `socket` or `http`."""
    began = time.perf_counter()
    try:
        yield
    finally:
        ACK_SECONDS.labels(way).observe(time.perf_counter() - began)


@contextmanager
def slack_call(method: str) -> Iterator[None]:
    """Count a call to Slack and take its time."""
    began, outcome = time.perf_counter(), "unreachable"
    try:
        yield
        outcome = "ok"
    except SlackApiError as error:
        outcome = str(error.response.get("error", "unknown_error"))
        raise
    finally:
        SLACK_CALLS.labels(method, outcome).inc()
        SLACK_SECONDS.labels(method).observe(time.perf_counter() - began)


class CountedClient(WebClient):
    """A Slack client whose calls are counted."""

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Any call; all others of the client go through it."""
        with slack_call(api_method):
            return super().api_call(api_method, **arguments)


def count_aws_calls(events: Any, service: str) -> None:
    """Count what a boto3 client asks, by the events of its `meta`."""

    def answered(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        refused = http_response.status_code >= 300
        outcome = str(parsed.get("Error", {}).get("Code", "error")) if refused else "ok"
        AWS_CALLS.labels(service, model.name, outcome).inc()

    def unanswered(event_name: str, **_: Any) -> None:
        AWS_CALLS.labels(service, event_name.rpartition(".")[2], "unanswered").inc()

    events.register("after-call.*.*", answered)
    events.register("after-call-error.*.*", unanswered)
