"""One costbot per data directory: the scheduler, the Slack connection and the SQLite file belong to one process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import CostbotError

LOCK = "costbot.lock"


def owner(data_dir: Path) -> int | None:
    """The process that holds the directory, which may be this one; None where none does."""
    try:
        handle = (data_dir / LOCK).open("r")
    except OSError:
        return None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = handle.read().strip()
            return int(text) if text.isdigit() else 0
    return None


@contextmanager
def sole_owner(data_dir: Path) -> Iterator[None]:
    """Hold the directory while costbot runs; the kernel lets go when the process ends, however it ends.

    Raises:
        CostbotError: another process holds it.
    """
    path = data_dir / LOCK
    try:
        handle = path.open("a+")
    except OSError as error:
        raise CostbotError(
            f"{data_dir} cannot be written: {error.strerror}.", "Name another with --data-dir or COSTBOT_DATA_DIR."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            owner = handle.read().strip() or "unknown"
            raise CostbotError(
                f"Another costbot (process {owner}) already runs on {data_dir}.",
                "Stop it first, or give this one its own --data-dir.",
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
