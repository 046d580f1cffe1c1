"""What a request to the stand-in asks for: service, operation, account and region; and how often each was asked."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from bot.demo.aws.rest_operations import rest_operation

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]*)/([^/]*)/aws4_request")
_BODIES = ("application/x-amz-json", "application/json", "application/x-www-form-urlencoded", "application/cbor")

#: boto3's names where they differ from the name requests are signed for.
SIGNING_NAMES = {
    "cloudwatch": "monitoring",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tagging",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        service: name the request is signed for, as `monitoring`; empty when it is not signed.
        operation: AWS's name, as `GetMetricData`.
        protocol: `json`, `query`, `ec2`, `rest-json`, `rest-xml` or `cbor`: how an error must be worded.
        body: empty where the operation does not need it (streams are left alone).
    """

    service: str
    region: str
    operation: str
    account_id: str
    protocol: str
    body: bytes

    @property
    def subject_account_id(self) -> str:
        """The account that is asked for: that of the role to be assumed, else the caller's."""
        role = self.role_arn.split(":")
        return role[4] if len(role) > 5 else self.account_id

    @property
    def role_arn(self) -> str:
        """The role that `sts:AssumeRole` names; empty for all other calls."""
        if (self.service, self.operation) != ("sts", "AssumeRole"):
            return ""
        return parse_qs(self.body.decode("utf-8", "replace")).get("RoleArn", [""])[0]

    def params(self) -> dict[str, Any]:
        """The parameters of a JSON service."""
        parsed = json.loads(self.body or b"{}")
        return parsed if isinstance(parsed, dict) else {}


def read_call(environ: dict[str, Any], account_of: Callable[[str], str]) -> Call:
    """Reads a request and leaves it whole for whoever answers it.

    Args:
        account_of: access key id → account id.
    """
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    key, region, service = scope.groups() if scope else ("", "", "")
    account_id = environ.get("HTTP_X_MOTO_ACCOUNT_ID") or account_of(key)
    body = _body(environ)
    protocol, operation = _operation(environ, service, body)
    return Call(service, region, operation, account_id, protocol, body)


def _operation(environ: dict[str, Any], service: str, body: bytes) -> tuple[str, str]:
    path = environ.get("PATH_INFO", "/")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return "json", target.rpartition(".")[2]
    if "/operation/" in path:
        return "cbor", path.rpartition("/operation/")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        return ("ec2" if service == "ec2" else "query"), action
    operation = rest_operation(service, environ.get("REQUEST_METHOD", "GET"), path, environ.get("QUERY_STRING", ""))
    return ("rest-xml" if service == "s3" else "rest-json"), operation


def _body(environ: dict[str, Any]) -> bytes:
    if not environ.get("CONTENT_TYPE", "").startswith(_BODIES):
        return b""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return b""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


class CallCounter:
    """Counts requests by service, operation, account and region."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self._lock = Lock()

    def add(self, call: Call) -> None:
        """One more."""
        with self._lock:
            self._counts[call.service, call.operation, call.account_id, call.region] += 1

    def clear(self) -> None:
        """Starts again from nothing."""
        with self._lock:
            self._counts.clear()

    def shown(self) -> list[dict[str, Any]]:
        """All counts, in alphabetical order."""
        with self._lock:
            counts = sorted(self._counts.items())
        return [
            {"service": service, "operation": operation, "account_id": account, "region": region, "count": count}
            for (service, operation, account, region), count in counts
        ]
