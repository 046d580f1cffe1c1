"""Daily costs as a table, as rich as each source can tell them, and never a dollar twice.

A billing export knows all dimensions of a charge together. Cost Explorer gives two at most, and none but the service
for tax, credits and fees: what it cannot tell is "(not given)" in the table, and said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from analysis.movers import Period
from bot.cost_files import CostFiles
from bot.cost_files.summary import Stored
from bot.errors import NotEnoughData
from bot.settings import CostView

#: Rows of a file: about 25 MB, and what a spreadsheet still opens at once.
MAX_ROWS = 200_000
#: Days that are asked for together, so that a question for too much is noticed before it fills the memory.
SLICE_DAYS = 7
NOT_GIVEN = "(not given)"
#: Dimensions that are exported where a source tells them all and nobody chose.
EVERYTHING = ("service_name", "account", "region")
_ALWAYS = ("provider", "charge_category")


@dataclass(frozen=True, slots=True)
class ExportedCosts:
    """The table: columns date, provider, charge_category, the `dimensions`, cost; sorted.

    `not_given` are dimensions that Cost Explorer does not tell, `charges_without` those that it does not tell for tax,
    credits and fees. `has_export` says that some of it comes from a billing export.
    """

    rows: DataFrame
    dimensions: tuple[str, ...]
    not_given: tuple[str, ...]
    charges_without: tuple[str, ...]
    has_export: bool

    @property
    def total(self) -> float:
        """Exactly the sum of the cells."""
        return math.fsum(self.rows["cost"].dropna())

    def by_category(self) -> dict[str, float]:
        """Money by charge category."""
        groups = self.rows.groupby("charge_category")["cost"]
        return {str(name): math.fsum(costs.dropna()) for name, costs in groups}


@dataclass(frozen=True, slots=True)
class _Part:
    """One provider from one source, and the dimensions it can tell together."""

    source: str
    provider: str
    is_export: bool
    dimensions: tuple[str, ...]


def export_costs(
    costs: CostFiles, period: Period, *, dimensions: Sequence[str] | None, tag: str | None, view: CostView
) -> ExportedCosts:
    """The costs of every day of a period, all charge categories.

    Args:
        dimensions: as `CostFiles.daily` takes them; None for as many as there are.
        tag: the tag whose values go with them where nobody chose.
    Raises:
        NotEnoughData: nothing is stored of these days, a source cannot tell these dimensions together, or there are
            more rows than a file takes.
    """
    stored = costs.stored(period.start, period.end)
    if not stored:
        raise NotEnoughData("No costs are stored of these days.", "`/cost trend` shows which days are.")
    parts = [_part(*key, items, dimensions, tag) for key, items in _by_source(stored)]
    wanted = tuple(dict.fromkeys(name for part in parts for name in part.dimensions))
    rows = _rows(costs, parts, period, wanted, view)
    explorer = [part for part in parts if not part.is_export]
    told = explorer[0].dimensions if explorer else wanted
    has_charges = bool(explorer) and bool((rows["charge_category"] != ChargeCategory.USAGE.value).any())
    return ExportedCosts(
        rows,
        wanted,
        not_given=tuple(name for name in wanted if name not in told),
        charges_without=tuple(name for name in told if name != "service_name") if has_charges else (),
        has_export=len(explorer) < len(parts),
    )


def _by_source(stored: Sequence[Stored]) -> list[tuple[tuple[str, str], list[Stored]]]:
    keys = sorted({(item.source, item.provider) for item in stored})
    return [(key, [item for item in stored if (item.source, item.provider) == key]) for key in keys]


def _part(
    source: str, provider: str, items: Sequence[Stored], dimensions: Sequence[str] | None, tag: str | None
) -> _Part:
    is_export = all(any(cut == Cut.FULL.value for cut, _ in item.cuts) for item in items)
    if dimensions is not None:
        return _Part(source, provider, is_export, tuple(dimensions))
    if not is_export:
        return _Part(source, provider, is_export, ("service_name",))
    has_tag = tag is not None and all(tag in item.tag_keys for item in items)
    return _Part(source, provider, is_export, (*EVERYTHING, f"tag:{tag}") if has_tag else EVERYTHING)


def _rows(
    costs: CostFiles, parts: Sequence[_Part], period: Period, dimensions: tuple[str, ...], view: CostView
) -> DataFrame:
    columns = ["date", *_ALWAYS, *dimensions, "cost"]
    found: list[DataFrame] = []
    count = 0
    for days in _slices(period):
        frames = [frame for part in parts for frame in _frames(costs, part, days, view) if len(frame)]
        filled = [frame.reindex(columns=columns, fill_value=NOT_GIVEN) for frame in frames]
        if filled:
            together = pd.concat(filled, ignore_index=True)
            found.append(together.sort_values(columns[:-1], kind="stable"))
            count += len(together)
        if count > MAX_ROWS:
            raise NotEnoughData(
                f"That is more than {MAX_ROWS:,} rows: {count:,} until {days.end - timedelta(days=1)}.",
                "Ask for fewer days, as --days 7, or fewer dimensions, as --by service,account.",
            )
    if not found:
        raise NotEnoughData("No costs are stored of these days.", "`/cost trend` shows which days are.")
    return pd.concat(found, ignore_index=True)


def _frames(costs: CostFiles, part: _Part, days: Period, view: CostView) -> Iterator[DataFrame]:
    """All charges of one source, in one frame or, from Cost Explorer, usage and the rest apart."""
    where = {"source": part.source, "provider": part.provider}
    names = tuple(dict.fromkeys((*_ALWAYS, *part.dimensions)))
    without_service = [name for name in part.dimensions if name != "service_name"]
    if part.is_export or not without_service:
        yield costs.daily(by=names, start=days.start, end=days.end, view=view, where=where, usage_only=False)
        return
    yield costs.daily(by=names, start=days.start, end=days.end, view=view, where=where)
    told = tuple(name for name in names if name not in without_service)
    every = costs.daily(by=told, start=days.start, end=days.end, view=view, where=where, usage_only=False)
    yield every[every["charge_category"] != ChargeCategory.USAGE.value]


def _slices(period: Period) -> Iterator[Period]:
    start = period.start
    while start < period.end:
        end = min(start + timedelta(days=SLICE_DAYS), period.end)
        yield Period(start, end)
        start = end
