"""Exports on this machine: files, or folders of them."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.errors import CostbotError
from bot.exports import SUFFIXES, ExportFile, billing_month


class LocalPlace:
    """Files and folders, read where they are."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)

    @property
    def root(self) -> str:
        """The paths."""
        return ", ".join(str(path) for path in self.paths)

    def files(self) -> Sequence[ExportFile]:
        """All files, a copy of another one left out.

        Raises:
            CostbotError: a path is missing, of another kind, or a folder without exports.
        """
        found = sorted({file.resolve() for path in self.paths for file in _inside(path)})
        return [_described(file) for file in _once(found)]

    @contextlib.contextmanager
    def brought(self, files: Sequence[ExportFile]) -> Iterator[tuple[Path, ...]]:
        """The files themselves."""
        yield tuple(Path(file.uri) for file in files)


def _inside(path: Path) -> Iterable[Path]:
    if not path.exists():
        raise CostbotError(f"{path} does not exist.", "Name a billing export: CSV, gzipped CSV or Parquet.")
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and _is_export(file)]
        if not files:
            raise CostbotError(f"{path} holds no CSV or Parquet file.", "Name the folder of a billing export.")
        return files
    if not path.name.lower().endswith(SUFFIXES):
        raise CostbotError(f"{path.name} is neither CSV nor Parquet.", f"Its name must end in {', '.join(SUFFIXES)}.")
    return [path]


def _is_export(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES) and not file.name.startswith((".", "_"))


def _once(files: Sequence[Path]) -> Iterator[Path]:
    """Files without the copies of others: only files of one size are compared, so most are never read for it."""
    sizes = Counter(file.stat().st_size for file in files)
    seen: set[str] = set()
    for file in files:
        if sizes[file.stat().st_size] > 1:
            content = content_hash(file)
            if content in seen:
                continue
            seen.add(content)
        yield file


def _described(file: Path) -> ExportFile:
    stat = file.stat()
    return ExportFile(str(file), stat.st_size, str(stat.st_mtime_ns), billing_month(str(file)))


def content_hash(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        CostbotError: it cannot be read.
    """
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise CostbotError(f"{path.name} cannot be read: {error.strerror}.", "Check its permissions.") from error
