"""Where rollups run: DuckDB in this process, Athena or Spark beside the export. Only rollups ever leave an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from analysis.rollups import Relation, Rollup

__all__ = ["Engine", "Part", "Read", "since"]


@dataclass(frozen=True, slots=True)
class Part:
    """Line items that are read together.

    Attributes:
        source: `focus` or `cur`.
        name: what a message calls it: a file's name or a billing month.
        files: local files that hold it; empty where the engine reads a table.
        month: its billing month, where the files' place tells it.
        since: billing months before this one are left out.
        uris: what their place calls them; an engine that has no use for local files reads them there.
    """

    source: str
    name: str
    files: tuple[Path, ...] = ()
    month: date | None = None
    since: date | None = None
    uris: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a part took; `usd` is what the engine's owner bills for it."""

    rows: int
    bytes: int
    usd: float = 0.0


class Engine(Protocol):
    """Runs rollups over a part."""

    def rollup(self, part: Part, targets: Mapping[Rollup, Path], tag_keys: Sequence[str], settled_until: date) -> Read:
        """Write each rollup's rows to a Parquet file.

        Args:
            tag_keys: the tags that the daily rollup keeps.
            settled_until: later days are marked as estimated.

        Raises:
            CostbotError: the part cannot be used, in one sentence that names the file and the row or column.
        """

    def tag_names(self, part: Part) -> tuple[str, ...]:
        """The keys of the tags that a part carries, the most frequent first; none where asking would cost money."""

    def close(self) -> None:
        """Let go of what it holds."""


def since(lines: Relation, part: Part) -> Relation:
    """The line items of the billing months that a part is to be read from on."""
    if part.since is None:
        return lines
    column = "BillingPeriodStart" if part.source == "focus" else "bill_billing_period_start_date"
    return replace(lines, where=f"{column} >= TIMESTAMP '{part.since:%Y-%m-%d} 00:00:00'")
