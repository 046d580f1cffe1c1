"""The Web API's methods: one file for each family, found by importing them all."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

from bot.demo.slack.workspace import Workspace

Body = dict[str, Any]
Answer = dict[str, Any]
Method = Callable[[Workspace, Body], Answer]

_METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Declare a method; it returns the answer without `ok`, or raises a `Refusal`."""

    def declare(function: Method) -> Method:
        _METHODS[name] = function
        return function

    return declare


@cache
def methods() -> dict[str, Method]:
    """All methods by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _METHODS
