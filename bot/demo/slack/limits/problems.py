"""Collecting what is wrong with a message or a view, in Slack's words and with JSON pointers."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

Node = dict[str, Any]


class Problems:
    """The problems found so far, and what is counted over a whole payload.

    Attributes:
        messages: as "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]".
        surface: "message", "modal" or "home".
        native_charts: False while data_visualization is not rolled out.
    """

    def __init__(self, surface: str, *, native_charts: bool = True) -> None:
        self.surface = surface
        self.native_charts = native_charts
        self.messages: list[str] = []
        self.tables = 0
        self.charts = 0
        self.markdown_chars = 0
        self.block_ids: set[str] = set()

    def add(self, pointer: str, what: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{pointer}]")

    def is_object(self, node: Any, pointer: str) -> bool:
        if isinstance(node, dict):
            return True
        self.add(pointer, "must be an object")
        return False

    def keys(self, node: Node, pointer: str, *, required: Collection[str] = (), optional: Collection[str] = ()) -> None:
        """The keys an object must and may have; `type` always."""
        for name in required:
            if node.get(name) is None:
                self.add(pointer, f"missing required field: {name}")
        for name in node:
            if name != "type" and name not in required and name not in optional:
                self.add(pointer, f"invalid additional property: {name}")

    def string(self, value: Any, pointer: str, maximum: int, minimum: int = 1) -> None:
        """A string's length; a missing value is not its business."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(pointer, "must be a string")
        elif len(value) > maximum:
            self.add(pointer, f"must be less than {maximum + 1} characters")
        elif len(value) < minimum:
            self.add(pointer, f"must be more than {minimum - 1} characters")

    def items(self, value: Any, pointer: str, maximum: int, minimum: int = 1) -> list[Any]:
        """A list's length; returns the list, empty when there is none."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(pointer, "must be an array")
            return []
        if len(value) > maximum:
            self.add(pointer, f"no more than {maximum} items allowed")
        elif len(value) < minimum:
            self.add(pointer, f"must have at least {minimum} items")
        return value

    def one_of(self, value: Any, pointer: str, allowed: Collection[Any]) -> None:
        if value is not None and value not in allowed:
            self.add(pointer, f"must be a valid enum value: {', '.join(map(str, allowed))}")

    def number(self, value: Any, pointer: str) -> bool:
        """A finite number; says so when it is not."""
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return True
        self.add(pointer, "must be a number")
        return False

    def unique(self, values: list[Any], pointer: str, what: str) -> None:
        known = [value for value in values if value is not None]
        doubled = sorted({str(value) for value in known if known.count(value) > 1})
        if doubled:
            self.add(pointer, f"{what} must be unique, {doubled[0]!r} is not")
