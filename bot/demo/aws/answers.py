"""Errors as AWS words them, and how an answer of a JSON service looks on the wire."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JSON_1_1 = "application/x-amz-json-1.1"


class AwsError(Exception):
    """An error that AWS itself would answer.

    Args:
        code: AWS's error code, as `ValidationException`.
        message: AWS's wording where it is known.
        details: members of the error beside its message.
    """

    def __init__(self, code: str, message: str, status: int = 400, details: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = dict(details or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def invalid(message: str) -> AwsError:
    """A ValidationException."""
    return AwsError("ValidationException", message)


def json_answer(value: Any, status: int = 200, content_type: str = JSON_1_1) -> Answer:
    """A value as a JSON service answers it."""
    body = json.dumps(value, allow_nan=False).encode()
    return Answer(status, (("Content-Type", content_type), ("x-amzn-RequestId", secrets.token_hex(16))), body)


def json_error(error: AwsError) -> Answer:
    """An error as a JSON service answers it."""
    return json_answer({"__type": error.code, "message": error.message, **error.details}, error.status)
