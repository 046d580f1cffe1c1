"""Which days a message shows, how far its data reaches, and which cost it is: the same words under every answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from analysis.completeness import PartialDay
from analysis.costs import ChargeCategory
from analysis.movers import Period
from bot.blocks import elements
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import money
from bot.blocks.reach import reach
from bot.settings import CostView

#: Days whose age goes without saying: where the last stored day is complete, and where later ones are filling.
FRESH_DAYS, OLD_DAYS = 3, 10

CATEGORY_WORDS: dict[str, str] = {
    ChargeCategory.TAX: "tax",
    ChargeCategory.CREDIT: "credits",
    ChargeCategory.REFUND: "refunds",
    ChargeCategory.SUPPORT: "support",
    ChargeCategory.PURCHASE: "purchases and fees",
    ChargeCategory.UNUSED_COMMITMENT: "unused commitment",
    ChargeCategory.ADJUSTMENT: "adjustments",
}


def usage_only(currency: str, view: CostView, billed_only: Sequence[str], other: Mapping[str, float]) -> str:
    """Which cost the figures are, and what the bill has beside it, escaped.

    Args:
        billed_only: providers whose billed cost stands in for the effective one.
        other: money of the same days that is not usage, by charge category.
    """
    apart = [
        f"{CATEGORY_WORDS[category]} {money(amount, currency)}"
        for category, amount in other.items()
        if category in CATEGORY_WORDS and math.isfinite(amount) and abs(amount) >= 0.005
    ]
    line = f"Usage only, in {currency}: {cost_words(view, billed_only)}."
    return f"{line} Not in these figures, same days: {', '.join(apart)}." if apart else line


def data_reach(now: Period, partial: Sequence[PartialDay], today: date, *, several: bool) -> str:
    """How far the data reaches, as "Data until Nov 22; Nov 23–24 still incomplete"; escaped, without a full stop.

    Args:
        now: the days shown.
        partial: days after them, as a window has them.
        several: whether there are several providers, so that the late one is to be named.
    """
    until = now.days()[-1].date()
    age = (today - until).days
    text = reach(until, partial, today, several=several)
    if partial:
        return f"{text}; that is {age:,} days ago" if age > OLD_DAYS else text
    return f"{text}, the last stored day, {age:,} days ago: this window ends there" if age > FRESH_DAYS else text


def against(before: Period, window_days: int) -> str:
    """What is compared with, as "against the 30 days before"."""
    short = before.length < window_days
    return f"against the {before.length} days before" + (" (all that is stored)" if short else "")


def day_of(value: date, today: date) -> str:
    """A day, with its year where it is not this one."""
    return elements.day(value) if value.year == today.year else f"{elements.day(value)}, {value.year}"


def span(period: Period, today: date) -> str:
    """The days of a period, both ends meant, with the year where it is not this one."""
    first, last = period.days()[0].date(), period.days()[-1].date()
    text = elements.days(first, last)
    return text if last.year == today.year == first.year else f"{text}, {last.year}"
