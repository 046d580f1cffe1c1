"""The answer of `/cost top`: what costs most, its share of all, and how it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.completeness import PartialDay
from analysis.models import Chart, Series
from analysis.movers import Change, Period
from bot.blocks import elements
from bot.blocks.cost_period import against, data_reach, span, usage_only
from bot.blocks.elements import Block, escape, money, percent
from bot.blocks.trend_report import is_steady
from bot.reply import Reply
from bot.settings import CostView

#: Bars of the chart; the table has what they leave out.
MAX_BARS = 10
MAX_LABEL = 20
#: Characters of a name in the table: fifty rows of it fit the 10,000 characters of a table.
MAX_CELL = 60
#: Characters of a name where two more columns of text stand beside it.
MAX_NARROW = 38
#: From this many rows on, the sentence says how much of everything the first few are.
FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One row: money over the whole period, its share of all (None where that means nothing), money a day.

    `label` is a short name for the chart, `subject` what a sentence calls it; `beside` are texts of more columns.
    """

    name: str
    cost: float
    share: float | None
    change: Change
    label: str = ""
    subject: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopReport:
    """Everything the answer says; texts are as they came, not yet escaped.

    `one` and `many` name what is ranked, as "service" and "services"; `lines` are the first ones of `count`, the
    largest first; `total` is everything, `rest` what `lines` leave out. `beside` are headings of more columns.
    `has_history` says that costs before `now` are stored, though they may not be kept by what is ranked.
    `partial` are stored days after `now` that are not all in, `several` says that there are several providers.
    `commands` are buttons, label to command; `longer` is the command that shows every line, None where all are shown.
    """

    one: str
    many: str
    lines: tuple[Line, ...]
    count: int
    rest: Line
    total: Line
    window_days: int
    now: Period
    before: Period
    has_history: bool
    beside: tuple[str, ...]
    other: Mapping[str, float]
    currency: str
    view: CostView
    billed_only: tuple[str, ...]
    today: date
    partial: tuple[PartialDay, ...]
    several: bool
    fetched_at: datetime | None
    notes: tuple[str, ...]
    command: str
    commands: Mapping[str, str]
    longer: str | None


def top_reply(report: TopReport) -> Reply:
    """The report as a Slack message."""
    blocks: list[Block] = [elements.section(f"*{news(report)}*")]
    if report.lines:
        blocks += [elements.section(_figures(report)), *_chart(report), _table(report)]
    blocks.append(elements.context(*_small_print(report)))
    buttons = elements.choice_buttons(report.commands, report.command)
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="top"))
    figures = f" {_figures(report)}" if report.lines else ""
    return Reply(f"{news(report)}{figures} {_reach(report)}.", blocks)


def news(report: TopReport) -> str:
    """The first line, escaped: the largest, with its number."""
    when = f"in the {_days(report)} {span(report.now, report.today)}"
    if not report.lines:
        return f"No usage cost by {escape(report.one)} {when}."
    first = report.lines[0]
    total = money(report.total.cost, report.currency)
    label = escape(elements.name(first.subject or first.name))
    moved = _moved(first.change, report)
    if report.count == 1 and not _is_something(report.rest.cost):
        return f"{label} is all of {total} {when}{moved}."
    if first.share is None or not 0 < first.share <= 1:
        cost = money(first.cost, report.currency)
        return f"{label} is the largest {escape(report.one)}: {cost}, of {total} in all {when}{moved}."
    return f"{label} is {percent(first.share)} of {total} {when}{moved}."


def _moved(change: Change, report: TopReport) -> str:
    """How the largest one changed; nothing where nothing can be compared."""
    if change.before is None or change.per_day is None:
        return ""
    compared = against(report.before, report.window_days)
    if not _is_something(change.before):
        return f"; new, nothing in the {report.before.length} days before"
    if is_steady(change):
        return f"; steady {compared}"
    share = f" {percent(abs(change.fraction))}" if change.fraction is not None else ""
    verb = "up" if change.per_day > 0 else "down"
    return f"; {verb}{share} ({money(change.per_day, report.currency, signed=True)}/day) {compared}"


