"""More answers on logs that are hidden in the demo organisation; see `planted` for what they are."""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

# A table reads by rows.
# fmt: off
PLATFORM: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "logs.no_retention", Kind.LOG_GROUP, (
            ("/aws/lambda/thumbnailer", "saves", 4.125, "for ever", "90 days", "220 GB of 240 days"),
            ("/app/growth-staging", "saves", 0.6545, "for ever", "90 days", "30 GB of 330 days"),
            ("/sandbox/experiments", "saves", 0.0532, "for ever", "90 days", "3 GB of 220 days"),
            ("/sandbox/notebooks", "fine", None, "14 days", None, "has a retention"),
        ),
    ),
)
