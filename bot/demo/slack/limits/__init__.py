"""The limits of Block Kit: what Slack refuses, found before it is sent.

`check_message` and `check_view` serve every test that has a message or a view in its hands.
"""

from __future__ import annotations

import json
from typing import Any

from bot.demo.slack.limits import blocks, charts, newer_blocks, objects, tables
from bot.demo.slack.limits.problems import Problems
from bot.demo.slack.limits.registry import BLOCK_TYPES, check_blocks

__all__ = ["BLOCK_TYPES", "MessageProblems", "check_message", "check_view"]

# Imported for what they declare.
_DECLARING = (blocks, charts, newer_blocks, tables)

MAX_TEXT = 40_000
MAX_ATTACHMENTS = 100
MAX_TABLES = 1
MAX_CHARTS = 2


class MessageProblems:
    """What is wrong with a message: Slack's error word, "" when nothing is, and the messages that go with it.

    Args:
        body: the arguments of chat.postMessage and its kin: text, blocks, attachments (lists, or JSON text).
        native_charts: False while data_visualization is not rolled out.
    """

    def __init__(self, body: dict[str, Any], *, native_charts: bool = True) -> None:
        problems = Problems("message", native_charts=native_charts)
        parts = {name: _decoded(body.get(name)) for name in ("blocks", "attachments")}
        check_blocks(problems, parts["blocks"], "/blocks")
        _check_attachments(problems, parts["attachments"])
        if problems.charts > MAX_CHARTS:
            problems.add("/blocks", f"no more than {MAX_CHARTS} data_visualization blocks allowed")
        text = body.get("text") or ""
        self.messages = problems.messages
        self.error = ""
        if not text and not parts["blocks"] and not parts["attachments"]:
            self.error = "no_text"
        elif len(str(text)) > MAX_TEXT:
            self.error = "msg_too_long"
        elif problems.messages:
            self.error = "invalid_blocks"
        elif problems.tables > MAX_TABLES:
            self.error = "only_one_table_allowed"


def check_message(body: dict[str, Any], *, native_charts: bool = True) -> list[str]:
    """Every limit that a message breaks, as "invalid_blocks: [ERROR] … [json-pointer:…]"; empty when it is good."""
    problems = MessageProblems(body, native_charts=native_charts)
    if not problems.error:
        return []
    return [f"{problems.error}: {message}" for message in problems.messages] or [problems.error]


def check_view(view: dict[str, Any], *, native_charts: bool = True) -> list[str]:
    """Every limit that a modal or Home tab breaks, as "[ERROR] … [json-pointer:/view/…]"; empty when it is good."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return ["[ERROR] must be a valid enum value: modal, home [json-pointer:/view/type]"]
    problems = Problems(kind, native_charts=native_charts)
    optional: tuple[str, ...] = ("callback_id", "private_metadata", "external_id")
    if kind == "modal":
        optional += ("submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    problems.keys(view, "/view", required=("blocks", "title") if kind == "modal" else ("blocks",), optional=optional)
    for name in ("title", "submit", "close"):
        objects.text(problems, view.get(name), f"/view/{name}", 24, objects.PLAIN)
    problems.string(view.get("private_metadata"), "/view/private_metadata", 3000, minimum=0)
    for name in ("callback_id", "external_id"):
        problems.string(view.get(name), f"/view/{name}", 255, minimum=0)
    check_blocks(problems, view.get("blocks"), "/view/blocks")
    if kind == "modal" and view.get("submit") is None and _has_input(view.get("blocks")):
        problems.add("/view", "missing required field: submit")
    if problems.charts > MAX_CHARTS:
        problems.add("/view/blocks", f"no more than {MAX_CHARTS} data_visualization blocks allowed")
    return problems.messages


def _check_attachments(problems: Problems, attachments: Any) -> None:
    for index, attachment in enumerate(problems.items(attachments, "/attachments", MAX_ATTACHMENTS, minimum=0)):
        here = f"/attachments/{index}"
        if problems.is_object(attachment, here):
            check_blocks(problems, attachment.get("blocks"), f"{here}/blocks")


def _has_input(view_blocks: Any) -> bool:
    listed = view_blocks if isinstance(view_blocks, list) else []
    return any(isinstance(block, dict) and block.get("type") == "input" for block in listed)


def _decoded(value: Any) -> Any:
    """Blocks as a form carries them are JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
