"""Files replaced whole: written beside the old one, made last, renamed; whoever reads sees the one or the other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


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


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def sync(path: Path) -> None:
    """Have a file or folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
