"""The one clock: real time, or for the demo and tests a fixed start from which time passes as usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


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
        """Seconds since the epoch, for Slack's timestamps."""
        return self.now().timestamp()


@cache
def zone_names() -> frozenset[str]:
    """The IANA time zones that this machine knows; six hundred files, so they are looked up once."""
    return frozenset(available_timezones())


def moment(text: str) -> datetime:
    """A moment in UTC from what a person types: a date is 10:00 of that day.

    Raises:
        ValueError: neither a date nor a date and time in ISO form.
    """
    value = datetime.fromisoformat(text)
    if len(text) == len("2026-11-20"):
        return datetime.combine(value.date(), time(10, 0), UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
