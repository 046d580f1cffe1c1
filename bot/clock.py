"""The one clock: real time, or for the demo and tests a fixed start from which time passes as usual."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time, shifted by a constant offset (zero in production)."""

    offset: timedelta = timedelta(0)

    @classmethod
    def starting_at(cls, now: datetime | None) -> Clock:
        """A clock that reads `now` (aware) at this moment; None is real time."""
        if now is None:
            return cls()
        return cls(now.astimezone(UTC) - datetime.now(UTC))

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def today(self, zone: ZoneInfo | None = None) -> date:
        """The date in `zone`; without one, in UTC, which is how AWS cuts its days."""
        return self.now().astimezone(zone or UTC).date()

    def unix(self) -> float:
        """Seconds since the epoch, for Slack's dates."""
        return time.time() + self.offset.total_seconds()
