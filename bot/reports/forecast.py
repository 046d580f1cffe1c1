"""Where the month ends, with the range that holds it in four of five cases."""

from __future__ import annotations

from bot.blocks.elements import percent
from bot.blocks.forecast_known import named
from bot.blocks.report import Section
from bot.forecasts.known_facts import Known
from bot.reports.arithmetic import Sums
from bot.reports.given import Given
from bot.reports.month import SAME, is_whole_month, lost_words


def forecast_section(given: Given, sums: Sums, known: Known) -> Section:
    """The forecast, beside the curve of the month."""
    month, title = f"{given.month.start:%B}", "Forecast"
    if is_whole_month(given) and not lost_words(given.stored_month):
        return Section("forecast", title, (f"{month} is complete: {given.money(sums.month)}.",), chart=sums.curve)
    if sums.end is None:
        return Section("forecast", title, problem=f"Not enough days are stored to say where {month} ends.")
    end = sums.end
    lines = [f"{month} ends at {given.money(end.mean)}; in 4 of 5 cases {range_words(given, sums)}."]
    if sums.last_month is not None:
        change = end.mean - sums.last_month
        share = f" ({percent(change / sums.last_month, signed=True)})" if sums.last_month > SAME else ""
        before = f"{given.month_before.start:%B}"
        lines.append(f"All of {before} cost {given.money(sums.last_month)}: {given.money(change, signed=True)}{share}.")
    if known.counted:
        lines.append(f"It counts {named([one.id for one in known.counted])}.")
    return Section("forecast", title, tuple(lines), chart=sums.curve)


def range_words(given: Given, sums: Sums) -> str:
    """`between $45,900 and $49,300`; "" without a forecast."""
    end = sums.end
    return f"between {given.money(end.low)} and {given.money(end.high)}" if end else ""
