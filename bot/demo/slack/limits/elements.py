"""Interactive elements: which one may stand where, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from bot.demo.slack.limits import objects
from bot.demo.slack.limits.problems import Node, Problems

Check = Callable[[Problems, Node, str], None]

SELECTS = frozenset({"static_select", "external_select", "users_select", "conversations_select", "channels_select"})
MULTI_SELECTS = frozenset(f"multi_{select}" for select in SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
MODAL_INPUTS = frozenset({"email_text_input", "url_text_input", "number_input", "file_input"})

IN_ACTIONS = SELECTS | MULTI_SELECTS | PICKERS | CHOICES | {"button", "overflow", "workflow_button"}
IN_ACCESSORY = (IN_ACTIONS - {"datetimepicker"}) | {"image"}
IN_INPUT = SELECTS | MULTI_SELECTS | PICKERS | CHOICES | MODAL_INPUTS | {"plain_text_input", "rich_text_input"}

# Optional keys beside action_id; `confirm`, `placeholder` and `focus_on_load` are looked at for all.
_COMMON = ("action_id", "confirm", "focus_on_load", "placeholder")
_KEYS: dict[str, tuple[str, ...]] = {
    "button": ("url", "value", "style", "accessibility_label"),
    "channels_select": ("initial_channel", "response_url_enabled"),
    "checkboxes": ("initial_options",),
    "conversations_select": (
        "initial_conversation",
        "response_url_enabled",
        "filter",
        "default_to_current_conversation",
    ),
    "datepicker": ("initial_date",),
    "datetimepicker": ("initial_date_time",),
    "email_text_input": ("initial_value", "dispatch_action_config"),
    "external_select": ("initial_option", "min_query_length"),
    "feedback_buttons": ("positive_button", "negative_button"),
    "file_input": ("filetypes", "max_files"),
    "icon_button": ("icon", "text", "accessibility_label", "value", "visible_to_user_ids"),
    "multi_channels_select": ("initial_channels", "max_selected_items"),
    "multi_conversations_select": (
        "initial_conversations",
        "max_selected_items",
        "filter",
        "default_to_current_conversation",
    ),
    "multi_external_select": ("initial_options", "min_query_length", "max_selected_items"),
    "multi_static_select": ("options", "option_groups", "initial_options", "max_selected_items"),
    "multi_users_select": ("initial_users", "max_selected_items"),
    "number_input": ("initial_value", "min_value", "max_value", "dispatch_action_config"),
    "overflow": (),
    "plain_text_input": ("initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"),
    "radio_buttons": ("initial_option",),
    "rich_text_input": ("initial_value", "dispatch_action_config", "min_lines", "max_lines"),
    "static_select": ("options", "option_groups", "initial_option"),
    "timepicker": ("initial_time", "timezone"),
    "url_text_input": ("initial_value", "dispatch_action_config"),
    "users_select": ("initial_user",),
    "workflow_button": ("style", "accessibility_label"),
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "button": ("text",),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "overflow": ("options",),
    "number_input": ("is_decimal_allowed",),
    "feedback_buttons": ("positive_button", "negative_button"),
    "icon_button": ("icon", "text"),
    "workflow_button": ("text", "workflow"),
}


def element(problems: Problems, node: Any, pointer: str, allowed: Collection[str]) -> None:
    """One element in a place where only `allowed` types may stand."""
    if not problems.is_object(node, pointer):
        return
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        problems.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if kind == "image":
        problems.keys(node, pointer, required=("alt_text",), optional=("image_url", "slack_file"))
        objects.image(problems, node, pointer)
        return
    _on_surface(problems, kind, pointer)
    problems.keys(node, pointer, required=_REQUIRED.get(kind, ()), optional=(*_COMMON, *_KEYS[kind]))
    problems.string(node.get("action_id"), f"{pointer}/action_id", 255)
    objects.confirm(problems, node.get("confirm"), f"{pointer}/confirm")
    objects.text(problems, node.get("placeholder"), f"{pointer}/placeholder", 150, objects.PLAIN)
    special = _SPECIAL.get(kind)
    if special is not None:
        special(problems, node, pointer)


def elements(problems: Problems, nodes: Any, pointer: str, allowed: Collection[str], maximum: int) -> None:
    """A list of elements; their action_ids must differ."""
    listed = problems.items(nodes, pointer, maximum)
    for index, node in enumerate(listed):
        element(problems, node, f"{pointer}/{index}", allowed)
    action_ids = [node.get("action_id") for node in listed if isinstance(node, dict)]
    problems.unique(action_ids, pointer, "action_id")


def _on_surface(problems: Problems, kind: str, pointer: str) -> None:
    if kind in MODAL_INPUTS and problems.surface != "modal":
        problems.add(f"{pointer}/type", f"{kind} is supported in modals only")
    if kind == "datetimepicker" and problems.surface == "home":
        problems.add(f"{pointer}/type", "datetimepicker is not supported on the Home tab")


def _button(problems: Problems, node: Node, pointer: str) -> None:
    objects.text(problems, node.get("text"), f"{pointer}/text", 75, objects.PLAIN)
    problems.string(node.get("value"), f"{pointer}/value", 2000)
    problems.string(node.get("url"), f"{pointer}/url", 3000)
    problems.one_of(node.get("style"), f"{pointer}/style", ("primary", "danger"))
    problems.string(node.get("accessibility_label"), f"{pointer}/accessibility_label", 75)


def _select(problems: Problems, node: Node, pointer: str) -> None:
    known = objects.options(problems, node, pointer, 100)
    objects.initial(problems, node, pointer, known)


def _choices(problems: Problems, node: Node, pointer: str) -> None:
    known = objects.options(problems, node, pointer, 10, kinds=objects.ANY_TEXT)
    objects.initial(problems, node, pointer, known)


def _overflow(problems: Problems, node: Node, pointer: str) -> None:
    objects.options(problems, node, pointer, 5)


def _plain_text_input(problems: Problems, node: Node, pointer: str) -> None:
    problems.string(node.get("initial_value"), f"{pointer}/initial_value", 3000, minimum=0)
    for name, lowest in (("min_length", 0), ("max_length", 1)):
        value = node.get(name)
        if value is not None and not (isinstance(value, int) and lowest <= value <= 3000):
            problems.add(f"{pointer}/{name}", f"must be between {lowest} and 3000")


_SPECIAL: dict[str, Check] = {
    "button": _button,
    "checkboxes": _choices,
    "multi_static_select": _select,
    "overflow": _overflow,
    "plain_text_input": _plain_text_input,
    "radio_buttons": _choices,
    "static_select": _select,
}
