"""CSV that spreadsheets open as what it is: RFC 4180, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

#: What begins a formula in Excel, LibreOffice or Google Sheets, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text_cell(text: str) -> str:
    """Foreign text as a cell: with an apostrophe in front where it would be taken for a formula."""
    return "'" + text if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def number_cell(value: float) -> str:
    """A number with all its digits and without an exponent, so that it reads back as the same number."""
    return format(Decimal(repr(float(value))), "f")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Lines that end with CR LF, cells quoted where they must be, in UTF-8; cells are safe already."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    # One by one: a whole table at once would hold the interpreter, and acknowledgements would wait.
    for row in rows:
        writer.writerow(row)
    return out.getvalue().encode("utf-8")
