"""What units cost, in words and as a message: the figure first, then what moved it, then where the counts are from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.models import Chart
from analysis.unit_costs import NO_CHANGE, Every, Stretch, UnitChange
from bot.blocks import elements
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import Block, escape, money, name, percent
from bot.reply import Reply
from bot.settings import CostView

#: A smaller change is none.
SAME = 0.005


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit, as `orders`; `label` is `1,000 orders`, `per` how many that are; `problem` says why it is not known.

    `whose` is whose costs, `source` whence the counts are; none of the texts is escaped.
    """

    key: str
    unit: str
    label: str
    per: float
    currency: str
    whose: str = ""
    every: Every = Every.DAY
    days: int = 0
    now: Stretch | None = None
    before: Stretch | None = None
    moved: UnitChange = NO_CHANGE
    chart: Chart | None = None
    source: str = ""
    problem: str | None = None

    @property
    def each(self) -> float | None:
        """What `label` costs now."""
        return None if self.now is None or self.now.each is None else self.now.each * self.per


@dataclass(frozen=True, slots=True)
class UnitsReport:
    """The answer of `/cost units`: the unit that is shown, and all of them; `commands` are buttons by label."""

    shown: UnitLine
    every_unit: Sequence[UnitLine]
    view: CostView
    billed_only: Sequence[str]
    until: date
    command: str
    commands: Sequence[tuple[str, str]]


def unit_news(line: UnitLine) -> str:
    """`1,000 orders cost $12.40 in Oct 25 – Nov 23, −3.6 % on before`, `users cost $1.20 each`; plain, no full stop."""
    if line.problem or line.now is None:
        return line.problem or "not known"
    what = f"{name(line.label)} cost {small_money(line.each, line.currency)}{' each' if line.per == 1 else ''}"
    when = f"{line.now.start:%B %Y}" if line.every is Every.MONTH else _days(line.now)
    each = line.moved.each
    if each is None:
        return f"{what} in {when}"
    before = "the month before" if line.every is Every.MONTH else f"the {line.days} days before"
    if abs(each) < SAME:
        return f"{what} in {when}, as in {before}"
    return f"{what} in {when}, {percent(each, signed=True)} on {before}"


def unit_why(line: UnitLine) -> str:
    """What moved it: `A day cost 8 % more, for 12 % more orders`; "" where that is not known."""
    moved = line.moved
    if moved.each is None or moved.cost is None or moved.units is None or abs(moved.each) < SAME:
        return ""
    what = "A month" if line.every is Every.MONTH else "A day"
    return f"{what} cost {_more(moved.cost, 'as much')}, for {_more(moved.units, 'as many')} {name(line.unit)}"


def _more(share: float, same: str) -> str:
    if abs(share) < SAME:
        return same
    return f"{percent(abs(share))} {'more' if share > 0 else 'less'}"


def unit_source(line: UnitLine) -> str:
    """`Cost of all costs ÷ counts of the file orders.csv; 28 of 30 days have both`."""
    if line.now is None:
        return ""
    days = f"; {line.now.known} of {line.days} days have both" if line.every is Every.DAY else ""
    return f"Usage of {name(line.whose)} by counts of {line.source}{days}"


def small_money(amount: float | None, currency: str) -> str:
    """An amount that may be far below a cent, with three digits that count: `$0.00412`."""
    if amount is None or amount == 0 or abs(amount) >= 0.1:
        return money(amount, currency)
    places = 2 - math.floor(math.log10(abs(amount)))
    shown = money(0.0, currency, cents=False).replace("0", f"{abs(amount):.{places}f}", 1)
    return f"−{shown}" if amount < 0 else shown


def units_reply(report: UnitsReport) -> Reply:
    """The unit that is shown with its chart, the others in a table."""
    line = report.shown
    news = f"{unit_news(line)}."
    blocks: list[Block] = [elements.section(f"*{escape(news)}*")]
    if why := unit_why(line):
        blocks.append(elements.section(f"{escape(why)}."))
    if line.chart:
        blocks.append(elements.chart(line.chart))
    if len(report.every_unit) > 1:
        rows = [_row(one) for one in report.every_unit]
        blocks.append(elements.table(("Unit", "Cost", "Before", "Change", "Of"), rows, right=(1, 2, 3)))
    blocks.append(elements.context(*_small_print(report)))
    buttons = elements.choice_buttons(dict(report.commands), report.command)
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="units"))
    return Reply(escape(" ".join(filter(None, (news, f"{why}." if why else "")))), blocks)


def _row(line: UnitLine) -> tuple[str, ...]:
    if line.problem or line.now is None:
        return (line.label, "unknown", "unknown", "n/a", name(line.problem or "", 120))
    before = None if line.before is None or line.before.each is None else line.before.each * line.per
    each, was = (small_money(amount, line.currency) for amount in (line.each, before))
    return (line.label, each, was, percent(line.moved.each, signed=True), line.whose)


def _small_print(report: UnitsReport) -> tuple[str, ...]:
    source = unit_source(report.shown)
    cost = f"{cost_words(report.view, report.billed_only)}, in {escape(name(report.shown.currency, 10))}."
    until = f"Costs are complete until {elements.day(report.until)}; a day without a count is left out, not zero."
    return (*((f"{escape(source)}.",) if source else ()), cost[:1].upper() + cost[1:], until)


def _days(stretch: Stretch) -> str:
    return elements.days(stretch.start, date.fromordinal(stretch.end.toordinal() - 1))
