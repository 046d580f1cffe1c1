"""Tokens of Cost Explorer's pages: they fit only the request they were given for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.demo.aws.answers import AwsError


def offset_of(params: Mapping[str, Any]) -> int:
    """Where the page starts that a request asks for.

    Raises:
        AwsError: the token was never given, or for another request.
    """
    token = params.get("NextPageToken")
    if not token:
        return 0
    try:
        stored = json.loads(base64.urlsafe_b64decode(token))
        offset, fingerprint = int(stored["offset"]), stored["request"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise AwsError("InvalidNextTokenException", "The pagination token is invalid. Try again without it.") from None
    if fingerprint != _fingerprint(params):
        raise AwsError(
            "RequestChangedException",
            "Your request parameters changed between pages. Try again with the old parameters or without a "
            "pagination token.",
        )
    return offset


def token_for(params: Mapping[str, Any], offset: int) -> str:
    """The token of the page that starts at `offset`."""
    stored = json.dumps({"offset": offset, "request": _fingerprint(params)})
    return base64.urlsafe_b64encode(stored.encode()).decode()


def _fingerprint(params: Mapping[str, Any]) -> str:
    same = {name: value for name, value in params.items() if name != "NextPageToken"}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:24]
