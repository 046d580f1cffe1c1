"""AWS as a collector sees it: answers that AWS's own model allows, given one after another, and every call kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from bot.aws import AccountRef
from bot.demo.aws.shapes import checked, service_model
from bot.inventory import Here

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCOUNT = "111122223333"
HERE = Here(AccountRef(ACCOUNT, "prod"), "us-east-1", "team", NOW)


def refused(code: str = "AccessDeniedException") -> ClientError:
    """AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Op")


class FakeAws:
    """Answers by `service:Operation`: a list is given one after another, an exception is raised."""

    def __init__(self, answers: dict[str, Any], own: str = ACCOUNT) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._own = own
        self._left: dict[str, list[Any]] = defaultdict(list)
        for name, given in answers.items():
            self._left[name] = list(given) if isinstance(given, list) else [given]

    def caller_account(self) -> str:
        return self._own

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> _Client:
        return _Client(self, service)

    def answer(self, service: str, operation: str, asked: dict[str, Any]) -> Any:
        name = f"{service}:{operation}"
        self.calls.append((name, asked))
        given = self._left[name].pop(0)
        if isinstance(given, Exception):
            raise given
        return checked(service, operation, given)

    def left(self, service: str, operation: str) -> bool:
        return bool(self._left[f"{service}:{operation}"])

    @property
    def asked(self) -> list[str]:
        """The names of the calls, in order."""
        return [name for name, _ in self.calls]


class _Client:
    def __init__(self, aws: FakeAws, service: str) -> None:
        self._aws, self._service = aws, service
        self._names = {xform_name(name): name for name in service_model(service).operation_names}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, self._names[name])

    def _call(self, operation: str, **asked: Any) -> Any:
        return self._aws.answer(self._service, operation, asked)

    def get_paginator(self, name: str) -> _Paginator:
        return _Paginator(self._aws, self._service, self._names[name])


class _Paginator:
    def __init__(self, aws: FakeAws, service: str, operation: str) -> None:
        self._aws, self._service, self._operation = aws, service, operation

    def paginate(self, **asked: Any) -> Iterator[Any]:
        yield self._aws.answer(self._service, self._operation, asked)
        while self._aws.left(self._service, self._operation):
            yield self._aws.answer(self._service, self._operation, asked)
