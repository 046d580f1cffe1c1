"""The fields of dialogs, and what was filled into them. A field's block and element share one id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks.elements import Block, clip


def modal(
    callback_id: str, title: str, submit: str, blocks: Sequence[Block], *, metadata: str = "", close: str = "Cancel"
) -> Block:
    """A dialog; `metadata` comes back with its answer."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(clip(title, 24)),
        "submit": plain_text(submit),
        "close": plain_text(close),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def text_input(
    name: str, label: str, example: str, *, optional: bool = False, hint: str = "", initial: str = "", most: int = 200
) -> Block:
    """A line of text."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "max_length": most,
        "placeholder": plain_text(clip(example, 150)),
    }
    if initial:
        element["initial_value"] = initial
    return _input(name, label, element, optional=optional, hint=hint)


def checkboxes(
    name: str, label: str, options: Mapping[str, tuple[str, str]], *, optional: bool = False, hint: str = ""
) -> Block:
    """Boxes to tick; options by value, each a label and what it means."""
    element = {
        "type": "checkboxes",
        "action_id": name,
        "options": [option(value, *words) for value, words in options.items()],
    }
    return _input(name, label, element, optional=optional, hint=hint)


def choices(
    name: str, label: str, options: Mapping[str, tuple[str, str]], chosen: str | None, *, hint: str = ""
) -> Block:
    """One of a few; options by value, each a label and what it means."""
    shown = {value: option(value, *words) for value, words in options.items()}
    element: Block = {"type": "radio_buttons", "action_id": name, "options": list(shown.values())}
    if chosen in shown:
        element["initial_option"] = shown[chosen]
    return _input(name, label, element, hint=hint)


def choose_channel(name: str, label: str, initial: str | None) -> Block:
    """A channel of the workspace."""
    element: Block = {
        "type": "conversations_select",
        "action_id": name,
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"]},
    }
    if initial:
        element["initial_conversation"] = initial
    return _input(name, label, element)


def pick_time(name: str, label: str, initial: str) -> Block:
    """A time of day."""
    element = {"type": "timepicker", "action_id": name, "initial_time": initial}
    return _input(name, label, element, optional=True)


def option(value: str, label: str, description: str = "") -> Block:
    """One of a list."""
    found: Block = {"text": plain_text(clip(label, 75)), "value": value}
    return found | ({"description": plain_text(clip(description, 75))} if description else {})


def plain_text(text: str) -> Block:
    """A text object without formatting."""
    return {"type": "plain_text", "text": text}


def filled(view: Mapping[str, Any], name: str) -> str:
    """The text, time, channel or option of a field; "" where nothing was filled in."""
    found = _element(view, name)
    chosen = found.get("selected_option") or {}
    value = (
        found.get("value")
        or found.get("selected_time")
        or found.get("selected_conversation")
        or chosen.get("value")
        or ""
    )
    return str(value).strip()


def ticked(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of the boxes that were ticked."""
    return tuple(str(one["value"]) for one in _element(view, name).get("selected_options") or ())


def _element(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = view["state"]["values"].get(name, {}).get(name, {})
    return found


def _input(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block: Block = {"type": "input", "block_id": name, "label": plain_text(label), "element": element}
    if optional:
        block["optional"] = True
    if hint:
        block["hint"] = plain_text(hint)
    return block
