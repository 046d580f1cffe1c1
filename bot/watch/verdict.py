"""One thing that is wrong with costbot itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.blocks.elements import escape

_CHANNEL = re.compile(r"&lt;#([CG][A-Z0-9]+)&gt;")


class Severity(StrEnum):
    """Whether something does not work, or soon will not."""

    BROKEN = "broken"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Something that is wrong.

    Attributes:
        key: what it is told once by: the same trouble has the same key.
        sentence, remedy: what is wrong, and the next step; mrkdwn, foreign text in it escaped.
        since: when it began, where that is known.
    """

    key: str
    severity: Severity
    sentence: str
    remedy: str
    since: datetime | None = None


def foreign(text: str) -> str:
    """A sentence made of foreign text, escaped; a channel it names stays a link."""
    return _CHANNEL.sub(r"<#\1>", escape(text))
