"""A view as the bot sends it, checked against the limits of its surface."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.composing import check_files
from bot.demo.slack.limits import check_view
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.workspace import Workspace


def checked_view(workspace: Workspace, view: Any, kind: str) -> dict[str, Any]:
    """The view, when it is one of this kind and within the limits.

    Args:
        kind: "modal" or "home".
    Raises:
        Refusal: invalid_arguments with what is wrong and where.
    """
    if not isinstance(view, dict):
        raise _invalid(["[ERROR] missing required field: view"])
    if view.get("type") != kind:
        raise _invalid([f"[ERROR] must be of type {kind} [json-pointer:/view/type]"])
    problems = check_view(view, native_charts=workspace.faults.native_charts)
    if problems:
        raise _invalid(problems)
    check_files(workspace, view.get("blocks") or [])
    return view


def _invalid(messages: list[str]) -> Refusal:
    return Refusal("invalid_arguments", response_metadata={"messages": messages})
