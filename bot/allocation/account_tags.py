"""The tags of the organisation's accounts, as they were last read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store import Store

FACT = "account_tags"


@dataclass(frozen=True, slots=True)
class AccountTags:
    """Tags by account id and key; `read_at` is None before the first time, `problem` says what is missing since."""

    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: str | None = None


def recall(store: Store) -> AccountTags:
    """The tags as they were last read."""
    told = store.recall(FACT)
    if told is None:
        return AccountTags()
    facts = json.loads(told)
    return AccountTags(facts["tags"], datetime.fromisoformat(facts["at"]), facts["problem"])
