"""The one place that decides whether costbot may make a billed AWS call: a day's requests, a month's dollars.

The books are in the store, so every process and every restart counts on. Days and months are UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.charges import ATHENA, COST_EXPLORER, METRIC_DATA, Booking, Charge
from bot.errors import SourceUnavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store import Store

#: What a refusal begins with, by service.
_NOT_ASKED = {
    COST_EXPLORER.service: "Cost Explorer is not asked",
    METRIC_DATA.service: "CloudWatch metrics are not read",
    ATHENA.service: "Athena is not asked",
}


class SpendingRefused(SourceUnavailable):
    """A billed call was not made, because costbot would spend more than it may."""


class AllowanceUsed(SpendingRefused):
    """Today's Cost Explorer requests are used up."""


class CapReached(SpendingRefused):
    """This month's dollars for billed calls are used up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was spent and what is left; `cap_usd` is None where there is no cap."""

    requests_today: int
    requests_a_day: int
    usd_this_month: float
    cap_usd: float | None

    @property
    def requests_left(self) -> int:
        """Cost Explorer requests that today still has, were there money for all."""
        return max(0, self.requests_a_day - self.requests_today)

    @property
    def usd_left(self) -> float:
        """Dollars this month still has; infinite without a cap."""
        return float("inf") if self.cap_usd is None else max(0.0, self.cap_usd - self.usd_this_month)


class Spending:
    """Books billed calls before they are made; a `bot.aws.clients.Meter`. Safe between threads and processes."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    def book(self, charge: Charge) -> Booking:
        """Count a call that is about to be made.

        Raises:
            AllowanceUsed: it would be one Cost Explorer request too many today.
            CapReached: the month's cap would be exceeded.
        """
        now = self._now()
        daily = self._settings.ce_requests_a_day if charge.service == COST_EXPLORER.service else None
        booked = self._store.book(charge, now, requests_a_day=daily, cap_usd=self._cap)
        if booked.booking is not None:
            return booked.booking
        if not booked.has_money:
            raise self.cap_reached(charge, booked.usd_this_month)
        raise self.allowance_used()

    def take_back(self, booking: Booking) -> None:
        """The call failed, and AWS bills no failed call."""
        self._store.take_back(booking)

    def settle(self, booking: Booking, charge: Charge) -> None:
        """A call whose price only its end tells: what it cost takes the place of what was booked, whatever the cap."""
        self._store.take_back(booking)
        self._store.book(charge, self._now(), requests_a_day=None, cap_usd=None)

    def standing(self) -> Standing:
        """What was spent so far."""
        now = self._now()
        return Standing(
            self._store.requests_of(COST_EXPLORER.service, now),
            self._settings.ce_requests_a_day,
            self._store.spent_in_month(now),
            self._cap,
        )

    def allowance_used(self, cause: str = "") -> AllowanceUsed:
        """Why no more requests are possible today, and when they are again.

        Args:
            cause: why, where it is not that all are used.
        """
        many = self._settings.ce_requests_a_day
        if many == 0:
            return AllowanceUsed(
                "COSTBOT_CE_REQUESTS_A_DAY is 0, so Cost Explorer is not asked.",
                "Set it to 12 to let costbot ask, or read a billing export.",
            )
        used = "The one Cost Explorer request" if many == 1 else f"All {many} Cost Explorer requests"
        return AllowanceUsed(
            cause or f"{used} of today {'is' if many == 1 else 'are'} used.",
            f"It is possible again from {next_day(self._now()):%b %-d} 00:00 UTC on; "
            "COSTBOT_CE_REQUESTS_A_DAY allows more, at $0.01 each.",
        )

    def cap_reached(self, charge: Charge, spent: float) -> CapReached:
        """Why no money is left for a call, and what to do."""
        price = f"${charge.usd:.2f}" if charge.usd >= 0.01 else "less than a cent"
        not_asked = _NOT_ASKED.get(charge.service, f"{charge.service} is not asked")
        return CapReached(
            f"{not_asked}: costbot has spent ${spent:.2f} on AWS calls this month, and {price} more would exceed its "
            f"cap of ${self._cap or 0:.2f}.",
            f"Raise COSTBOT_MONTHLY_API_CAP (0 is no cap), or wait until {next_month(self._now()):%b %-d}; "
            "`/cost meter` shows what was spent.",
        )

    @property
    def _cap(self) -> float | None:
        return self._settings.monthly_api_cap or None


def next_day(now: datetime) -> date:
    """The UTC day that begins next."""
    return now.date() + timedelta(days=1)


def next_month(now: datetime) -> date:
    """The first day of the UTC month that begins next."""
    return (now.date().replace(day=1) + timedelta(days=32)).replace(day=1)
