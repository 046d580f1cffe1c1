"""Days that were restated after they had counted as complete, in words: `Nov 3–5 restated by −$41.20 (AWS).`"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.blocks import elements
from bot.blocks.elements import money, name
from bot.settings import CostView
from bot.store.restatements import CENT, Restatement

#: Sentences at most; the rest is counted.
MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class _Change:
    """One day of one provider: from what to what; `after` is None where it is gone."""

    provider: str
    day: date
    before: float
    after: float | None
    currency: str

    @property
    def amount(self) -> float:
        """Dollars by which it moved; what is gone took its whole cost along."""
        return (self.after or 0.0) - self.before

    def continues(self, other: _Change) -> bool:
        """Whether it is the next day, of the same kind: up, down or gone."""
        same_feed = (self.provider, self.currency) == (other.provider, other.currency)
        same_way = (self.after is None, self.amount > 0) == (other.after is None, other.amount > 0)
        return same_feed and same_way and self.day - other.day == timedelta(days=1)


def restated_sentences(restatements: Iterable[Restatement], view: CostView, today: date) -> list[str]:
    """A sentence per run of days, by provider and day, the largest ones where there are many; not escaped.

    A day that was restated several times counts with its first and its last amount; one that came back is not named.

    Args:
        restatements: of any providers, each day from one source.
        view: the cost that is shown.
        today: another year than its own is written out.
    """
    runs: list[list[_Change]] = []
    for change in _net(restatements, view):
        if runs and change.continues(runs[-1][-1]):
            runs[-1].append(change)
        else:
            runs.append([change])
    runs.sort(key=lambda run: -abs(math.fsum(change.amount for change in run)))
    told = sorted(runs[:MOST_SENTENCES], key=lambda run: (run[0].provider, run[0].day))
    sentences = [_sentence(run, today) for run in told]
    more = sum(len(run) for run in runs[MOST_SENTENCES:])
    return [*sentences, f"{more} more day{'s' if more > 1 else ''} restated."] if more else sentences


def _net(restatements: Iterable[Restatement], view: CostView) -> list[_Change]:
    """Each day's whole change, by provider and day."""
    found: dict[tuple[str, date], _Change] = {}
    for row in sorted(restatements, key=lambda row: row.noted_at):
        before = row.billed_before if view is CostView.BILLED else row.effective_before
        after = row.billed_after if view is CostView.BILLED else row.effective_after
        earlier = found.get((row.provider, row.day))
        first = earlier.before if earlier else before
        found[(row.provider, row.day)] = _Change(row.provider, row.day, first, after, row.currency)
    moved = [change for change in found.values() if change.after is None or abs(change.amount) > CENT]
    return sorted(moved, key=lambda change: (change.provider, change.day))


def _sentence(run: Sequence[_Change], today: date) -> str:
    days, provider = _days(run[0].day, run[-1].day, today), name(run[0].provider)
    amount = math.fsum(change.amount for change in run)
    if run[0].after is None:
        verb = "is" if len(run) == 1 else "are"
        return f"{days} {verb} gone from {provider}'s costs; stored before: {money(-amount, run[0].currency)}."
    return f"{days} restated by {money(amount, run[0].currency, signed=True)} ({provider})."


def _days(first: date, last: date, today: date) -> str:
    text = elements.days(first, last)
    return text if first.year == last.year == today.year else f"{text}, {last.year}"
