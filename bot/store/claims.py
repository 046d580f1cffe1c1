"""Who holds a claim: a claim outlives its process only until somebody looks."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta

#: A claim this old is given up even if its process seems alive.
PATIENCE = timedelta(minutes=10)
#: After a claim whose process ended, one more try: at most one post is repeated.
MOST_ATTEMPTS = 2

_TOKEN = secrets.token_hex(8)


def claimant() -> str:
    """This process, as claims name it."""
    return f"{os.getpid()}:{_TOKEN}"


def given_up(claimed_by: str | None, claimed_at: datetime, now: datetime) -> bool:
    """Whether nobody is working on a claim any more."""
    if not claimed_by or now - claimed_at > PATIENCE:
        return True
    pid, _, token = claimed_by.partition(":")
    if token == _TOKEN:
        return False
    # Another process once had this process's id: it is gone (in a container the id is always the same).
    return int(pid) == os.getpid() or not is_running(int(pid))


def is_running(pid: int) -> bool:
    """Whether a process of this id runs, whosoever it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
