"""The answer of `/cost meter`: what costbot itself costs, from which calls, and what it may still spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.blocks import elements
from bot.blocks.elements import Block, day, money
from bot.charges import Price, Unit
from bot.reply import Reply
from bot.spending import Standing

#: How people call the services that are billed.
SERVICES = {"ce": "Cost Explorer", "cloudwatch": "CloudWatch", "athena": "Athena"}
_UNITS = {Unit.REQUEST: "request", Unit.PAGE: "further page", Unit.METRIC: "metric"}
_GIGABYTE = 1e9


@dataclass(frozen=True, slots=True)
class MeterLine:
    """One operation: its calls and units of this month, and dollars of this and the last one."""

    service: str
    operation: str
    unit: Unit
    calls: int
    units: float
    usd: float
    usd_last_month: float


@dataclass(frozen=True, slots=True)
class MeterReport:
    """Everything the answer says, in dollars.

    `usual_day` is what a day of late costs and `month_end` what this month then comes to; both are None where no whole
    day was counted yet. `by_export` is true where Cost Explorer is not asked at all. `since` is the first counted day.
    """

    today: date
    lines: tuple[MeterLine, ...]
    usual_day: float | None
    month_end: float | None
    standing: Standing
    by_export: bool
    prices: tuple[Price, ...]
    since: date | None
    command: str


def meter_reply(report: MeterReport) -> Reply:
    """The report as a Slack message."""
    text = news(report)
    blocks: list[Block] = [elements.section(f"*{text}*")]
    if report.lines:
        blocks.append(_table(report))
    blocks.append(elements.section("\n".join((_today(report), _cap(report)))))
    blocks.append(elements.context(*_small_print(report)))
    blocks.append(elements.actions(elements.share_button(report.command), block_id="meter"))
    return Reply(f"{text} {_today(report)} {_cap(report)}", blocks)


def news(report: MeterReport) -> str:
    """The first line: what this month cost and will cost, or that nothing more is paid."""
    standing = report.standing
    month = f"{report.today:%B}"
    spent = small_money(standing.usd_this_month)
    if standing.cap_usd is not None and standing.usd_left < 0.01:
        until = day(next_month_of(report.today))
        return f"costbot has spent {spent} in {month}, all it may: until {until} it makes no billed AWS call."
    if not standing.usd_this_month:
        return f"costbot has made no billed AWS call in {month}."
    so_far = f"costbot's own AWS calls cost {spent} so far in {month}"
    if report.month_end is None:
        return f"{so_far}."
    expected = f"about {small_money(report.month_end)} by its end"
    if standing.cap_usd is not None and report.month_end > standing.cap_usd:
        return f"{so_far}; {expected} would be more than its cap of {money(standing.cap_usd, cents=True)}."
    return f"{so_far}, {expected}."


def small_money(usd: float) -> str:
    """Dollars with cents; less than one is said so, not shown as nothing."""
    return "under $0.01" if 0 < usd < 0.005 else money(usd, cents=True)


def next_month_of(today: date) -> date:
    """The first day of the month after that of a day."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _table(report: MeterReport) -> Block:
    last = report.today.replace(day=1) - timedelta(days=1)
    rows = [
        (
            SERVICES.get(line.service, line.service),
            line.operation,
            f"{line.calls:,}",
            _units(line),
            small_money(line.usd),
            small_money(line.usd_last_month),
        )
        for line in report.lines
    ]
    columns = ("Source", "Call", "Calls", "Billed", f"{report.today:%B}", f"{last:%B}")
    return elements.table(columns, rows, right=(2, 3, 4, 5))


def _units(line: MeterLine) -> str:
    if line.unit is Unit.BYTE:
        return f"{line.units / _GIGABYTE:,.2f} GB scanned"
    return f"{line.units:,.0f} {_UNITS[line.unit]}{'' if line.units == 1 else 's'}"


def _today(report: MeterReport) -> str:
    if report.by_export:
        return "An export answers for AWS; Cost Explorer is not asked."
    standing = report.standing
    used = f"Today {standing.requests_today} of {standing.requests_a_day} Cost Explorer requests are used"
    return f"{used}; new ones come on {day(report.today + timedelta(days=1))} at 00:00 UTC."


def _cap(report: MeterReport) -> str:
    standing = report.standing
    if standing.cap_usd is None:
        return "There is no cap: `COSTBOT_MONTHLY_API_CAP` sets one."
    left = small_money(standing.usd_left)
    return f"Of the cap of {money(standing.cap_usd, cents=True)} a month {left} is left (`COSTBOT_MONTHLY_API_CAP`)."


def _small_print(report: MeterReport) -> list[str]:
    lines = []
    if report.usual_day is not None:
        lines.append(
            f"The month's end is reckoned with {small_money(report.usual_day)}, a usual day of the last seven."
        )
    lines += [_price(price) for price in report.prices]
    since = f" since {day(report.since)}, {report.since.year}" if report.since else ""
    lines.append(f"Counted by costbot before each call{since}; days and months are UTC. Failed calls are not billed.")
    return lines


def _price(price: Price) -> str:
    said = f"{price.source}, {day(price.date)}, {price.date.year}"
    return f"{SERVICES.get(price.service, price.service)}: {price.words} ({said})."
