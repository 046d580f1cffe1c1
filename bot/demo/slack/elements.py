"""Interactive elements inside blocks: their ids, where to find them, and the state they start with."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

Blocks = list[dict[str, Any]]
# {block_id: {action_id: {"type": …, "value" | "selected_option" | …: …}}}
State = dict[str, dict[str, dict[str, Any]]]

# What a stateful element holds: the key of its value, and the key it is preset with.
STATE_KEYS: dict[str, tuple[str, str]] = {
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "external_select": ("selected_option", "initial_option"),
    "file_input": ("files", "files"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}
INTERACTIVE = frozenset(STATE_KEYS) | {"button", "feedback_buttons", "icon_button", "overflow", "workflow_button"}
PLURAL = ("selected_options", "selected_users", "selected_channels", "selected_conversations", "files")


def with_ids(blocks: Blocks) -> Blocks:
    """The blocks as Slack stores them: each has a `block_id`, each interactive element an `action_id`."""
    return [{**_with_action_ids(block), "block_id": block.get("block_id") or _new_id()} for block in blocks]


def interactive(blocks: Blocks) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pairs (block_id, element) of every element a person can use."""
    for block in blocks:
        for element in _elements(block):
            yield block.get("block_id", ""), element


def find_element(blocks: Blocks, block_id: str, action_id: str) -> dict[str, Any] | None:
    """The element with these ids."""
    for found_in, element in interactive(blocks):
        if found_in == block_id and element.get("action_id") == action_id:
            return element
    return None


def state_values(blocks: Blocks, given: Any) -> State:
    """`state.values` as Slack sends it: every stateful element, preset unless `given` says otherwise."""
    given = clean_state(given)
    values: State = {}
    for block_id, element in interactive(blocks):
        kind = element.get("type", "")
        if kind not in STATE_KEYS:
            continue
        key, preset_key = STATE_KEYS[kind]
        preset = element.get(preset_key, [] if key in PLURAL else None)
        said = given.get(block_id, {}).get(element["action_id"], {})
        values.setdefault(block_id, {})[element["action_id"]] = {"type": kind, key: said.get(key, preset)}
    return values


def clean_state(values: Any) -> State:
    """`state.values` as a page sends it, without what has not its shape."""
    blocks = values.items() if isinstance(values, dict) else ()
    return {
        block_id: {action_id: entry for action_id, entry in block.items() if isinstance(entry, dict)}
        for block_id, block in blocks
        if isinstance(block, dict)
    }


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, dict):
        if node.get("type") in INTERACTIVE:
            yield node
            return
        for value in node.values():
            yield from _elements(value)


def _with_action_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_action_ids(child) for child in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") in INTERACTIVE:
        return {**node, "action_id": node.get("action_id") or _new_id()}
    return {key: _with_action_ids(value) for key, value in node.items()}


def _new_id() -> str:
    return secrets.token_urlsafe(4)
