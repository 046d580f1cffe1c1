"""Alert thresholds: those that were saved, and an append-only row for each time somebody set them or took them back."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from bot.store import bookkeeping
from bot.store.rows import ThresholdChange, moment, written

#: The small fact that keeps the saved ones.
FACT = "anomaly.thresholds"

#: Money a day and per cent.
Pair = tuple[float, float]


def change(
    db: Database, chosen: Pair | None, settings: Pair, *, actor: str, now: datetime, channel: str | None
) -> ThresholdChange | None:
    """Save a pair, or go back to that of the settings; both the fact and its row, or neither.

    Returns:
        the row; None where there was nothing to take back.
    """
    saved = _saved(db)
    if chosen is None and saved is None:
        return None
    if chosen is None:
        bookkeeping.forget(db, FACT)
    else:
        values = {"min_impact": chosen[0], "min_percent": chosen[1], "by": actor, "at": now.isoformat()}
        bookkeeping.remember(db, FACT, json.dumps(values), now)
    verb = "reset" if chosen is None else "save"
    db.execute(
        "INSERT INTO threshold_changes (at, actor, verb, min_impact_before, min_percent_before, min_impact, "
        "min_percent, channel) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (written(now), actor, verb, *(saved or settings), *(chosen or settings), channel),
    )
    return next(iter(changes(db, 1)))


def changes(db: Database, most: int) -> list[ThresholdChange]:
    """The last changes, newest first."""
    return [
        ThresholdChange(
            at=moment(row["at"]),
            actor=row["actor"],
            verb=row["verb"],
            before=(row["min_impact_before"], row["min_percent_before"]),
            after=(row["min_impact"], row["min_percent"]),
            channel=row["channel"],
        )
        for row in db.query("SELECT * FROM threshold_changes ORDER BY id DESC LIMIT ?", [most])
    ]


def _saved(db: Database) -> Pair | None:
    text = bookkeeping.recall(db, FACT)
    if text is None:
        return None
    values = json.loads(text)
    return float(values["min_impact"]), float(values["min_percent"])
