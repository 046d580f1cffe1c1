"""`docs/guide-mistakes.md`: no mistake is left out, and each names a test that there is, or why none is needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from bot.docs import DOCS, ROOT

NUMBERS = list(range(1, 58))
NO_TEST = "no test:"


@dataclass(frozen=True, slots=True)
class Row:
    """One mistake; `held_by` names its tests, or begins with `NO_TEST`."""

    number: int
    mistake: str
    instead: str
    held_by: str


def rows(page: str) -> list[Row]:
    """The rows of the page's table that begin with a number."""
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in page.split("\n")]
    return [Row(int(row[0]), *row[1:]) for row in cells if row[0].isdecimal()]


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests; none where there is no such file."""
    file = ROOT / path
    parsed = ast.parse(file.read_bytes()).body if file.is_file() else []
    return frozenset(
        part.name for part in parsed if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
    )


def faults(row: Row) -> Iterator[str]:
    """What is wrong with a row."""
    if not (row.mistake and row.instead):
        yield f"{row.number} does not say what is done instead"
    named = re.findall("`([^`]*)`", row.held_by)
    if row.held_by.startswith(NO_TEST):
        named = [name for name in named if "::" in name]
        if not row.held_by.removeprefix(NO_TEST).strip():
            yield f"{row.number} does not say why it has no test"
    elif not named:
        yield f"{row.number} has neither a test nor a reason"
    for name in named:
        path, _, function = name.partition("::")
        if function not in names_in(path):
            yield f"{row.number}: there is no test {name}"


ROWS = rows((DOCS / "guide-mistakes.md").read_text("utf-8"))


def test_every_mistake_has_one_row() -> None:
    assert [row.number for row in ROWS] == NUMBERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_names_tests_that_there_are_or_why_none_is_needed(row: Row) -> None:
    assert list(faults(row)) == []


HERE = "tests/bot/test_guide_mistakes.py"


@pytest.mark.parametrize(
    ("held_by", "found"),
    [
        (f"`{HERE}::test_every_mistake_has_one_row`", []),
        ("no test: nothing to be mistaken about", []),
        ("", ["7 has neither a test nor a reason"]),
        ("the tests", ["7 has neither a test nor a reason"]),
        ("no test: ", ["7 does not say why it has no test"]),
        (f"`{HERE}::test_none`", [f"7: there is no test {HERE}::test_none"]),
        (f"`{HERE}::rows`", [f"7: there is no test {HERE}::rows"]),
        (f"`{HERE}`", [f"7: there is no test {HERE}"]),
        ("`tests/none.py::test_none`", ["7: there is no test tests/none.py::test_none"]),
        (
            f"`{HERE}::test_every_mistake_has_one_row`, stand-in: `{HERE}::test_none`",
            [f"7: there is no test {HERE}::test_none"],
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_found(held_by: str, found: list[str]) -> None:
    (row,) = rows(f"| # | mistake | costbot | held by |\n|---|---|---|---|\n| 7 | it | that | {held_by} |")

    assert list(faults(row)) == found
