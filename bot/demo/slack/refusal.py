"""How the workspace refuses a call: Slack's error word and what goes with it."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Becomes `{"ok": false, "error": …}`.

    Args:
        error: Slack's word, as "channel_not_found".
        details: more keys of the answer, as `needed` and `provided` of "missing_scope".
    """

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.details}
