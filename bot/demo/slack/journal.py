"""The journal: one JSON line for each call the bot makes, written at once, so that every message can be checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any


class Journal:
    """Appends `{"time", "method", "body", "answer"}` to a file; `time` is ISO 8601 in UTC.

    Args:
        path: the file; None keeps no journal.
        now: the clock of the demo.
    """

    def __init__(self, path: Path | None, now: Callable[[], datetime]) -> None:
        self._now = now
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")

    def write(self, method: str, body: Any, answer: Any) -> None:
        """Add one call: the body as sent, the answer as returned. Flushed, so that a reader sees it now."""
        if self._file is None or self._file.closed:
            return
        entry = {"time": self._now().isoformat(), "method": method, "body": body, "answer": answer}
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
