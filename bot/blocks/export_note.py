"""What is said beside an exported file: how much is in it, which cost it is, and what its source could not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.costs import ChargeCategory
from analysis.movers import Period
from bot.blocks import elements
from bot.blocks.cost_period import CATEGORY_WORDS, data_reach, day_of, span
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import escape, money
from bot.cost_files import Window
from bot.reply import Attachment, Reply


@dataclass(frozen=True, slots=True)
class ExportNote:
    """What the file holds; texts are as they came, not yet escaped.

    `dimensions`, `not_given` and `charges_without` are headings of columns. `without_cost` rows have an empty cost.
    `is_narrow` says that nobody chose dimensions and the source tells only few together.
    """

    rows: int
    total: float
    by_category: Mapping[str, float]
    without_cost: int
    dimensions: tuple[str, ...]
    not_given: tuple[str, ...]
    charges_without: tuple[str, ...]
    is_narrow: bool
    period: Period
    window: Window
    today: date
    notes: tuple[str, ...]


def export_reply(note: ExportNote, file: Attachment) -> Reply:
    """The note as a Slack message that goes with the file."""
    small_print = list(_small_print(note))
    blocks = [elements.section(f"*{news(note)}*"), elements.context(*small_print)]
    return Reply(" ".join((news(note), *small_print)), blocks, file=file)


def news(note: ExportNote) -> str:
    """The first line, escaped: how much it is, to the cent."""
    count = "1 row" if note.rows == 1 else f"{note.rows:,} rows"
    length = "1 day" if note.period.length == 1 else f"{note.period.length} days"
    by = f", by {_list([name.removesuffix(' id') for name in note.dimensions])}" if note.dimensions else ""
    total = money(note.total, note.window.currency, cents=True)
    return f"{total} in {count} of daily costs, the {length} {span(note.period, note.today)}{by}."


def _small_print(note: ExportNote) -> Iterator[str]:
    window = note.window
    parts = [
        f"{CATEGORY_WORDS.get(category, 'usage')} {money(amount, window.currency, cents=True)}"
        for category, amount in sorted(note.by_category.items(), key=lambda item: item[0] != ChargeCategory.USAGE)
        if abs(amount) >= 0.005
    ]
    yield f"All charges, in {window.currency}: {cost_words(window.view, window.billed_only)}.{_of(parts)}"
    refreshed = f" Refreshed {elements.slack_date(window.fetched_at)}." if window.fetched_at else ""
    yield f"{_reach(note)}.{refreshed}"
    if note.is_narrow:
        yield (
            "Cost Explorer tells two dimensions together at most: type `/cost export csv accounts`, `regions`, `usage` "
            "or `tags` for another; a billing export has them all."
        )
    if note.not_given:
        yield f"Rows from Cost Explorer have “(not given)” as {_list(note.not_given)}: it does not tell them together."
    if note.charges_without:
        yield (
            f"Cost Explorer tells tax, credits and fees by service only: those rows have “(not given)” as "
            f"{_list(note.charges_without)}."
        )
    if note.without_cost:
        yield f"{note.without_cost:,} rows have no cost that can be used; their cell is empty, not zero."
    yield from map(escape, note.notes)


def _of(parts: Sequence[str]) -> str:
    return f" Of it {', '.join(parts)}." if parts else ""


def _reach(note: ExportNote) -> str:
    window, end = note.window, note.period.end
    filling = window.complete_until + timedelta(days=1)
    if end > filling:
        days = span(Period(max(filling, note.period.start), end), note.today)
        return f"Data until {day_of(end - timedelta(days=1), note.today)}; {days} are estimated, not all in yet"
    if end < filling:
        return f"Data until {day_of(window.complete_until, note.today)}"
    return data_reach(note.period, window.partial, note.today, several=len(window.feeds) > 1)


def _list(names: Sequence[str]) -> str:
    shown = [escape(elements.name(name)) for name in names]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
