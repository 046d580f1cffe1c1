"""What the stored cost months hold, and which of two sources answers for a month that both have."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.costs import Cut
from analysis.rollups import tag_of
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.months import CostMonths
from bot.cost_files.rollup_months import summed_path
from bot.cost_files.stored_days import StoredDay, stored_days

#: Where two sources have the same provider and month, the first of these answers and the other is not read.
PRECEDENCE = ("focus", "cur", "cost_explorer")

#: Months whose facts a process remembers: a worker and each question make their own `Summary` of the same files.
MOST_MONTHS = 512
_FACTS = """
    SELECT provider, min(date), max(date), max(date) FILTER (WHERE NOT estimated),
           bool_or(charge_category = 'Usage'), bool_or(effective_cost IS NOT NULL),
           list(DISTINCT currency ORDER BY currency), list(DISTINCT service_name ORDER BY service_name),
           list(DISTINCT cut || ':' || coalesce(tag_key, ''))
    FROM read_parquet(?, union_by_name = true)
    GROUP BY provider ORDER BY provider
"""
_ACCOUNTS = """
    SELECT sub_account_id, max(sub_account_name) FROM read_parquet(?, union_by_name = true)
    WHERE sub_account_id IS NOT NULL AND sub_account_name IS NOT NULL GROUP BY sub_account_id
"""

#: Inode, time of change and size.
Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """One provider's costs in one file: a source and a billing month."""

    path: Path
    summed: Path | None
    source: str
    month: date
    provider: str
    first: date
    last: date
    last_final: date | None
    has_usage: bool
    has_effective: bool
    currencies: tuple[str, ...]
    service_names: tuple[str, ...]
    cuts: frozenset[tuple[str, str]]
    tag_keys: frozenset[str]
    days: tuple[StoredDay, ...] = ()

    def knows(self, cut: Cut, tag_key: str | None) -> bool:
        """Whether it has the rows that a question by `cut` needs."""
        if cut is Cut.FULL:
            return tag_key is None or tag_key in self.tag_keys
        return (cut.value, tag_key or "") in self.cuts or not self.has_usage


class Summary:
    """Facts of every stored month, read once per process and version of its file; safe between threads."""

    def __init__(self, months: CostMonths) -> None:
        self._months = months
        self._lock = threading.Lock()

    def all(self) -> tuple[Stored, ...]:
        """Everything that is stored, in the order of its files."""
        return tuple(stored for found, _ in self._read() for stored in found)

    def active(self) -> tuple[Stored, ...]:
        """What answers: each provider's month from one source only."""
        stored = self.all()
        best: dict[tuple[str, date], int] = {}
        for item in stored:
            key = (item.provider, item.month)
            best[key] = min(best.get(key, len(PRECEDENCE)), _rank(item.source))
        return tuple(item for item in stored if _rank(item.source) == best[(item.provider, item.month)])

    def account_names(self) -> dict[str, str]:
        """The newest known name of each account id."""
        names: dict[str, str] = {}
        for _, found in self._read():
            names |= found
        return names

    @asked_again
    def _read(self) -> list[tuple[tuple[Stored, ...], dict[str, str]]]:
        versions = []
        for path in self._months.files():
            month = _version(path)
            if month is not None:  # else it was withdrawn between listing and reading
                versions.append((path, month, _version(summed_path(path))))
        with self._lock:
            return [_facts(*version) for version in versions]


def currencies(stored: Iterable[Stored]) -> tuple[str, ...]:
    return tuple(sorted({currency for item in stored for currency in item.currencies if currency}))


def _rank(source: str) -> int:
    return PRECEDENCE.index(source) if source in PRECEDENCE else len(PRECEDENCE) - 1


def _version(path: Path) -> Version | None:
    """What changes with a file; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=MOST_MONTHS)
def _facts(path: Path, *versions: Version | None) -> tuple[tuple[Stored, ...], dict[str, str]]:
    """What a month holds and the names of its accounts, which nobody changes.

    Args:
        versions: of the month's file and of what is summed of it: facts of others are not these.
    """
    small = summed_path(path)
    summed = small if small.exists() else None
    read = str(summed or path)
    with cursor() as own:
        columns = own.read_parquet([read]).columns
        query = _FACTS if summed is None else _FACTS.replace("coalesce(tag_key, '')", "''")
        rows = own.execute(query, [read]).fetchall()
        names = dict(own.execute(_ACCOUNTS, [read]).fetchall())
        days = stored_days(own, Path(read))
    tags = [tag for name in columns if (tag := tag_of(name)) is not None]
    return tuple(_stored(path, summed, row, tags, days.get(row[0] or "unknown", ())) for row in rows), names


def _stored(
    path: Path, summed: Path | None, row: tuple[Any, ...], tags: list[str], days: tuple[StoredDay, ...]
) -> Stored:
    provider, first, last, last_final, usage, effective, units, services, cuts = row
    return Stored(
        path=path,
        summed=summed,
        source=path.parent.name,
        month=date.fromisoformat(f"{path.stem}-01"),
        provider=provider or "unknown",
        first=first,
        last=last,
        last_final=last_final,
        has_usage=bool(usage),
        has_effective=bool(effective),
        currencies=tuple(unit for unit in units if unit),
        service_names=tuple(name for name in services if name),
        cuts=frozenset((cut, key) for cut, _, key in (text.partition(":") for text in cuts)),
        tag_keys=frozenset(tags),
        days=days,
    )
