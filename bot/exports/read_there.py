"""Exports that an engine reads where they are, instead of here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.exports import ExportFile, Place


class ReadThere:
    """A place whose files are not brought.

    Args:
        unless: whether they have to be brought after all; asked when there is something to read.
    """

    def __init__(self, place: Place, *, unless: Callable[[], bool]) -> None:
        self._place, self._unless = place, unless

    @property
    def root(self) -> str:
        """What the place is called."""
        return self._place.root

    def files(self) -> Sequence[ExportFile]:
        """The place's files."""
        return self._place.files()

    @contextlib.contextmanager
    def brought(self, files: Sequence[ExportFile]) -> Iterator[tuple[Path, ...]]:
        """Local copies where they are needed, else nothing."""
        if not self._unless():
            yield ()
            return
        with self._place.brought(files) as paths:
            yield paths
