"""How costbot's boto3 clients behave: patience, retries, what calls cost, and as whom they ask."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.config import Config
from botocore.exceptions import HTTPClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from bot.charges import Booking, Charge, charge_of
from bot.metrics import count_aws_calls

#: Tries of one call, the first included; AWS_MAX_ATTEMPTS overrides it.
MOST_ATTEMPTS = 6
#: Services that only give hints, for which nobody is to wait: fewer tries, and an answer soon.
HINTS = frozenset({"cloudtrail"})
MOST_HINT_ATTEMPTS = 2
HINT_READ_SECONDS = 5
#: Tries of a call that is accepted and never answered: waiting six times would hold up a refresh for minutes.
MOST_SILENT_ATTEMPTS = 2
MOST_CONNECTIONS = 32
CONNECT_SECONDS = 5
READ_SECONDS = 30
#: Cost Explorer takes long over a large organisation, and asking again would be paid for again.
COST_EXPLORER_READ_SECONDS = 60

#: Services of which every call is billed.
_BILLED_SERVICES = {"ce": "cost-explorer"}
#: Operations that are billed in services whose other calls are free, by service.
_BILLED_OPERATIONS = {"cloudwatch": ("cloudwatch", "GetMetricData")}
#: AWS may have taken the call, done the work, and bill it, though no answer came.
_PERHAPS_BILLED = (HTTPClientError, ResponseParserError)

#: What AWS calls credentials that have ended.
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})

#: The field of an error answer that tells as whom the refused call was made: an `Entry`.
ENTERED_AS = "CostbotEnteredAs"


class Meter(Protocol):
    """Says before each billed call whether it may be made, and keeps its price."""

    def book(self, charge: Charge) -> Booking:
        """Count a call that is about to be made.

        Raises:
            SourceUnavailable: it is not to be made.
        """
        ...

    def take_back(self, booking: Booking) -> None:
        """The call failed, and AWS bills no failed call."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """The role by which a member account is entered, the identity that enters, and whether an external id is sent."""

    account_id: str
    role: str
    identity: str
    has_external_id: bool


def config(service: str = "") -> Config:
    """Adaptive retries, and the time a call of a service may take."""
    is_hint = service in HINTS
    attempts = int(os.environ.get("AWS_MAX_ATTEMPTS") or (MOST_HINT_ATTEMPTS if is_hint else MOST_ATTEMPTS))
    patience = {"ce": COST_EXPLORER_READ_SECONDS, **dict.fromkeys(HINTS, HINT_READ_SECONDS)}
    return Config(
        retries={"mode": "adaptive", "total_max_attempts": attempts},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=patience.get(service, READ_SECONDS),
        user_agent_extra="costbot",
        # Accounts are read side by side through one client, and buckets of an account too.
        max_pool_connections=MOST_CONNECTIONS,
    )


def prepare(client: Any, entered_as: Callable[[], Entry | None], meter: Meter | None = None) -> Any:
    """Let a fresh client give up on silence, say in its errors as whom it asked, and pay only what the meter allows.

    Args:
        entered_as: the role as which this thread asks; None for costbot's own credentials.
    """
    events = client.meta.events
    service = client.meta.service_model.service_name
    events.register_first("needs-retry.*.*", _give_up_when_paid if service in _BILLED_SERVICES else _give_up_on_silence)

    def refused(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        entry = entered_as()
        if http_response.status_code >= 300 and "Error" in parsed and entry is not None:
            parsed["Error"][ENTERED_AS] = entry

    events.register("after-call.*.*", refused)
    count_aws_calls(events, service)
    if meter is not None:
        _meter_calls(events, service, meter)
    return client


def _give_up_on_silence(attempts: int, caught_exception: Exception | None, **_: Any) -> None:
    if isinstance(caught_exception, ReadTimeoutError) and attempts >= MOST_SILENT_ATTEMPTS:
        raise caught_exception


def _give_up_when_paid(caught_exception: Exception | None, **_: Any) -> None:
    """A call that AWS took and did not answer may be billed: a second try would be a second cent."""
    if isinstance(caught_exception, HTTPClientError):
        raise caught_exception


def _meter_calls(events: Any, service: str, meter: Meter) -> None:
    """Book each billed call before it is made, and take back what AWS does not bill."""

    def asked(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        context["costbot_charge"] = charge_of(service, model.name, params)

    def about_to_call(context: dict[str, Any], **_: Any) -> None:
        charge = context.get("costbot_charge")
        if charge is not None:
            context["costbot_booking"] = meter.book(charge)

    def answered(http_response: Any, context: dict[str, Any], **_: Any) -> None:
        if http_response.status_code >= 300:
            take_back(context)

    def unanswered(exception: Exception, context: dict[str, Any], **_: Any) -> None:
        if not isinstance(exception, _PERHAPS_BILLED):
            take_back(context)

    def take_back(context: dict[str, Any]) -> None:
        booking = context.pop("costbot_booking", None)
        if booking is not None:
            meter.take_back(booking)

    if service in _BILLED_SERVICES:
        name = f"{_BILLED_SERVICES[service]}.*"
    elif service in _BILLED_OPERATIONS:
        name = ".".join(_BILLED_OPERATIONS[service])
    else:
        return
    events.register(f"provide-client-params.{name}", asked)
    events.register_last(f"before-call.{name}", about_to_call)
    events.register(f"after-call.{name}", answered)
    events.register(f"after-call-error.{name}", unanswered)