def _figures(report: TopReport) -> str:
    """All together, how they changed, and how much of it the first few are."""
    change, currency = report.total.change, report.currency
    per_day = f"All {escape(report.many)}: {money(change.now, currency)} a day"
    if change.per_day is None and not report.has_history:
        days = report.now.length
        stored = f"only {days} day{' is' if days == 1 else 's are'} stored"
        per_day += f"; {stored}, so there is nothing before to compare with."
    elif change.per_day is None:
        per_day += "."
    else:
        share = f" ({percent(change.fraction, signed=True)})" if change.fraction is not None else ""
        moved = f"{money(change.per_day, currency, signed=True)}/day{share}"
        per_day += f", {moved} {against(report.before, report.window_days)}, like weekdays compared."
    shares = [line.share for line in report.lines[:FEW] if line.share is not None]
    if len(shares) < FEW or report.count <= FEW + 1 or not 0 < sum(shares) <= 1:
        return per_day
    return f"{per_day} The first {FEW} of {report.count:,} {escape(report.many)} are {percent(sum(shares))}."


def _chart(report: TopReport) -> list[Block]:
    """The largest as bars; none where all are nothing."""
    bars = [(line.label or line.name, line.cost) for line in report.lines[:MAX_BARS] if _is_something(line.cost)]
    if not bars:
        return []
    few = f", the largest {len(bars)} of {report.count:,}" if report.count > len(bars) else ""
    title = f"{report.many[:1].upper()}{report.many[1:]}, {_days(report)}{few}"
    series = Series("Cost", tuple(cost for _, cost in bars))
    unit = f"{report.currency} in {_days(report)}"
    picture = Chart(elements.name(title, 50), distinct([label for label, _ in bars]), (series,), unit)
    return [elements.chart(picture, "bar")]


def distinct(labels: Sequence[str], limit: int = MAX_LABEL) -> tuple[str, ...]:
    """Labels of a chart: none longer than `limit`, none twice, none empty."""
    found: list[str] = []
    for label in labels:
        short, n = elements.name(label, limit) or "–", 2
        while short in found:
            mark = f" {n}"
            short, n = elements.name(label, limit - len(mark)) + mark, n + 1
        found.append(short)
    return tuple(found)


def _table(report: TopReport) -> Block:
    """The ranked rows, what they leave out, and all together."""
    first = f"{report.one[:1].upper()}{report.one[1:]}"
    is_compared = report.total.change.before is not None
    lines = list(report.lines)
    if _is_something(report.rest.cost) or report.count > len(lines):
        lines.append(report.rest)
    rows = [_row(line, report, is_compared) for line in (*lines, report.total)]
    columns = [first, *report.beside, _days(report), "Share"]
    columns += ["Change/day", "%"] if is_compared else []
    texts = 1 + len(report.beside)
    return elements.table(columns, rows, right=tuple(range(texts, len(columns))))


def _row(line: Line, report: TopReport, is_compared: bool) -> tuple[str, ...]:
    currency, change = report.currency, line.change
    limit = MAX_NARROW if line.beside else MAX_CELL
    beside = (*line.beside, *("",) * len(report.beside))[: len(report.beside)]
    figures: tuple[str, ...] = (money(line.cost, currency), percent(line.share))
    if is_compared:
        was = change.before
        is_new = was is not None and not _is_something(was) and change.now > 0.005
        figures += (
            money(change.per_day, currency, signed=True),
            "new" if is_new else percent(change.fraction, signed=True),
        )
    return (elements.name(line.name, limit), *(elements.name(text, limit) for text in beside), *figures)


def _small_print(report: TopReport) -> list[str]:
    line = usage_only(report.currency, report.view, report.billed_only, report.other)
    refreshed = f" Refreshed {elements.slack_date(report.fetched_at)}." if report.fetched_at else ""
    longer = [f"More of the {report.count:,}: `{escape(report.longer)}`"] if report.longer else []
    return [line, f"{_reach(report)}.{refreshed}", *map(escape, report.notes), *longer]


def _reach(report: TopReport) -> str:
    return data_reach(report.now, report.partial, report.today, several=report.several)


def _days(report: TopReport) -> str:
    return f"{report.now.length} day{'s' if report.now.length != 1 else ''}"


def _is_something(amount: float) -> bool:
    return abs(amount) >= 0.005
