"""What Slack's own client asks of a modal's inputs before the bot hears of them."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.slack.elements import STATE_KEYS

REQUIRED = "Please complete this required field."


def input_errors(blocks: list[dict[str, Any]], state: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Errors by block_id; empty when the modal may be submitted."""
    errors = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = state[block["block_id"]][element["action_id"]].get(STATE_KEYS[element["type"]][0])
        error = _error(block, element, value)
        if error:
            errors[block["block_id"]] = error
    return errors


def _error(block: dict[str, Any], element: dict[str, Any], value: Any) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_error(element, str(value))
    if kind == "number_input":
        return _number_error(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", str(value)):
        return "Enter a valid URL."
    return ""


def _length_error(element: dict[str, Any], value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Enter at most {element.get('max_length', 3000)} characters."
    return ""


def _number_error(element: dict[str, Any], value: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Enter a number." if element.get("is_decimal_allowed") else "Enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Enter a number of at most {element['max_value']}."
    return ""
