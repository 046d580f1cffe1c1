"""The header line of a CSV file: its column names and its delimiter."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from bot.errors import CostbotError

DELIMITERS = (",", ";", "\t", "|")


def header(path: Path) -> tuple[list[str], str]:
    """A CSV file's column names and its delimiter; the file may be gzipped.

    Raises:
        CostbotError: there is no header, it names a column twice, or the file cannot be read.
    """
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
                line = lines.readline()
        else:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                line = lines.readline()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CostbotError(f"{path.name} cannot be read: {error}.", "Export it again; nothing was stored.") from error
    return names_in(line, path.name)


def names_in(line: str, name: str) -> tuple[list[str], str]:
    """The column names in a CSV file's first line, and its delimiter.

    Raises:
        CostbotError: the line is empty, or it names a column twice.
    """
    if not line.strip():
        raise CostbotError(f"{name} has no header line.", "Export it again; nothing was stored.")
    delimiter = max(DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise CostbotError(f"{name} has the column {twice[0]} twice.", "Export it again; nothing was stored.")
    return names, delimiter
