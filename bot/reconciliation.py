"""What is stored against what its source says now: cell by cell, to the cent, as a table, as JSON, in one sentence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas import DataFrame
from rich.table import Table

from bot.terminal import printed

#: A cell is one month × service × account × kind of charge, in one view of cost.
KEYS = ("source", "month", "service_name", "account", "charge", "view")
COLUMNS = (*KEYS, "stored", "actual", "open")
VIEWS = {"billed": "billed_cost", "effective": "effective_cost"}
#: Differences that are printed; JSON has all of them.
MOST_LINES = 50
SOURCE_WORDS = {"cost_explorer": "Cost Explorer", "focus": "FOCUS export", "cur": "Cost and Usage Report"}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All compared cells, what could not be compared, and the billed requests it took; `notes` tell what need not be.

    `cells` has the columns `COLUMNS`: money of the bill; `open` months still change at the source, so a difference
    there is no error.
    """

    cells: DataFrame
    problems: tuple[str, ...]
    requests: int
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether everything that can no longer change is stored to the cent, and everything could be compared."""
        closed = self.months()
        closed = closed[~closed["open"]]
        wrong = self.differences()
        return not self.problems and bool((closed["difference"] == 0).all()) and not (~wrong["open"]).any()

    def differences(self) -> DataFrame:
        """The cells that differ by a cent or more, the worst first; the columns of `cells` and difference."""
        found = self.cells.assign(difference=_cents(self.cells["stored"] - self.cells["actual"]))
        wrong = found[found["difference"] != 0]
        return wrong.sort_values("difference", key=lambda gap: -gap.abs(), kind="stable").reset_index(drop=True)

    def months(self) -> DataFrame:
        """The totals: source, month, view, stored, actual, difference, cells, open; sorted."""
        groups = self.cells.groupby(["source", "month", "view"], sort=True)
        totals = groups.agg(
            stored=("stored", "sum"), actual=("actual", "sum"), cells=("stored", "size"), open=("open", "max")
        ).reset_index()
        return totals.assign(difference=_cents(totals["stored"] - totals["actual"]), open=totals["open"].astype(bool))

    @property
    def worst(self) -> float:
        """The largest difference of a cell or a month, without its sign."""
        gaps = pd.concat([self.differences()["difference"].abs(), self.months()["difference"].abs()])
        return float(gaps.max()) if len(gaps) else 0.0

    @property
    def verdict(self) -> str:
        """The outcome in one sentence."""
        months = self.cells[["source", "month"]].drop_duplicates()
        asked = f"{self.requests} billed request{'s' if self.requests != 1 else ''} (${self.requests * 0.01:.2f})"
        if not len(self.cells):
            return f"Nothing could be compared; {asked}." if self.problems else "Nothing is stored yet."
        open_months = self.cells.loc[self.cells["open"], ["source", "month"]].drop_duplicates()
        still_open = f", {len(open_months)} of them still open" if len(open_months) else ""
        count = f"{len(months)} month{'s' if len(months) != 1 else ''}{still_open}"
        return (
            f"{count}: {'all' if self.agrees else 'not all'} agree to the cent. "
            f"{len(self.cells):,} cells compared (month × service × account × kind of charge, billed and effective), "
            f"{len(self.differences()):,} differ, worst difference {self.worst:,.2f}; {asked}."
        )

    @property
    def sentences(self) -> list[str]:
        """What could not or need not be compared, and the verdict."""
        return [*self.problems, *self.notes, self.verdict]

    def __str__(self) -> str:
        parts = []
        if len(self.cells):
            parts.append(printed(self._months_table()))
        if len(self.differences()):
            parts.append(printed(self._differences_table()))
        return "\n\n".join([*parts, "\n".join(self.sentences)])

    def as_dict(self) -> dict[str, Any]:
        """What `costbot reconcile --json` prints."""
        return {
            "agrees": self.agrees,
            "requests": self.requests,
            "cells": len(self.cells),
            "worst_difference": self.worst,
            "problems": list(self.problems),
            "notes": list(self.notes),
            "months": self.months().to_dict("records"),
            "differences": self.differences().to_dict("records"),
        }

    def _months_table(self) -> Table:
        table = _table("Month", "Source", "View", right=("Stored", "Source says", "Difference", "Cells"))
        for row in self.months().sort_values(["month", "source", "view"]).to_dict("records"):
            table.add_row(
                str(row["month"]) + (" (open)" if row["open"] else ""),
                SOURCE_WORDS.get(row["source"], row["source"]),
                row["view"],
                *_money(row),
                f"{row['cells']:,}",
            )
        return table

    def _differences_table(self) -> Table:
        wrong = self.differences()
        table = _table("Differs", "Service", "Account", "Charge", "View", right=("Stored", "Source says", "Difference"))
        for row in wrong.head(MOST_LINES).to_dict("records"):
            names = (row["service_name"], row["account"], row["charge"], row["view"])
            table.add_row(str(row["month"]), *(str(name).replace("[", r"\[") for name in names), *_money(row))
        if len(wrong) > MOST_LINES:
            table.caption = f"{len(wrong) - MOST_LINES:,} more; --json has all."
        return table


def compared(
    source: str,
    month: str,
    stored: DataFrame,
    actual: DataFrame,
    *,
    is_open: bool,
    views: tuple[str, ...] = tuple(VIEWS),
) -> DataFrame:
    """The cells of one month.

    Args:
        stored, actual: columns service_name, account, charge, billed_cost, effective_cost; a key may repeat. A cell
            that one of them lacks is 0 there.
        views: the views of cost that can be compared.
    Returns:
        Columns `COLUMNS`.
    """
    keys = ["service_name", "account", "charge"]
    measures = list(VIEWS.values())
    sums = [frame.groupby(keys)[measures].sum() for frame in (stored, actual)]
    index = sums[0].index.union(sums[1].index)
    ours, theirs = (one.reindex(index, fill_value=0.0) for one in sums)
    parts = [
        DataFrame({"stored": ours[VIEWS[view]], "actual": theirs[VIEWS[view]]}).reset_index().assign(view=view)
        for view in views
    ]
    together = pd.concat(parts, ignore_index=True) if parts else DataFrame(columns=list(COLUMNS))
    return together.assign(source=source, month=month, open=is_open)[list(COLUMNS)]


def _cents(gap: pd.Series[float]) -> pd.Series[float]:
    return gap.astype(float).round(2) + 0.0


def _money(row: Mapping[Hashable, Any]) -> tuple[str, str, str]:
    return f"{row['stored']:,.2f}", f"{row['actual']:,.2f}", f"{row['difference']:+,.2f}".replace("+0.00", "0.00")


def _table(*left: str, right: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", caption_justify="left")
    for name in left:
        table.add_column(name, overflow="fold")
    for name in right:
        table.add_column(name, justify="right")
    return table
