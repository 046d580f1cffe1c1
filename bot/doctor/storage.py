"""Is the data directory one that lasts, and is what is in it fresh?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.app import DATABASE
from bot.doctor import Finding, Status
from bot.settings import Settings

EPHEMERAL_FILE_SYSTEMS = {"tmpfs", "ramfs", "overlay", "overlayfs", "aufs"}
MOUNTS = Path("/proc/mounts")
MIN_FREE_BYTES = 500_000_000
REMEDY = "Point COSTBOT_DATA_DIR at a volume; decisions and cost history live there."


def examine(settings: Settings) -> Iterator[Finding]:
    """The directory: writable, lasting, with room."""
    folder = settings.data_dir.resolve()
    problem = _not_writable(folder)
    if problem:
        yield Finding("data directory", Status.FAILURE, problem, "Name a writable one with COSTBOT_DATA_DIR.")
        return
    why = ephemeral(folder)
    if why:
        yield Finding("data directory", Status.WARNING, f"{folder} looks as if it is lost at a restart: {why}.", REMEDY)
    else:
        yield Finding("data directory", Status.OK, f"{folder} can be written and looks lasting.")
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        yield Finding("disk", Status.WARNING, f"Only {free / 1e6:,.0f} MB are free in {folder}.", "Free some space.")
    if not (folder / DATABASE).exists():
        yield Finding("database", Status.OK, f"{DATABASE} is not there yet; the first start makes it.")


def ephemeral(folder: Path, mounts: str | None = None) -> str | None:
    """Why the folder looks as if a restart empties it; None where it looks lasting.

    Args:
        mounts: the text of /proc/mounts, read when not given.
    """
    if "DYNO" in os.environ:
        return "a Heroku dyno's disk is wiped at each restart"
    if folder.is_relative_to("/tmp") or folder.is_relative_to("/var/tmp"):
        return "it lies under a folder for temporary files"
    text = mounts if mounts is not None else MOUNTS.read_text() if MOUNTS.exists() else ""
    kind = _file_system(folder, text)
    return f"it is on a {kind} file system, which a container drops" if kind in EPHEMERAL_FILE_SYSTEMS else None


def _file_system(folder: Path, mounts: str) -> str:
    longest, kind = "", ""
    for line in mounts.splitlines():
        _, point, file_system, *_ = line.split()
        if folder.is_relative_to(point) and len(point) > len(longest):
            longest, kind = point, file_system
    return kind


def _not_writable(folder: Path) -> str | None:
    probe = folder / ".costbot-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("probe")
        probe.unlink()
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}."
    return None
