"""How costbot's boto3 clients behave: patience, retries, what calls cost, and as whom they ask."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

Meter = Callable[[str, str, float], None]

#: AWS: "AWS Cost Explorer pricing": every request costs this, each page is one. Failed requests are free.
COST_EXPLORER_REQUEST_USD = 0.01
#: AWS: "Amazon CloudWatch pricing": GetMetricData has no free tier.
METRIC_DATA_USD = 0.01 / 1000

#: Tries of one call, the first included; AWS_MAX_ATTEMPTS overrides it.
MOST_ATTEMPTS = 6
#: Tries of a call that is accepted and never answered: waiting six times would hold up a refresh for minutes.
MOST_SILENT_ATTEMPTS = 2
CONNECT_SECONDS = 5
READ_SECONDS = 30

#: The field of an error answer that tells as whom the refused call was made: an `Entry`.
ENTERED_AS = "CostbotEnteredAs"


@dataclass(frozen=True, slots=True)
class Entry:
    """The role by which a member account is entered, the identity that enters, and whether an external id is sent."""

    account_id: str
    role: str
    identity: str
    has_external_id: bool


def config() -> Config:
    """Adaptive retries, and the time a call may take."""
    attempts = int(os.environ.get("AWS_MAX_ATTEMPTS") or MOST_ATTEMPTS)
    return Config(
        retries={"mode": "adaptive", "total_max_attempts": attempts},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        user_agent_extra="costbot",
    )


def prepare(client: Any, entry: Entry | None, meter: Meter | None = None) -> Any:
    """Let a fresh client give up on silence, say in its errors as whom it asked, and report what AWS bills.

    Args:
        entry: None for costbot's own credentials.
    """
    events = client.meta.events
    events.register_first("needs-retry.*.*", _give_up_on_silence)
    if entry is not None:

        def refused(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
            if http_response.status_code >= 300 and "Error" in parsed:
                parsed["Error"][ENTERED_AS] = entry

        events.register("after-call.*.*", refused)
    if meter is not None:
        _meter_calls(client, meter)
    return client


def _give_up_on_silence(attempts: int, caught_exception: Exception | None, **_: Any) -> None:
    if isinstance(caught_exception, ReadTimeoutError) and attempts >= MOST_SILENT_ATTEMPTS:
        raise caught_exception


def _meter_calls(client: Any, meter: Meter) -> None:
    """Report the price of each billed call of a client; failed ones cost nothing."""
    service = client.meta.service_model.service_name

    def requested(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["costbot_metrics"] = sum("MetricStat" in query for query in params.get("MetricDataQueries", ()))

    def answered(http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code >= 300:
            return
        if service == "ce":
            meter("ce", model.name, COST_EXPLORER_REQUEST_USD)
        elif model.name == "GetMetricData":
            meter("cloudwatch", model.name, context.get("costbot_metrics", 0) * METRIC_DATA_USD)

    if service == "ce":
        client.meta.events.register("after-call.cost-explorer.*", answered)
    elif service == "cloudwatch":
        client.meta.events.register("provide-client-params.cloudwatch.GetMetricData", requested)
        client.meta.events.register("after-call.cloudwatch.GetMetricData", answered)
