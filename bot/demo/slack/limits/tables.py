"""The table and data_table blocks: one of them in a message."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.limits.problems import Node, Problems
from bot.demo.slack.limits.registry import block_type, check_block

MAX_COLUMNS = 20
# Sources name 201 rows and 20,000 characters too; these are the figures that all of them allow.
DATA_TABLE_ROWS = 101
DATA_TABLE_CHARS = 10_000
CELL_TYPES = ("raw_text", "raw_number", "rich_text")


@block_type("table", surfaces=("message",), required=("rows",), optional=("column_settings",))
def table(problems: Problems, node: Node, pointer: str) -> None:
    problems.tables += 1
    _rows(problems, node, pointer, 100, 1)
    settings = problems.items(node.get("column_settings"), f"{pointer}/column_settings", MAX_COLUMNS)
    for index, setting in enumerate(settings):
        here = f"{pointer}/column_settings/{index}"
        if setting is not None and problems.is_object(setting, here):
            problems.keys(setting, here, optional=("align", "is_wrapped"))
            problems.one_of(setting.get("align"), f"{here}/align", ("left", "center", "right"))


@block_type(
    "data_table", surfaces=("message",), required=("rows", "caption"), optional=("page_size", "row_header_column_index")
)
def data_table(problems: Problems, node: Node, pointer: str) -> None:
    problems.tables += 1
    problems.string(node.get("caption"), f"{pointer}/caption", 3000)
    rows = _rows(problems, node, pointer, DATA_TABLE_ROWS, 2)
    if len({len(row) for row in rows}) > 1:
        problems.add(f"{pointer}/rows", "all rows must have the same number of cells")
    for index, cell in enumerate(rows[0] if rows else ()):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            problems.add(f"{pointer}/rows/0/{index}/type", "the header must not have rich_text cells")
    characters = sum(_characters(cell) for row in rows for cell in row)
    if characters > DATA_TABLE_CHARS:
        problems.add(f"{pointer}/rows", f"must be less than {DATA_TABLE_CHARS + 1} characters in total")
    page_size = node.get("page_size", 5)
    if not isinstance(page_size, int) or not 1 <= page_size <= 100:
        problems.add(f"{pointer}/page_size", "must be between 1 and 100")


def _rows(problems: Problems, node: Node, pointer: str, maximum: int, minimum: int) -> list[list[Any]]:
    """The rows that are lists, each cell looked at."""
    found = []
    for index, row in enumerate(problems.items(node.get("rows"), f"{pointer}/rows", maximum, minimum)):
        here = f"{pointer}/rows/{index}"
        found.append(problems.items(row, here, MAX_COLUMNS))
        for column, cell in enumerate(found[-1]):
            _cell(problems, cell, f"{here}/{column}")
    return found


def _cell(problems: Problems, cell: Any, pointer: str) -> None:
    if not problems.is_object(cell, pointer):
        return
    kind = cell.get("type")
    if kind == "raw_text":
        problems.keys(cell, pointer, required=("text",))
        problems.string(cell.get("text"), f"{pointer}/text", 3000)
    elif kind == "raw_number":
        problems.keys(cell, pointer, required=("value",), optional=("text",))
        problems.number(cell.get("value"), f"{pointer}/value")
        problems.string(cell.get("text"), f"{pointer}/text", 3000)
    elif kind == "rich_text":
        check_block(problems, cell, pointer)
    else:
        problems.add(f"{pointer}/type", f"must be a valid enum value: {', '.join(CELL_TYPES)}")


def _characters(cell: Any) -> int:
    if isinstance(cell, dict):
        shown = [value for key, value in cell.items() if key in ("text", "value", "elements")]
        return sum(_characters(value) for value in shown)
    if isinstance(cell, list):
        return sum(_characters(part) for part in cell)
    return len(str(cell))
