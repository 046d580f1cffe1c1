"""A message's body as the bot sends it, checked and turned into what the workspace stores."""

from __future__ import annotations

import secrets
from typing import Any

from bot.demo.slack.limits import MessageProblems
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.workspace import Workspace


def checked_content(workspace: Workspace, body: dict[str, Any], *, is_update: bool = False) -> dict[str, Any]:
    """The fields of `Message` that `body` sets: text, blocks, attachments, metadata.

    Raises:
        Refusal: the message breaks a limit of Block Kit, or shows a file that is not there.
    """
    problems = MessageProblems(body, native_charts=workspace.faults.native_charts)
    if problems.error:
        raise _refusal(problems.error, problems.messages)
    blocks = body.get("blocks") or []
    check_files(workspace, blocks)
    content: dict[str, Any] = {"text": str(body.get("text") or "")}
    if "blocks" in body or not is_update:
        content["blocks"] = blocks
    if "attachments" in body or not is_update:
        content["attachments"] = body.get("attachments") or []
    if "metadata" in body:
        content["metadata"] = body["metadata"]
    return content


def check_files(workspace: Workspace, blocks: list[dict[str, Any]]) -> None:
    """Refuse blocks that show a file the workspace does not have."""
    for index, block in enumerate(blocks):
        for place, image in (("", block), ("/accessory", block.get("accessory") or {})):
            file_id = (image.get("slack_file") or {}).get("id")
            if file_id and not workspace.uploads.usable(file_id):
                pointer = f"/blocks/{index}{place}/slack_file"
                raise _refusal("invalid_blocks", [f"[ERROR] invalid slack file [json-pointer:{pointer}]"])


def new_id(prefix: str) -> str:
    """An id as Slack makes them, as "Ev0A1B2C3D4"."""
    return prefix + "0" + secrets.token_hex(5).upper()


def _refusal(error: str, messages: list[str]) -> Refusal:
    if error == "no_text" or not messages:
        return Refusal(error)
    errors = [message.removeprefix("[ERROR] ") for message in messages]
    return Refusal(error, errors=errors, response_metadata={"messages": messages})
