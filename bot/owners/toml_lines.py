"""On which line of a TOML text a table or a key stands: the parser of the standard library does not tell."""

from __future__ import annotations

import tomllib


def line_of(text: str, table: str, key: str | None = None) -> int:
    """The line, counted from 1, of a table or of a key in it; where the key is not found the table's, else 1."""
    head: list[str] = []
    found = 1
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            head = _parts(stripped.partition("]")[0].lstrip("["))
            at = head
        elif "=" in stripped and not stripped.startswith("#"):
            at = [*head, *_parts(_left(stripped))]
        else:
            continue
        if at[:1] != [table]:
            continue
        if key is None or at[1:2] == [key]:
            return number
        found = number if found == 1 else found
    return found


def _left(line: str) -> str:
    """The key of `key = value`; a quoted one may hold an equals sign."""
    end = line.find(line[0], 1) if line[0] in "\"'" else -1
    return line[: end + 1] if end > 0 else line.partition("=")[0]


def _parts(text: str) -> list[str]:
    """The parts of a bare, quoted or dotted key; none where it is no key."""
    try:
        said: object = tomllib.loads(f"{text.strip()} = 1")
    except tomllib.TOMLDecodeError:
        return []
    parts: list[str] = []
    while isinstance(said, dict):
        key = next(iter(said))
        parts.append(key)
        said = said[key]
    return parts
