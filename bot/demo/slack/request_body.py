"""The arguments of a Web API call, however they were sent: JSON, form, multipart or query."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from bot.demo.slack.refusal import Refusal

# Arguments that a form carries as JSON text.
NESTED = frozenset({"attachments", "blocks", "files", "metadata", "prompts", "view"})


async def read_arguments(request: Request) -> dict[str, Any]:
    """The arguments by name, nested JSON text decoded.

    Raises:
        Refusal: invalid_json, or invalid_form_data.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    arguments: dict[str, Any] = dict(request.query_params)
    if content_type == "application/json":
        arguments |= _json_object(await request.body())
    elif content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.form()
        arguments |= {name: value for name, value in form.items() if isinstance(value, str)}
    return {name: _decoded(name, value) for name, value in arguments.items()}


def _json_object(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        return {}
    try:
        loaded = json.loads(raw, parse_constant=_no_constant)
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(loaded, dict):
        raise Refusal("json_not_object")
    return loaded


def _no_constant(name: str) -> None:
    """NaN and Infinity, which Python would take, are no JSON."""
    raise ValueError(name)


def _decoded(name: str, value: Any) -> Any:
    if name not in NESTED or not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_constant=_no_constant)
    except ValueError:
        # Left as it is: the limits say that it is no list of blocks.
        return value
