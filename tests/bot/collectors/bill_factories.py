"""A stored bill for the tables that are made of it: one cut of Cost Explorer at a time, in dollars a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.context import Context
from tests.bot.decisions_factories import context as faked

ACCOUNT = "111122223333"
#: The fake clock says so; the newest two days of a bill are parts.
TODAY = date(2026, 11, 20)
END = date(2026, 11, 18)


class OwnAccount:
    """AWS, as far as a bill's tables ask it: who we are."""

    def caller_account(self) -> str:
        return ACCOUNT


def charges(cut: Cut, first: date, until: date, usd: float, **told: Any) -> list[dict[str, Any]]:
    """A charge on every day of [first, until)."""
    usual = {
        "cut": cut.value,
        "provider": "AWS",
        "charge_category": ChargeCategory.USAGE.value,
        "billed_cost": usd,
        "effective_cost": usd,
        "currency": "USD",
    }
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    return [usual | {"date": day, "estimated": day >= END} | told for day in days]


def stored(folder: Path, rows: Sequence[Mapping[str, Any]], **parts: Any) -> Context:
    """A bot whose stored bill is these rows; every cut has some, so that each can be asked."""
    context = faked(folder, **({"aws": OwnAccount()} | parts))
    frame = DataFrame(list(rows))
    months = frame["date"].map(lambda day: day.replace(day=1))
    for month in sorted(set(months)):
        context.costs.replace_month("cost_explorer", month, frame[months.eq(month)])
    return context
