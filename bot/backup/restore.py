"""Restores a backup: checked from the first byte to the last before anything of the data directory is touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.backup.contents import ASIDE, JOURNAL, MANIFEST, STAGED, Entry, Manifest
from bot.backup.make import CHUNK, Advance
from bot.backup.swap_in import begin, roll_forward
from bot.cost_files.replacing import sync
from bot.data_lock import LOCK, sole_owner
from bot.errors import CostbotError, UsageError
from bot.store.copy import check_store


def read_manifest(source: Path) -> Manifest:
    """What a backup says that it holds.

    Raises:
        CostbotError: it cannot be read, is cut off, or is no backup of costbot.
    """
    with _opened(source) as archive:
        for member in archive:
            if member.name == MANIFEST:
                file = archive.extractfile(member)
                try:
                    return Manifest.from_json(file.read() if file else b"")
                except (ValueError, KeyError, TypeError) as error:
                    raise _damaged(source, "its list of files cannot be read") from error
    raise _damaged(source, "it has no list of its files, so it is cut off or no backup of costbot")


def restore(
    source: Path, data_dir: Path, database: str, now: datetime, advance: Advance, *, force: bool
) -> tuple[Manifest, Path | None]:
    """Make a data directory what it was; returns what was restored, and where the old one is kept.

    Raises:
        UsageError: the directory holds something, and `force` was not given.
        CostbotError: costbot runs on it, the backup is damaged or of a newer costbot, or the disk refuses.
    """
    manifest = read_manifest(source)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with sole_owner(data_dir):
            roll_forward(data_dir)
            holds = any(not one.name.startswith((ASIDE, LOCK, STAGED)) for one in data_dir.iterdir())
            if holds and not force:
                raise UsageError(
                    f"{data_dir} holds data already.", "Add --force: it is then kept beside what is restored."
                )
            staged = data_dir / STAGED
            shutil.rmtree(staged, ignore_errors=True)  # of a restore that was stopped before it counted
            staged.mkdir()
            _stage(source, manifest, staged, advance)
            _check(source, staged / database)
            aside = _free_name(data_dir, f"{ASIDE}{now:%Y%m%dT%H%M%S}")
            begin(data_dir, aside)
            roll_forward(data_dir)
            kept = data_dir / aside
            if not holds:
                kept.rmdir()
            return manifest, kept if holds else None
    except OSError as error:
        raise CostbotError(
            f"{data_dir} cannot be restored: {error.strerror or error}.",
            "Nothing of it was changed." if not (data_dir / JOURNAL).exists() else "Run the same command again.",
        ) from error


def _free_name(data_dir: Path, wanted: str) -> str:
    name, number = wanted, 1
    while (data_dir / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def _stage(source: Path, manifest: Manifest, staged: Path, advance: Advance) -> None:
    """Write every file, and compare what was written with the manifest."""
    wanted = {one.path: one for one in manifest.entries}
    total, done = sum(one.size for one in manifest.entries), 0
    folders = {staged}
    with _opened(source) as archive:
        for member in archive:
            if member.name == MANIFEST:
                continue
            entry = wanted.pop(member.name, None)
            if entry is None or not member.isreg():
                raise _damaged(source, f"{member.name!r} is not on its list")
            advance(done, total, entry.path)
            target = staged / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
            _copy(archive, member, entry, target, source)
            done += entry.size
    if wanted:
        raise _damaged(source, f"{min(wanted)!r} is missing")
    for folder in folders:
        sync(folder)
    advance(total, total, "")


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, entry: Entry, target: Path, source: Path) -> None:
    file = archive.extractfile(member)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while file is not None and (chunk := file.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if (size, digest.hexdigest()) != (entry.size, entry.sha256):
        raise _damaged(source, f"{entry.path!r} is not what it was when the backup was made")


def _check(source: Path, database: Path) -> None:
    if not database.is_file():
        raise _damaged(source, f"{database.name!r} is missing")
    try:
        check_store(database)
    except CostbotError as error:
        raise CostbotError(f"{source} cannot be restored. {error.cause}", error.remedy) from error


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    if not source.is_file():
        raise CostbotError(f"There is no file {source}.", "Name the one that `costbot backup` wrote.")
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(source, "it is cut off or no backup of costbot") from error


def _damaged(source: Path, why: str) -> CostbotError:
    return CostbotError(
        f"{source} cannot be restored: {why}.", "Take an earlier backup; nothing of the data directory was changed."
    )
