"""Values of the mapping file, checked one by one: each mistake names the file, the key and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from bot.errors import CostbotError


class MappingError(CostbotError):
    """The mapping file cannot be used as it is."""


def a_table(value: Any, file: str, where: str, example: str) -> dict[str, Any]:
    """`value` when it is a table.

    Raises:
        MappingError: it is something else.
    """
    if isinstance(value, dict):
        return value
    raise MappingError(f"{file}: {where} is {_kind(value)}, not a table.", f"Write {example}.")


def a_text(value: Any, file: str, where: str) -> str:
    """`value` when it is a text that says something.

    Raises:
        MappingError: it is something else, or empty.
    """
    if isinstance(value, str) and value.strip():
        return value
    said = "empty" if isinstance(value, str) else _kind(value)
    raise MappingError(f"{file}: {where} is {said}.", f'Write a name in quotation marks: {_last(where)} = "…".')


def texts(value: Any, file: str, where: str) -> tuple[str, ...]:
    """One text, or a list of them.

    Raises:
        MappingError: it is something else.
    """
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and all(isinstance(text, str) and text.strip() for text in listed):
        return tuple(listed)
    raise MappingError(
        f"{file}: {where} is {'a list with more than texts' if isinstance(value, list) else _kind(value)}.",
        f'Write a list of texts: {_last(where)} = ["…", "…"].',
    )


def choice(value: Any, allowed: Iterable[str], file: str, where: str) -> str:
    """`value` when it is one of `allowed`.

    Raises:
        MappingError: it is not.
    """
    words = list(map(str, allowed))
    if isinstance(value, str) and value.strip().lower() in words:
        return value.strip().lower()
    raise MappingError(
        f"{file}: {where} cannot be {_shown(value)}.", f"Write {' or '.join(chr(34) + w + chr(34) for w in words)}."
    )


def known_keys(table: dict[str, Any], known: Iterable[str], file: str, where: str) -> None:
    """Refuse a key that means nothing.

    Raises:
        MappingError: there is one; the remedy names the nearest that means something.
    """
    words = list(map(str, known))
    for key in table:
        if key not in words:
            place = f" in {where}" if where else ""
            raise MappingError(f"{file}: “{key}”{place} means nothing.", _instead(key, words))


def _instead(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"It may hold {', '.join(known)}."


def _last(where: str) -> str:
    return where.rpartition(".")[2]


def _shown(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else _kind(value)


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date")
