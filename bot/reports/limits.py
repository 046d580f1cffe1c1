"""What the figures of a report do not contain, and what they do not know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.blocks.cost_period import CATEGORY_WORDS
from bot.blocks.elements import name
from bot.blocks.report import Section
from bot.cost_remarks import remarks
from bot.other_charges import other_charges
from bot.reports.given import Given, span_words
from bot.store import SourceHealth

MOST_SOURCES = 3
#: A failure that nobody has looked at again for so long is of an account or region that is no longer asked.
FORGET_AFTER = timedelta(days=7)


def limits_section(given: Given) -> Section:
    """Always there: a reader of the file has nobody to ask."""
    now = given.context.clock.now()
    told = given.context.store.source_health()
    sources = [one for one in told if not one.ok and now - one.checked_at <= FORGET_AFTER]
    notes = remarks(given.context, given.window, min(given.month_before.start, given.span_before.start), given.month)
    return Section("limits", "What is not in these figures", (_beside(given), *notes, *_missing(sources)))


def _beside(given: Given) -> str:
    if not given.scope.is_all:
        return "Usage only: tax, credits, support and other fees of a part of the bill are not told by all sources."
    found = other_charges(given.context.costs, given.month, given.window.view)
    named = [
        f"{CATEGORY_WORDS.get(kind, kind)} {given.money(cost)}"
        for kind, cost in sorted(found.items())
        if abs(cost) >= 0.005
    ]
    if not named:
        return f"Usage only; {span_words(given.month)} has no tax, credits, support or other fees beside it."
    return f"Usage only. Beside it {span_words(given.month)} has {', '.join(named)}."


def _missing(sources: Sequence[SourceHealth]) -> tuple[str, ...]:
    lines = [f"{name(source.source)} does not answer: {source.sentence}" for source in sources[:MOST_SOURCES]]
    if len(sources) > MOST_SOURCES:
        lines.append(f"{len(sources) - MOST_SOURCES} more sources do not answer; `costbot doctor` lists them.")
    return tuple(lines)
