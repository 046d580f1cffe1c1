"""AWS clients that answer what a test tells them, in order; botocore checks each answer against AWS's own model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.stub import Stubber


class StubbedAws:
    """Stands in for `bot.aws.Aws`: one client per service."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self._stubbers: dict[str, Stubber] = {}

    def answers(
        self, service: str, operation: str, answer: Mapping[str, Any], asked: Mapping[str, Any] | None = None
    ) -> None:
        """The next answer of a service, and what it has to be asked."""
        self._stubber(service).add_response(operation, dict(answer), None if asked is None else dict(asked))

    def refuses(self, service: str, operation: str, code: str = "AccessDenied") -> None:
        """The next answer of a service is an error."""
        self._stubber(service).add_client_error(operation, code, "Not for you.", 403)

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> Any:
        """The client of a service."""
        self._stubber(service)
        return self._clients[service]

    def all_asked(self) -> None:
        """Every answer was asked for."""
        for stubber in self._stubbers.values():
            stubber.assert_no_pending_responses()

    def _stubber(self, service: str) -> Stubber:
        if service not in self._stubbers:
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            self._clients[service] = boto3.client(service, region_name="us-east-1", **keys)
            self._stubbers[service] = Stubber(self._clients[service])
            self._stubbers[service].activate()
        return self._stubbers[service]
