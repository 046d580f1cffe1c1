"""What a refresh of the costs did, and how a person reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.charges import COST_EXPLORER
from bot.errors import CostbotError
from bot.workflows.ask_explorer import EXPORT_ANSWERS


@dataclass(slots=True)
class Refresh:
    """What a refresh did.

    `requests` are all billed ones, `pages` those of them that were further pages. `error` stopped it; what was stored
    before stays. `left` says, in sentences, what waits and for when.
    """

    requests: int = 0
    pages: int = 0
    months: set[date] = field(default_factory=set)
    changed: set[date] = field(default_factory=set)
    restated: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    by_export: bool = False
    error: CostbotError | None = None

    @property
    def sentence(self) -> str:
        """The outcome, as a person reads it."""
        if self.by_export:
            return EXPORT_ANSWERS
        if self.error:
            kept = f" {_count(len(self.months), 'month')} stored before." if self.months else ""
            return f"{self.error}{kept} {self._price}."
        if not self.requests:
            return " ".join(self.left or ["Costs are up to date; Cost Explorer was not asked."])
        asked = f"{_count(len(self.months), 'month')} asked, {len(self.changed)} of them changed; {self._price}."
        return " ".join([asked, *self.left])

    @property
    def _price(self) -> str:
        further = f", {self.pages} of them further pages" if self.pages else ""
        return f"{_count(self.requests, 'billed request')}{further} (${COST_EXPLORER.of(self.requests):.2f})"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
