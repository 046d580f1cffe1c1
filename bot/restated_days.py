"""What messages say of restated days: only those of the source that answers for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from bot.blocks.restated import restated_sentences
from bot.context import Context
from bot.store import Restatement


def restated_days(
    context: Context,
    since: datetime,
    *,
    start: date = date.min,
    end: date = date.max,
    providers: Collection[str] | None = None,
) -> list[str]:
    """A sentence per run of days restated at `since` or later; not escaped.

    Args:
        start, end: only days of [start, end).
        providers: only theirs; None for all.
    """
    rows = [
        row
        for row in context.store.restatements(since)
        if start <= row.day < end and (providers is None or row.provider in providers)
    ]
    shown = [row for row in rows if _answers(context, row)]
    return restated_sentences(shown, context.settings.cost_view, context.clock.today())


def _answers(context: Context, row: Restatement) -> bool:
    """Whether its source is the one that is shown: where an export answers, Cost Explorer's changes are not seen."""
    source = context.costs.source_of(row.provider, row.day.replace(day=1))
    return source in (row.source, None)
