"""What is stored of some days, apart by source and provider: each knows other dimensions together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pandas import DataFrame

from analysis.allocation import tag_key
from analysis.costs import Cut
from bot.cost_files import CostFiles
from bot.cost_files.summary import Stored
from bot.cost_files.window import SOURCE_NAMES
from bot.settings import CostView


@dataclass(frozen=True, slots=True)
class Days:
    """The days [start, end), in one view of cost."""

    start: date
    end: date
    view: CostView


def feeds(costs: CostFiles, days: Days) -> list[Feed]:
    """The feeds that have costs of these days."""
    found: dict[tuple[str, str], list[Stored]] = {}
    for item in costs.stored(days.start, days.end):
        found.setdefault((item.source, item.provider), []).append(item)
    return [Feed(costs, days, found[key]) for key in sorted(found)]


class Feed:
    """The costs of one provider from one source."""

    def __init__(self, costs: CostFiles, days: Days, items: Sequence[Stored]) -> None:
        self._costs, self._days, self.items = costs, days, items
        self.source, self.provider = items[0].source, items[0].provider
        self.is_full = any((Cut.FULL.value, "") in item.cuts for item in items)

    @property
    def label(self) -> str:
        return SOURCE_NAMES.get(self.source, self.source)

    def daily(self, *by: str, usage_only: bool = True) -> DataFrame:
        """Columns date, *by, cost.

        Raises:
            NotEnoughData: the source does not know these together.
        """
        where = {"source": self.source, "provider": self.provider}
        days = self._days
        return self._costs.daily(
            by=by, start=days.start, end=days.end, view=days.view, where=where, usage_only=usage_only
        )

    def sums(self, *by: str, usage_only: bool = True) -> DataFrame:
        """Columns *by, cost, over all days."""
        frame = self.daily(*by, usage_only=usage_only)
        return frame.groupby(list(by), sort=True)["cost"].sum().reset_index()

    def tags(self, wanted: str) -> list[str]:
        """The stored spellings of a tag's key that every month has."""
        known = [
            set(item.tag_keys if self.is_full else (key for cut, key in item.cuts if cut == Cut.TAG.value))
            for item in self.items
            if item.has_usage or self.is_full
        ]
        same = set.intersection(*known) if known else set()
        return sorted((key for key in same if tag_key(key) == wanted), key=lambda key: (key != wanted, key))
