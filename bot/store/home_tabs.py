"""Who has opened the Home tab: it is drawn anew for them alone."""

from __future__ import annotations

from datetime import datetime

from bot.store.connection import StoreFile
from bot.store.rows import written


class HomeTabs:
    """People by id, since when."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def note(self, user_id: str, now: datetime) -> None:
        """Somebody opened it; the first time counts."""
        with self._file.writing() as db:
            db.execute("INSERT OR IGNORE INTO home_tabs (user_id, since) VALUES (?, ?)", (user_id, written(now)))

    def is_known(self, user_id: str) -> bool:
        """Whether this person ever opened it."""
        with self._file.reading() as db:
            return next(iter(db.query("SELECT 1 FROM home_tabs WHERE user_id = ?", [user_id])), None) is not None
