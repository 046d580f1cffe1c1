"""Billing exports where they lie: which files there are, which of them changed, and how they get here to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

__all__ = ["SUFFIXES", "ExportFile", "Place", "billing_month"]

SUFFIXES = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export.

    Attributes:
        uri: its path, or `s3://bucket/key`.
        size: bytes.
        version: changes with its content: the time of its last change, or its ETag.
        month: its billing month, where its place or its manifest tells it.
    """

    uri: str
    size: int
    version: str
    month: date | None = None

    @property
    def name(self) -> str:
        """Its name in messages."""
        return self.uri.rpartition("/")[2]

    @property
    def identity(self) -> str:
        """What is noted of a file that was read; the same identity is not read again."""
        return f"{self.size}:{self.version}"


class Place(Protocol):
    """Where an export lies."""

    @property
    def root(self) -> str:
        """What it is called, and told from other places by."""

    def files(self) -> Sequence[ExportFile]:
        """All its files, in the order of their names.

        Raises:
            CostbotError: it is not there, may not be read, or holds no export.
        """

    def brought(self, files: Sequence[ExportFile]) -> AbstractContextManager[tuple[Path, ...]]:
        """Local paths of some files; copies are gone again when the context ends."""


def billing_month(text: str) -> date | None:
    """The billing month in a path: `BILLING_PERIOD=2026-11`, `billing_period=2026-11-01` or `20261101-20261201`."""
    import re

    found = re.search(r"billing_?period=(\d{4})-(\d{2})", text, re.IGNORECASE)
    found = found or re.search(r"(?:^|/)(\d{4})(\d{2})01-\d{6}01(?:/|$)", text)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    return date(int(found[1]), int(found[2]), 1)


def months_of(files: Sequence[ExportFile]) -> Iterator[date | None]:
    """The different billing months of files, the unknown one last."""
    yield from sorted({file.month for file in files}, key=lambda month: (month is None, month or date.min))
