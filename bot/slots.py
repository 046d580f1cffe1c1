"""When jobs are due: slots of a fixed length that begin at the same moments for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: A job that failed is tried again after so long.
RETRY_AFTER = timedelta(minutes=15)


def slot(now: datetime, every: timedelta) -> datetime:
    """The start of the slot that `now` lies in."""
    return EPOCH + (now - EPOCH) // every * every
