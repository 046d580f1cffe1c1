"""Files replaced whole: written beside the old one, made last, renamed; whoever reads sees the one or the other."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from bot.errors import CostbotError

_NO_MORE = re.compile("No space left on device|File too large|Disk quota exceeded|Read-only file system")


def swap(
    path: Path,
    write: Callable[[Path], object],
    *,
    wanted: Callable[[], bool] = lambda: True,
    before: Callable[[], object] = lambda: None,
) -> bool:
    """Replace a file by what `write` puts into the path it is given; unchanged bytes leave the file alone.

    Args:
        wanted: asked after writing; what is not wanted is thrown away.
        before: called just before the rename.
    Returns:
        whether the file changed.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        write(fresh)
        if not wanted() or (path.exists() and _same(path, fresh)):
            return False
        sync(fresh)
        fresh.chmod(0o644)
        before()
        fresh.replace(path)
        sync(path.parent)
        return True
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def refusals_told(folder: Path) -> Iterator[None]:
    """Turn what a disk refuses into a sentence.

    Args:
        folder: what is written there.
    """
    remedy = "Free disk space or fix its permissions, and run it again; every stored month is whole."
    try:
        yield
    except OSError as error:
        named = error.filename or folder
        raise CostbotError(f"{named} cannot be used: {error.strerror or error}.", remedy) from error
    except duckdb.IOException as error:
        raise CostbotError(f"Costs cannot be kept in {folder}: {_reason(error)}.", remedy) from error


def full_disk(error: Exception) -> str | None:
    """Why a disk took no more, in the kernel's words; None where that is not what happened."""
    found = _NO_MORE.search(str(error))
    return found[0] if found else None


def _reason(error: Exception) -> str:
    return full_disk(error) or str(error).splitlines()[0][:200]


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def sync(path: Path) -> None:
    """Have a file or folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
