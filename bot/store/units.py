"""How many units there were: what was loaded from a file, or what CloudWatch told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.store.connection import StoreFile
from bot.store.rows import moment, written


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """The counts of a unit, by day or first day of a month; `source` says whence, `loaded_at` since when."""

    every: str
    by_start: dict[date, float]
    source: str
    loaded_at: datetime


class UnitCounts:
    """Counts by unit; each unit has those of one load."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def replace(self, unit: str, every: str, counts: Mapping[date, float], *, source: str, now: datetime) -> None:
        """Take these counts in place of all that the unit had."""
        with self._file.writing() as db:
            db.execute("DELETE FROM unit_counts WHERE unit = ?", (unit,))
            db.execute("DELETE FROM unit_loads WHERE unit = ?", (unit,))
            db.execute(
                "INSERT INTO unit_loads (unit, every, source, loaded_at) VALUES (?, ?, ?, ?)",
                (unit, every, source, written(now)),
            )
            rows = [(unit, start.isoformat(), count) for start, count in counts.items()]
            db.conn.executemany("INSERT INTO unit_counts (unit, start, count) VALUES (?, ?, ?)", rows)

    def of(self, unit: str) -> StoredCounts | None:
        """What a unit has; None where nothing was loaded."""
        with self._file.reading() as db:
            load = next(iter(db.query("SELECT * FROM unit_loads WHERE unit = ?", [unit])), None)
            if load is None:
                return None
            rows = list(db.query("SELECT start, count FROM unit_counts WHERE unit = ? ORDER BY start", [unit]))
        by_start = {date.fromisoformat(row["start"]): float(row["count"]) for row in rows}
        return StoredCounts(load["every"], by_start, load["source"], moment(load["loaded_at"]))
