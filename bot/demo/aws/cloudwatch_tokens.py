"""NextToken: where the next page starts, and of which request it is a page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import CloudWatchException


def token(request: Mapping[str, Any], place: list[float]) -> str:
    """A token that continues `request` at `place`."""
    text = json.dumps({"of": _digest(request), "at": place})
    return base64.urlsafe_b64encode(text.encode()).decode()


def place_of(request: Mapping[str, Any]) -> list[float] | None:
    """Where the page `request` asks for begins; None is the first.

    Raises:
        CloudWatchException: InvalidNextToken, for a token of another request or of nobody.
    """
    given = request.get("NextToken")
    if not given:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(str(given).encode()))
        if content["of"] == _digest(request):
            return [float(number) for number in content["at"]]
    except (binascii.Error, ValueError, KeyError, TypeError):
        pass
    raise CloudWatchException("InvalidNextToken", "The NextToken does not belong to this request.")


def _digest(request: Mapping[str, Any]) -> str:
    same = {name: value for name, value in request.items() if name not in ("NextToken", "MaxDatapoints")}
    return hashlib.sha256(json.dumps(same, sort_keys=True, default=str).encode()).hexdigest()[:16]
