"""The answer of `/cost trend`: the news with its number, a chart, what moved, and how far the data reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from analysis.completeness import PartialDay
from analysis.models import Chart, Direction
from analysis.movers import Change, Period
from bot.blocks import elements
from bot.blocks.cost_period import against, data_reach, span, usage_only
from bot.blocks.elements import Block, escape, money, percent
from bot.reply import Reply
from bot.settings import CostView

MAX_MOVERS = 5
#: Characters of the phrase that names what moved, and of a name in the table: usage is told in whole sentences.
MAX_DRIVER, MAX_CELL = 160, 100
#: Names of what is priced by the month that are told.
MAX_EVENED = 3
#: Days of a month, on average over a year.
MONTH_DAYS = 365 / 12
#: A smaller change is called steady.
STEADY_FRACTION = 0.02

COLUMN_WORDS = {"service": "Service", "account": "Account", "region": "Region", "usage_type": "Usage"}


@dataclass(frozen=True, slots=True)
class Mover:
    """One line of the table: dollars a day. `before` is None where nothing can be compared."""

    name: str
    before: float | None
    now: float


@dataclass(frozen=True, slots=True)
class Course:
    """Where a cost is going: 0.10 is 10 % a month, judged over `days`."""

    direction: Direction
    per_month: float
    days: int

    @property
    def words(self) -> str:
        """As a sentence goes on."""
        name = {Direction.UP: "rising", Direction.DOWN: "falling", Direction.FLAT: "flat"}[self.direction]
        return f"over {self.days} days {name} ({percent(self.per_month, signed=True)} a month)"


@dataclass(frozen=True, slots=True)
class TrendReport:
    """Everything the answer says; texts are as they came, not yet escaped.

    `total` and `other` are dollars over the whole window `now`; `window_days` is what was asked for. `partial` are the
    stored days after the window that are not all in; `several` says that there are several providers. `billed_only` are
    providers whose billed cost stands in for the effective one. `driver` is a phrase, as "mostly us-east-1 NAT gateway
    traffic". `evened` are names of what has a price per month and is compared as if all months were equally long.
    """

    label: str
    by: str
    window_days: int
    now: Period
    before: Period
    change: Change
    total: float
    course: Course | None
    movers: tuple[Mover, ...]
    evened: tuple[str, ...]
    driver: str | None
    chart: Chart
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
    commands: Mapping[int, str]


def trend_reply(report: TrendReport) -> Reply:
    """The report as a Slack message."""
    blocks: list[Block] = [
        elements.section(f"*{news(report)}*"),
        elements.section(_figures(report)),
        elements.chart(report.chart),
    ]
    if report.movers:
        blocks.append(_table(report))
    blocks.append(elements.context(*_small_print(report)))
    ranges = elements.choice_buttons(
        {f"{days} days": command for days, command in sorted(report.commands.items())}, report.command
    )
    blocks.append(elements.actions(*ranges, elements.share_button(report.command), block_id="trend"))
    return Reply(f"{news(report)} {_figures(report)} {_reach(report)}.", blocks)


def news(report: TrendReport) -> str:
    """The first line, escaped: what happened, with the number."""
    label, change = escape(elements.name(report.label)), report.change
    label = label[:1].upper() + label[1:]
    per_day = f"{money(change.now, report.currency)}/day"
    if change.before is None or change.per_day is None:
        return f"{label}: {per_day}; {_stored(report)}, so there is nothing before to compare with."
    compared = against(report.before, report.window_days)
    if abs(change.now) < 0.005 and abs(change.before) < 0.005:
        return f"{label}: no usage cost in these {report.now.length} days, nor in the {report.before.length} before."
    moved = money(change.per_day, report.currency, signed=True)
    mostly = f", {escape(elements.name(report.driver, MAX_DRIVER))}" if report.driver else ""
    if abs(change.before) < 0.005:
        return f"{label} new: {per_day}, nothing in the {report.before.length} days before{mostly}."
    if change.fraction is None:
        return f"{label} {moved}/day to {per_day} {compared}{mostly}."
    share = percent(change.fraction, signed=True)
    if is_steady(change):
        return f"{label} steady at {per_day} ({share} {compared})."
    return f"{label} {share} ({moved}/day) {compared}{mostly}."


def is_steady(change: Change) -> bool:
    """Whether the change is too small to speak of."""
    return change.fraction is not None and abs(change.fraction) < STEADY_FRACTION


def _stored(report: TrendReport) -> str:
    days = report.now.length
    return f"only {days} day{'s are' if days != 1 else ' is'} stored"


def _figures(report: TrendReport) -> str:
    """Both periods in figures."""
    total = f"{money(report.total, report.currency)} in the {report.now.length} days {span(report.now, report.today)}"
    if report.change.before is None:
        return f"{total}. {_pace(report)}"
    return (
        f"{total}; per day {money(report.change.now, report.currency)} against "
        f"{money(report.change.before, report.currency)} in {span(report.before, report.today)}, "
        f"like weekdays{' and equally long months' if report.evened else ''} compared. {_pace(report)}"
    )


def _pace(report: TrendReport) -> str:
    """What a month costs at the pace of the window, and where the cost is going."""
    course = f"; {report.course.words}" if report.course else ""
    return f"Run rate {money(report.change.now * MONTH_DAYS, report.currency)} a month{course}."


def _table(report: TrendReport) -> Block:
    first = COLUMN_WORDS.get(report.by) or elements.name(report.by.removeprefix("tag:")).capitalize()
    if report.change.before is None:
        pairs = [(elements.name(m.name, MAX_CELL), money(m.now, report.currency)) for m in report.movers[:MAX_MOVERS]]
        return elements.table((first, "Per day"), pairs, right=(1,))
    titles = [first, "Before/day", "Now/day", "Change/day", "%"]
    rows = [_row(mover, report.currency) for mover in report.movers[:MAX_MOVERS]]
    whole = report.change.per_day
    if whole and not is_steady(report.change):  # of next to nothing, shares say nothing
        titles.append("Of change")
        rows = [(*row, _share(mover, whole)) for row, mover in zip(rows, report.movers, strict=False)]
    return elements.table(tuple(titles), rows, right=tuple(range(1, len(titles))))


def _share(mover: Mover, whole: float) -> str:
    change = Change(mover.before, mover.now).per_day
    return percent(None if change is None else change / whole)


def _row(mover: Mover, currency: str) -> tuple[str, ...]:
    change = Change(mover.before, mover.now)
    is_new = mover.before is not None and abs(mover.before) < 0.005 < mover.now
    return (
        elements.name(mover.name, MAX_CELL),
        money(mover.before, currency),
        money(mover.now, currency),
        money(change.per_day, currency, signed=True),
        "new" if is_new else percent(change.fraction, signed=True),
    )


def _small_print(report: TrendReport) -> list[str]:
    line = usage_only(report.currency, report.view, report.billed_only, report.other)
    refreshed = f" Refreshed {elements.slack_date(report.fetched_at)}." if report.fetched_at else ""
    return [line, f"{_reach(report)}.{refreshed}", *_evened(report), *map(escape, report.notes)]


def _evened(report: TrendReport) -> list[str]:
    """Why the days before are not quite those of the bill."""
    if not report.evened:
        return []
    named = [escape(elements.name(one)) for one in report.evened[:MAX_EVENED]]
    rest = len(report.evened) - len(named)
    more = f" and {rest} more" if rest else ""
    return [
        f"By the month is the price of {', '.join(named)}{more}: the days before count as if their months were as long "
        "as these, which is no change. The chart shows the bill."
    ]


def _reach(report: TrendReport) -> str:
    return data_reach(report.now, report.partial, report.today, several=report.several)
