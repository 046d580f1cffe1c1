"""Imports go down: no room knows a command, a job, a listener or a workflow, not even through what it imports."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
FLOORS = ("bot.commands", "bot.jobs", "bot.listeners", "bot.workflows")
ROOMS = (
    "budgets",
    "collectors",
    "commitments",
    "delivery",
    "forecasts",
    "owners",
    "reports",
    "store",
    "units",
    "watch",
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(BOT.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Path]:
    return {module_of(path): path for path in BOT.rglob("*.py")}


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of the bot that one imports, wherever in it that stands, but not for types alone."""
    tree = ast.parse(modules()[module].read_text())
    for_types = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    typing = {id(node) for block in for_types for node in ast.walk(block)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return frozenset(found & modules().keys())


def way_up(module: str, seen: set[str]) -> list[str]:
    """The imports that lead from a module to a floor above; nothing where there is no such way."""
    seen.add(module)
    for one in sorted(imports(module)):
        if one.startswith(FLOORS):
            return [module, one]
        if one not in seen and (way := way_up(one, seen)):
            return [module, *way]
    return []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_a_floor_above(room: str) -> None:
    inside = [module for module in modules() if module == f"bot.{room}" or module.startswith(f"bot.{room}.")]
    assert inside
    assert [way for module in inside if (way := way_up(module, set()))] == []


def test_a_way_up_is_found() -> None:
    assert way_up("bot.known_changes", set()) == ["bot.known_changes", "bot.commands"]
    assert way_up("bot.app", set())[-1].startswith(FLOORS)
