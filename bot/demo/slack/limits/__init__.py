"""Placeholder, replaced below."""
from __future__ import annotations
from typing import Any
class MessageProblems:
    def __init__(self, body: dict[str, Any], *, native_charts: bool = True) -> None:
        self.error = ""
        self.messages: list[str] = []
def view_problems(view: dict[str, Any], *, native_charts: bool = True) -> list[str]:
    return []
