"""`costbot doctor`: is everything in place, and what to do where it is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.settings import Settings


class Status(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


MARKS = {Status.OK: "✓", Status.WARNING: "!", Status.FAILURE: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where nothing is to be done."""

    name: str
    status: Status
    sentence: str
    remedy: str = ""

    @property
    def mark(self) -> str:
        return MARKS[self.status]

    @property
    def is_failure(self) -> bool:
        return self.status is Status.FAILURE

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at the settings, the storage, Slack and AWS; reads only, one Cost Explorer request ($0.01) at most."""
    return list(_examine(settings))


def _examine(settings: Settings) -> Iterator[Finding]:
    from bot.doctor import allocation, aws, owners, slack, storage

    yield _time_zone(settings)
    yield from storage.examine(settings)
    yield from allocation.examine(settings)
    yield from owners.examine(settings)
    yield from slack.examine(settings)
    yield from aws.examine(settings)


def _time_zone(settings: Settings) -> Finding:
    if settings.time_zone == "UTC":
        return Finding(
            "time zone",
            Status.WARNING,
            "Digests come in UTC.",
            "Set COSTBOT_TIME_ZONE, for example to Europe/Berlin, if that is not yours.",
        )
    return Finding("time zone", Status.OK, f"Digests come in {settings.time_zone}.")
