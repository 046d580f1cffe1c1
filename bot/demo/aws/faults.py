"""Faults on demand: any call of any service can be made to fail the way AWS fails, a few times or until cleared."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, Lock
from typing import Any

from bot.demo.aws.answers import Answer, AwsError, json_error
from bot.demo.aws.calls import SIGNING_NAMES, Call

ANY = "*"
_IAM_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}


class Failure(StrEnum):
    """Ways to fail."""

    THROTTLE = "throttle"
    EXPIRED = "expired"
    ACCESS_DENIED = "access_denied"
    HTTP_500 = "http500"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls fail, how, and how often.

    Attributes:
        service: name as boto3 or the signature has it; `*` is every service.
        operation, account_id, region: None is any; `sts:AssumeRole` is of the account of the role.
        times: None is until cleared.
        seconds: how long a `timeout` hangs before the connection is given up.
    """

    service: str
    error: Failure
    operation: str | None = None
    account_id: str | None = None
    region: str | None = None
    times: int | None = None
    seconds: float = 120.0

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Fault:
        """From the JSON of the control endpoint.

        Raises:
            ValueError: naming the field that is wrong.
        """
        unknown = set(asked) - set(cls.__dataclass_fields__)
        if unknown or not asked.get("service") or "error" not in asked:
            raise ValueError(f"a fault needs service and error, and knows no {', '.join(sorted(unknown)) or 'more'}")
        values = dict(asked)
        values["service"] = SIGNING_NAMES.get(str(asked["service"]), str(asked["service"]))
        values["error"] = Failure(asked["error"])
        return cls(**values)

    def hits(self, call: Call) -> bool:
        """Whether the call is one of those that fail."""
        return (
            self.service in (ANY, call.service)
            and self.operation in (None, call.operation)
            and self.account_id in (None, call.subject_account_id)
            and self.region in (None, call.region)
        )


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()
        self._released = Event()

    def add(self, fault: Fault) -> None:
        """From now on the fault happens."""
        with self._lock:
            self._released.clear()
            self._faults.append(fault)

    def clear(self) -> None:
        """Nothing fails any more; calls that hang come back."""
        with self._lock:
            self._faults.clear()
            self._released.set()

    def shown(self) -> list[dict[str, Any]]:
        """The faults in force."""
        with self._lock:
            return [{name: getattr(fault, name) for name in fault.__dataclass_fields__} for fault in self._faults]

    def strike(self, call: Call) -> Answer | None:
        """The failure of this call, if it is to fail. A `timeout` returns only after its seconds."""
        fault = self._taken(call)
        if fault is None:
            return None
        if fault.error is Failure.TIMEOUT:
            self._released.wait(fault.seconds)
        return failed(call, fault.error)

    def _taken(self, call: Call) -> Fault | None:
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.hits(call):
                    self._count_down(index, fault)
                    return fault
        return None

    def _count_down(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[index]
        else:
            self._faults[index] = replace(fault, times=fault.times - 1)


def failed(call: Call, failure: Failure) -> Answer:
    """How AWS words the failure in the protocol of the call."""
    if failure in (Failure.HTTP_500, Failure.TIMEOUT):
        page = b"<!doctype html>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n"
        return Answer(500, (("Content-Type", "text/html; charset=utf-8"),), page)
    error = {
        Failure.THROTTLE: _throttled,
        Failure.EXPIRED: _expired,
        Failure.ACCESS_DENIED: _denied,
    }[failure](call)
    return worded(call, error)


def worded(call: Call, error: AwsError) -> Answer:
    """An error in the protocol of the call."""
    code, message = html.escape(error.code), html.escape(error.message)
    if call.protocol == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
    elif call.protocol == "query":
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    elif call.protocol == "rest-xml":
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    elif call.protocol == "cbor":
        return _cbor(error)
    else:
        answer = json_error(error)
        return replace(answer, headers=(*answer.headers, ("x-amzn-ErrorType", error.code)))
    return Answer(error.status, (("Content-Type", "text/xml"),), f'<?xml version="1.0"?>{body}'.encode())


def _throttled(call: Call) -> AwsError:
    if call.service == "ce":
        return AwsError("LimitExceededException", "You made too many calls in a short period of time. Try again later.")
    if call.protocol == "ec2":
        return AwsError("RequestLimitExceeded", "Request limit exceeded.", 503)
    if call.protocol == "query":
        return AwsError("Throttling", "Rate exceeded")
    if call.protocol == "rest-xml":
        return AwsError("SlowDown", "Please reduce your request rate.", 503)
    if call.service == "lambda":
        return AwsError("TooManyRequestsException", "Rate exceeded", 429)
    return AwsError("ThrottlingException", "Rate exceeded")


def _expired(call: Call) -> AwsError:
    message = "The security token included in the request is expired"
    if call.protocol == "ec2":
        return AwsError("RequestExpired", "Request has expired.")
    if call.protocol in ("query", "rest-xml"):
        return AwsError("ExpiredToken", message, 403 if call.protocol == "query" else 400)
    return AwsError("ExpiredTokenException", message)


def _denied(call: Call) -> AwsError:
    action = f"{_IAM_PREFIXES.get(call.service, call.service)}:{call.operation}"
    who = f"arn:aws:sts::{call.account_id}:assumed-role/costbot-read/costbot"
    message = f"User: {who} is not authorized to perform: {action}"
    if call.role_arn:
        message += f" on resource: {call.role_arn}"
    if call.protocol == "ec2":
        return AwsError("UnauthorizedOperation", f"You are not authorized to perform this operation. {message}", 403)
    if call.protocol in ("query", "rest-xml"):
        return AwsError("AccessDenied", message, 403)
    return AwsError("AccessDeniedException", message)


def _cbor(error: AwsError) -> Answer:
    """A CBOR map of two texts."""
    body = b"\xa2" + b"".join(_cbor_text(text) for text in ("__type", error.code, "message", error.message))
    headers = (("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"))
    return Answer(error.status, headers, body)


def _cbor_text(text: str) -> bytes:
    raw = text.encode()
    return b"\x79" + len(raw).to_bytes(2, "big") + raw
