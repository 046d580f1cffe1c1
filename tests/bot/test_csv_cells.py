"""CSV cells: no formulas, no lost digits, lines that every reader splits alike."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.csv_cells import csv_bytes, number_cell, text_cell


@pytest.mark.parametrize("text", ["payments", "a=b", "a@b.c", "i-0abc", "", "1-2", "’=", "日本"])
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert text_cell(text) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\n=", "＝", "＠"])
def test_a_formula_becomes_text(start: str) -> None:
    assert text_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_the_same_number_without_an_exponent(value: float) -> None:
    cell = number_cell(value)
    assert float(cell) == value
    assert "e" not in cell.lower()


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_comes_back_from_the_file(rows: list[tuple[str, str]]) -> None:
    encodable = [tuple(cell.encode("utf-8", "ignore").decode() for cell in row) for row in rows]
    content = csv_bytes(("a", "b"), encodable).decode("utf-8")
    assert [tuple(row) for row in csv.reader(io.StringIO(content, newline=""))] == [("a", "b"), *encodable]
    assert content.endswith("\r\n")


def test_quotes_commas_and_line_breaks_are_quoted_as_rfc_4180_says() -> None:
    assert csv_bytes(("a", "b"), [('x "y"', "1,2"), ("two\nlines", "")]) == (
        b'a,b\r\n"x ""y""","1,2"\r\n"two\nlines",\r\n'
    )
