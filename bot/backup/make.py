"""Makes a backup while costbot runs: the store by SQLite's online backup, all else as it is at one moment.

Cost months and tables are replaced by rename, never written to. So a file that was opened stays as it is, and a look
at all names after the last one was opened tells whether that was one moment; where it was not, it is tried again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot import __version__
from bot.backup.contents import MANIFEST, Entry, Manifest, kept_files
from bot.backup.swap_in import finish_restore
from bot.cost_files.replacing import sync
from bot.errors import CostbotError, UsageError
from bot.store.copy import copy_store

#: How often the names are looked at again; a month is replaced within milliseconds, and hours pass between.
MOST_TRIES = 20
CHUNK = 1 << 20
#: Tells (bytes done, bytes in all, the file it is at).
Advance = Callable[[int, int, str], None]


def back_up(data_dir: Path, database: str, target: Path, now: datetime, advance: Advance) -> Manifest:
    """Write everything that lasts of a data directory into one file; whoever looks sees the whole of it or none.

    Raises:
        UsageError: it would lie in the data directory.
        CostbotError: there is nothing to copy, it is being restored just now, or the disk refuses.
    """
    finish_restore(data_dir)
    if target.resolve().is_relative_to(data_dir.resolve()):
        raise UsageError(f"{target} lies in the data directory.", "Name a file elsewhere, best on another machine.")
    if not (data_dir / database).is_file():
        raise CostbotError(f"{data_dir} holds no costbot.", "Name its folder with --data-dir or COSTBOT_DATA_DIR.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                manifest = _write(data_dir, database, out, now, advance)
            sync(fresh)
            fresh.replace(target)
            sync(target.parent)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise CostbotError(
            f"The backup cannot be written to {target}: {error.strerror or error}.", "Make room or name another place."
        ) from error
    return manifest


def _write(data_dir: Path, database: str, out: BinaryIO, now: datetime, advance: Advance) -> Manifest:
    with contextlib.ExitStack() as stack:
        opened = pinned(data_dir, database, stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="costbot-backup-")))
        copy_store(data_dir / database, folder / database)
        opened[database] = stack.enter_context((folder / database).open("rb"))
        total = sum(os.fstat(file.fileno()).st_size for file in opened.values())
        entries, done = [], 0
        with tarfile.open(fileobj=out, mode="w") as archive:
            for path, file in sorted(opened.items()):
                advance(done, total, path)
                entries.append(_add(archive, path, file, now))
                done += entries[-1].size
            manifest = Manifest(__version__, now.isoformat(timespec="seconds"), tuple(entries))
            text = manifest.as_json()
            # The last of all: a file that was cut off has none.
            archive.addfile(_member(MANIFEST, len(text), now), io.BytesIO(text))
        advance(total, total, "")
        return manifest


def pinned(data_dir: Path, database: str, stack: contextlib.ExitStack) -> dict[str, BinaryIO]:
    """All files open, by path, as they were at one moment.

    Raises:
        CostbotError: they kept changing.
    """
    for _ in range(MOST_TRIES):
        with contextlib.ExitStack() as tried:
            try:
                opened: dict[str, BinaryIO] = {
                    path.relative_to(data_dir).as_posix(): tried.enter_context(path.open("rb"))
                    for path in kept_files(data_dir, database)
                }
                found = {path.relative_to(data_dir).as_posix(): path.stat() for path in kept_files(data_dir, database)}
            except FileNotFoundError:  # it was replaced between listing and opening
                continue
            if {path: _version(os.fstat(file.fileno())) for path, file in opened.items()} == {
                path: _version(stat) for path, stat in found.items()
            }:
                stack.push(tried.pop_all())
                return opened
    raise CostbotError("The cost files keep changing.", "Make the backup when no export is being read.")


def _version(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _add(archive: tarfile.TarFile, path: str, file: BinaryIO, now: datetime) -> Entry:
    size = os.fstat(file.fileno()).st_size
    reader = _Hashed(file)
    archive.addfile(_member(path, size, now), reader)
    return Entry(path, size, reader.digest.hexdigest())


def _member(path: str, size: int, now: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.size, member.mtime, member.mode = size, int(now.timestamp()), 0o600
    return member


class _Hashed(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As the file does."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk
