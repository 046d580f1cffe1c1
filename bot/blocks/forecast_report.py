"""The answer of `/cost forecast`: where the month ends, its bands, a fan chart, the parts, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from analysis.completeness import PartialDay
from analysis.models import Chart, Series
from analysis.movers import Period
from bot.blocks import elements
from bot.blocks.cost_period import data_reach, usage_only
from bot.blocks.elements import Block, escape, money, percent
from bot.blocks.forecast_known import LIST, below_forecast, mark, unmoved_name
from bot.blocks.trend_report import COLUMN_WORDS
from bot.forecasts.forecast_costs import Band, Figures, Unmoved
from bot.forecasts.known_facts import Known
from bot.reply import Reply
from bot.settings import CostView

MAX_PARTS = 5
#: Points of the chart, and how many of them are days to come where there are enough.
MAX_POINTS, MAX_AHEAD = 20, 15
#: Characters of a name in the table.
MAX_CELL = 100
#: Below this share a month is as the one before it.
SAME_FRACTION = 0.005

#: Characters of a chart's title, and the fewest of them that are the name of what is forecast.
MAX_TITLE, LEAST_LABEL = 50, 12

#: What a forecast cannot know.
GOES_ON = "A forecast goes on from what these costs did so far"
IGNORES = (
    "no planned change, no commitment or price that begins or ends, and takes what is unusual today for as lasting as "
    "such things were before."
)


@dataclass(frozen=True, slots=True)
class ForecastReport:
    """Everything the answer says; texts are as they came, not yet escaped.

    `as_of` is in the month that is meant; `until` is the last complete day. `other` is money of the month so far that
    is not usage, `known` what is known of the future. `partial`, `several`, `billed_only`, `fetched_at` are as a window
    has them.
    """

    label: str
    by: str
    horizon_days: int
    figures: Figures
    as_of: date
    until: date
    currency: str
    view: CostView
    billed_only: tuple[str, ...]
    other: Mapping[str, float]
    today: date
    partial: tuple[PartialDay, ...]
    several: bool
    fetched_at: datetime | None
    notes: tuple[str, ...]
    known: Known
    command: str
    commands: Mapping[int, str]

    @property
    def month_end(self) -> date:
        """The last day of the month that is meant."""
        return (pd.Timestamp(self.as_of) + pd.offsets.MonthEnd(0)).date()

    @property
    def is_over(self) -> bool:
        """Whether all days of that month are complete."""
        return self.until >= self.month_end


def forecast_reply(report: ForecastReport) -> Reply:
    """The report as a Slack message."""
    blocks: list[Block] = [elements.section(f"*{news(report)}*"), elements.section(figures_text(report))]
    picture = fan(report)
    if picture is not None:
        blocks.append(elements.chart(picture))
    lines = below_forecast(report.known, report.currency)
    if lines:
        blocks.append(elements.context("\n".join(lines)))
    if report.figures.parts:
        blocks.append(_table(report))
    blocks.append(elements.context(*_small_print(report)))
    ranges = elements.choice_buttons(
        {f"{days} days": command for days, command in sorted(report.commands.items())}, report.command
    )
    blocks.append(elements.actions(*ranges, elements.share_button(report.command), block_id="forecast"))
    told = "".join(f" {line.removesuffix('.')}." for line in lines)
    return Reply(f"{news(report)} {figures_text(report)}{told} {_reach(report)}.", blocks)


def news(report: ForecastReport) -> str:
    """The first line, escaped: where the month ends, against the one before."""
    label = escape(elements.name(report.label))
    label = label[:1].upper() + label[1:]
    end = money(report.figures.end.mean, report.currency)
    compared = _compared(report)
    if report.is_over:
        return f"{label}: {report.as_of:%B} cost {end}{compared}."
    return f"{label}: {report.as_of:%B} ends at about {end}{compared}."


def figures_text(report: ForecastReport) -> str:
    """So far, the bands, the days to come, and how right such forecasts were."""
    found, currency = report.figures, report.currency
    said = []
    if not report.is_over:
        bands = f"{_span(found.end.low80, found.end.high80, currency)} in four of five cases"
        said.append(f"{bands}, {_span(found.end.low95, found.end.high95, currency)} in 19 of 20. {_so_far(report)}")
    first, last = found.ahead[0][0], found.ahead[-1][0]
    days = len(found.ahead)
    total = found.total
    said.append(
        f"Next {days} days ({elements.days(first, last)}): about {money(total.mean, currency)}, "
        f"{_span(total.low80, total.high80, currency)} in four of five cases."
    )
    if found.unmoved:
        said.append(_without(report, found.unmoved))
    if found.misses:
        said.append(_rehearsed(found, days))
    return " ".join(said)


def fan(report: ForecastReport) -> Chart | None:
    """The last days and the days to come with both bands, which start from what was; None without a known day.

    Slack draws no line that begins half-way: before the forecast the bands are the cost itself.
    """
    found, last_ahead = report.figures, len(report.figures.ahead)
    step = -(-last_ahead // MAX_AHEAD)
    ahead = found.ahead[step - 1 :: step]
    known = [(day, cost) for day, cost in found.history if cost == cost]  # a day that is not known is not drawn
    past = known[::-1][::step][: MAX_POINTS - len(ahead)][::-1]
    if not past:
        return None
    points = [(day, Band(cost, cost, cost, cost, cost)) for day, cost in past] + list(ahead)
    every = "" if step == 1 else ", every second day" if step == 2 else f", every {step}th day"
    series = [
        Series("Cost, then forecast", tuple(band.mean for _, band in points)),
        Series("80 %, low", tuple(band.low80 for _, band in points)),
        Series("80 %, high", tuple(band.high80 for _, band in points)),
        Series("95 %, low", tuple(band.low95 for _, band in points)),
        Series("95 %, high", tuple(band.high95 for _, band in points)),
    ]
    if found.unmoved:
        unmoved = found.unmoved.ahead[step - 1 :: step]
        name = unmoved_name(report.known.counted, found.ahead[0][0])
        series.append(Series(name, (*(cost for _, cost in past), *unmoved)))
    labels = _labels([day for day, _ in points], found.ahead[0][0], report.known)
    return Chart(_title(report), labels, tuple(series), f"{report.currency} per day{every}")


def _title(report: ForecastReport) -> str:
    """What is forecast and the band of its total; that band is said in full, whatever the name."""
    total = report.figures.total
    band = f": {report.horizon_days} days {_span(total.low80, total.high80, report.currency)} (80 %)"
    label = elements.name(report.label[:1].upper() + report.label[1:], max(MAX_TITLE - len(band), LEAST_LABEL))
    return f"{label}{band}"


def _labels(days: list[date], first_ahead: date, known: Known) -> tuple[str, ...]:
    """Days; one from which on a known change shows names it too."""
    marks: dict[date, list[str]] = {}
    for change in known.counted:
        for edge, _ in change.edges():
            shown = next((day for day in days if day >= edge), None)
            if edge >= first_ahead and shown is not None and change.id not in marks.get(shown, []):
                marks.setdefault(shown, []).append(change.id)
    return tuple(mark(elements.day(day), marks[day]) if day in marks else elements.day(day) for day in days)


def _compared(report: ForecastReport) -> str:
    before = report.figures.last_month
    if before is None or before <= 0.005:
        return ""
    name = f"{report.as_of.replace(day=1) - timedelta(days=1):%B}"
    fraction = report.figures.end.mean / before - 1
    if abs(fraction) < SAME_FRACTION:
        return f", as {name} did"
    return f", {percent(fraction, signed=True)} against {name} ({money(before, report.currency)})"


def _so_far(report: ForecastReport) -> str:
    found, month_first = report.figures, report.as_of.replace(day=1)
    if report.until < month_first:
        return f"No day of {report.as_of:%B} is complete yet."
    left = (report.month_end - report.until).days
    to_come = money(found.end.mean - found.so_far, report.currency)
    return (
        f"{money(found.so_far, report.currency)} so far ({elements.days(month_first, report.until)}), about {to_come} "
        f"to come in {left} day{'s' if left > 1 else ''}."
    )


def _without(report: ForecastReport, unmoved: Unmoved) -> str:
    """What known changes make of it."""
    end, total, currency = report.figures.end.mean, report.figures.total.mean, report.currency
    days = f"these {report.horizon_days} days would cost about {money(unmoved.total, currency)}"
    if report.is_over or abs(end - unmoved.end) < 0.005:
        said = days
    else:
        said = f"{report.as_of:%B} would end at about {money(unmoved.end, currency)} and {days}"
    count = len(report.known.counted)
    moved = money(total - unmoved.total, currency, signed=True)
    return f"Without the known change{'s' if count > 1 else ''} {said} ({moved} by {'them' if count > 1 else 'it'})."


def _rehearsed(found: Figures, days: int) -> str:
    sizes = [abs(miss) for miss in found.misses]
    count = len(sizes)
    stretch = f"{days} day{'s' if days > 1 else ''}"
    if count == 1:
        return f"Made the same way, an earlier forecast of {stretch} was off by {percent(sizes[0])}."
    mean, most = percent(sum(sizes) / count), percent(max(sizes))
    return f"Made the same way, {count} earlier forecasts of {stretch} were off by {mean} on average, {most} at most."


def _span(low: float, high: float, currency: str) -> str:
    first, last = money(low, currency), money(high, currency)
    return first if first == last else f"{first}–{last}"


def _table(report: ForecastReport) -> Block:
    first = COLUMN_WORDS.get(report.by) or elements.name(report.by.removeprefix("tag:")).capitalize()
    currency, month = report.currency, f"{report.as_of:%B}"
    rows = [
        (
            elements.name(part.key, MAX_CELL),
            money(part.so_far, currency),
            money(part.end.mean, currency),
            _span(part.end.low80, part.end.high80, currency),
        )
        for part in report.figures.parts[:MAX_PARTS]
    ]
    return elements.table((first, f"{month} so far", f"{month} in all", "4 of 5 cases"), rows, right=(1, 2, 3))


def _small_print(report: ForecastReport) -> list[str]:
    parts = "Each line of the table is forecast by itself: together they need not come to the total."
    apart = ", ".join(one.id for one in report.known.apart_from_parts)
    if apart:
        parts = f"{parts} None of them counts {apart}."
    refreshed = f" Refreshed {elements.slack_date(report.fetched_at)}." if report.fetched_at else ""
    return [
        usage_only(report.currency, report.view, report.billed_only, report.other),
        f"{_reach(report)}.{refreshed}",
        f"{_ignores(report)} {parts}" if report.figures.parts else _ignores(report),
        *map(escape, report.notes),
    ]


def _ignores(report: ForecastReport) -> str:
    if report.known.counted:
        return f"{GOES_ON}, and from the known changes above (`{LIST}`). Beside them it knows of {IGNORES}"
    return f"{GOES_ON}. It knows of {IGNORES} Approvers can tell it of changes: `{LIST}`."


def _reach(report: ForecastReport) -> str:
    now = Period(report.until, report.until + timedelta(days=1))
    return data_reach(now, report.partial, report.today, several=report.several)
