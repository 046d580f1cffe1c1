"""Counts from a CSV file: `date,count`, a line a day or a line a month; each mistake names its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from analysis.unit_costs import Every
from bot.errors import CostbotError

#: Ten years by the day.
MOST_LINES = 4000
MOST_BYTES = 1_000_000


class CountsError(CostbotError):
    """The file cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many units there were, by day or by the first day of a month."""

    every: Every
    by_start: dict[date, float]


def read_counts(path: Path) -> Counts:
    """The counts of a file, read again when it changes.

    Raises:
        CountsError: it cannot be read, or a line is wrong.
    """
    try:
        stat = path.stat()
        if stat.st_size > MOST_BYTES:
            raise CountsError(f"{path.name} has {stat.st_size:,} bytes.", "A line a day, date,count, is enough.")
        return _kept(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise CountsError(f"{path.name} cannot be read: {error.strerror}.", "Correct its name or its rights.") from None


@lru_cache(maxsize=16)
def _kept(path: Path, mtime_ns: int, size: int) -> Counts:
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise CountsError(f"{path.name} is no UTF-8 text.", "Save it as CSV UTF-8.") from None


def parse(text: str, file: str) -> Counts:
    """The counts that a CSV text tells.

    Args:
        file: its name, for sentences.
    Raises:
        CountsError: the first line that is wrong, by its number.
    """
    found: dict[date, float] = {}
    lines: dict[date, int] = {}
    kinds: set[Every] = set()
    for number, cells in _rows(text):
        where = f"{file} line {number}"
        if len(cells) != 2:
            many = f"{len(cells)} column{'s' if len(cells) > 1 else ''}"
            raise CountsError(f"{where} has {many}, not 2.", "Write 2026-11-23,1840 with a comma between.")
        start, kind = _start(cells[0], where)
        kinds.add(kind)
        if len(kinds) > 1:
            raise CountsError(f"{where} is of a {kind}, the lines before it are not.", "Write days, or months.")
        if start in found:
            raise CountsError(f"{where} tells {cells[0]} again.", f"It stands in line {lines[start]} already.")
        found[start], lines[start] = _count(cells[1], where), number
        if len(found) > MOST_LINES:
            raise CountsError(f"{file} has more than {MOST_LINES:,} lines.", "Leave the oldest out.")
    if not kinds:
        raise CountsError(f"{file} has no counts.", "Write a line a day: 2026-11-23,1840.")
    return Counts(kinds.pop(), found)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, by number, without a heading."""
    reader = csv.reader(io.StringIO(text))
    is_first = True
    for cells in reader:
        tidy = [cell.strip() for cell in cells]
        if not any(tidy):
            continue
        is_heading = is_first and not any(char.isdigit() for cell in tidy for char in cell)
        is_first = False
        if not is_heading:
            yield reader.line_num, tidy


def _start(text: str, where: str) -> tuple[date, Every]:
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return date.fromisoformat(f"{text}-01"), Every.MONTH
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text), Every.DAY
    except ValueError:
        pass  # no such day: the sentence below is the same
    raise CountsError(f"{where}: “{text[:40]}” is no date.", "Write a day as 2026-11-23, or a month as 2026-11.")


def _count(text: str, where: str) -> float:
    # A number with separators could be read in two ways.
    count = float(text) if re.fullmatch(r"\d+(\.\d+)?([eE]\+?\d{1,2})?", text) else math.nan
    if not math.isfinite(count):
        remedy = "Write digits alone, as 1840; leave days out that are not known."
        raise CountsError(f"{where}: “{text[:40]}” is no count.", remedy)
    return count
