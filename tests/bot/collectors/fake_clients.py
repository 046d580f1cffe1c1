"""An `Aws` whose clients give prepared answers, check them against AWS's own model, and remember what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from bot.aws import Aws
from bot.demo.aws.shapes import checked

Answer = Mapping[str, Any] | Exception
#: The pages of an operation one after the other, or what makes the answer of the call's arguments.
Prepared = list[Any] | Callable[[Mapping[str, Any]], Answer]


class FakeAws:
    """Answers by the method's name: a list is its pages, one a call."""

    def __init__(self, answers: Mapping[str, Prepared], service: str = "ec2") -> None:
        self._answers = dict(answers)
        self._service = service
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.places: list[dict[str, Any]] = []

    def as_aws(self) -> Aws:
        """Itself, as the collectors take it."""
        return cast(Aws, self)

    def client(self, service: str, **place: Any) -> FakeAws:
        self.places.append({"service": service, **place})
        return self

    def get_paginator(self, name: str) -> _Paginator:
        return _Paginator(self, name)

    def called(self, name: str) -> list[dict[str, Any]]:
        """What one operation was asked."""
        return [asked for operation, asked in self.asked if operation == name]

    def answer(self, name: str, asked: dict[str, Any], page: int = 0) -> dict[str, Any]:
        self.asked.append((name, asked))
        prepared = self._answers[name]
        answer = prepared[page] if isinstance(prepared, list) else prepared(asked)
        if isinstance(answer, Exception):
            raise answer
        operation = "".join(part.capitalize() for part in name.split("_"))
        return checked(self._service, operation, dict(answer))

    def pages(self, name: str) -> int:
        prepared = self._answers[name]
        return len(prepared) if isinstance(prepared, list) else 1

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        if name.startswith("_") or name not in self._answers:
            raise AttributeError(name)
        return lambda **asked: self.answer(name, asked)


class _Paginator:
    def __init__(self, aws: FakeAws, name: str) -> None:
        self._aws, self._name = aws, name

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        for page in range(self._aws.pages(self._name)):
            yield self._aws.answer(self._name, asked, page)
