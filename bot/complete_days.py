"""Which stored days a table made of the bill may speak about: complete ones, with none missing before them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from bot.context import Context
from bot.errors import NotEnoughData, SourceUnavailable

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored

PROVIDER = "AWS"


@dataclass(frozen=True, slots=True)
class Days:
    """The complete days [start, end); days that are still filling come after them."""

    start: date
    end: date

    @property
    def count(self) -> int:
        """How many days."""
        return (self.end - self.start).days

    def last(self, days: int) -> Days:
        """The newest of them, at most so many."""
        return Days(max(self.start, self.end - timedelta(days=days)), self.end)


def complete_days(context: Context, by: Sequence[str] = ()) -> Days | None:
    """The days whose costs are all in; None where there are none.

    Args:
        by: the dimensions that will be asked for; costs by a tag may reach less far.
    """
    try:
        window = context.costs.window(view=context.settings.cost_view, by=by)
    except NotEnoughData:
        return None
    feed = next((one for one in window.feeds if one.provider == PROVIDER), None)
    if feed is None:
        return None
    end = min(window.complete_until, feed.complete_until) + timedelta(days=1)
    # A day that is missing would look as if nothing had cost anything: what comes before it is not spoken about.
    holes = [hole.day + timedelta(days=1) for hole in window.missing if hole.provider == PROVIDER]
    start = max([window.first_day, feed.first, *holes])
    return Days(start, end) if start < end else None


def payer(context: Context) -> tuple[str, str]:
    """Id and name of the account that costs of the whole organisation are told of: costbot's own; empty if unknown."""
    with suppress(SourceUnavailable):
        own = context.aws.caller_account()
        return own, context.costs.account_names().get(own, own)
    return "", "all accounts"
