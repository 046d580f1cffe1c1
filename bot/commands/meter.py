"""`/cost meter`: what costbot itself costs, from its own books; AWS is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from bot.blocks.elements import quoted
from bot.blocks.meter_report import MeterLine, MeterReport, meter_reply, next_month_of
from bot.charges import PRICES
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.store import ApiSpend
from bot.words.flags import parse
from bot.workflows.ask_explorer import answered_by_export, spending

#: Whole days that tell what a usual day costs.
USUAL_DAYS = 7


@command(
    "meter",
    examples=(("/cost meter", "what costbot's own AWS calls cost this month and last, and what they may cost"),),
    order=75,
)
def meter(request: Request, context: Context) -> Reply:
    """What costbot itself costs."""
    words = parse(request.words).positional
    if words:
        raise UsageError(f"/cost meter does not know {quoted(' '.join(words))}.", "Type /cost meter alone.")
    return meter_reply(_report(context, request.typed))


def _report(context: Context, typed: str) -> MeterReport:
    today = context.clock.today()
    first = today.replace(day=1)
    last_first = (first - timedelta(days=1)).replace(day=1)
    by_day = context.store.spend_by_day(date.min)
    standing = spending(context).standing()
    usual = usual_day(by_day, today)
    return MeterReport(
        today=today,
        lines=_lines(context.store.api_spend(first), context.store.api_spend(last_first, first)),
        usual_day=usual,
        month_end=None if usual is None else month_end(by_day, usual, today),
        standing=standing,
        by_export=answered_by_export(context),
        prices=PRICES,
        since=min(by_day, default=None),
        command=typed,
    )


def usual_day(by_day: Mapping[date, float], today: date) -> float | None:
    """Dollars of the middle one of the last whole days; None before there was one.

    The middle one, not the mean: the first day fetches the history once.
    """
    first = min(by_day, default=today)
    days = [today - timedelta(days=back) for back in range(1, USUAL_DAYS + 1)]
    known = [by_day.get(day, 0.0) for day in days if day >= first]
    return median(known) if known else None


def month_end(by_day: Mapping[date, float], usual: float, today: date) -> float:
    """Dollars of the whole month when the rest of today and every day after it are usual ones."""
    before = sum(usd for day, usd in by_day.items() if day.replace(day=1) == today.replace(day=1) and day < today)
    days_after = (next_month_of(today) - today).days - 1
    return before + max(by_day.get(today, 0.0), usual) + usual * days_after


def _lines(now: Sequence[ApiSpend], before: Sequence[ApiSpend]) -> tuple[MeterLine, ...]:
    keys = {(spent.service, spent.operation, spent.unit) for spent in (*now, *before)}
    this_month = {(spent.service, spent.operation, spent.unit): spent for spent in now}
    last_month = {(spent.service, spent.operation, spent.unit): spent.usd for spent in before}
    lines = []
    for key in sorted(keys):
        spent = this_month.get(key)
        lines.append(
            MeterLine(
                *key,
                calls=spent.calls if spent else 0,
                units=spent.units if spent else 0.0,
                usd=spent.usd if spent else 0.0,
                usd_last_month=last_month.get(key, 0.0),
            )
        )
    return tuple(sorted(lines, key=lambda line: -line.usd))
