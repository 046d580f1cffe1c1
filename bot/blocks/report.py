"""What a report says, in plain words and figures: the message and the file are both made of it.

Texts are as a person reads them, foreign names in them as they came: whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analysis.models import Chart


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the large figures at the top: what it is, the figure, what to hold it against."""

    label: str
    value: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under columns; `right` are indexes of columns of figures, `sums` is how many last rows are sums."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    sums: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of a report.

    `lines` are sentences, the news first; `points` are a few items, dearest first. `table`, `notes` and `details` are
    for the file, which has room for all of it; `in_message` has the message show the table as well. Where the subject
    is not known, `problem` says why, and there is nothing else.
    """

    key: str
    title: str
    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    in_message: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        title: as "Weekly cost report".
        about: whose costs, as "all costs" or "team payments".
        days: the days it is about, as "Nov 18–24, 2026".
        news: the first line, with the number.
        cost: which cost is shown, in words.
        reach: until when the costs are whole, and what is left out after that.
        file_name: of the file, with its ending.
        typed: the command that makes it again; `others` are commands by label.
    """

    title: str
    about: str
    days: str
    news: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    currency: str
    cost: str
    reach: str
    made_at: datetime
    file_name: str
    typed: str
    others: Sequence[tuple[str, str]] = field(default=())

    def section(self, key: str) -> Section:
        """The section of a key.

        Raises:
            KeyError: there is none.
        """
        found = next((one for one in self.sections if one.key == key), None)
        if found is None:
            raise KeyError(key)
        return found
