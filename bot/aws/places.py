"""Reading many accounts and regions at once: a few threads, each failure noted and left out, progress told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.aws import AccountRef
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.spending import SpendingRefused

MOST_THREADS = 8
#: Called with (done, total, what is being looked at).
Progress = Callable[[int, int, str], None]
#: The source that tells which accounts there are.
ORGANIZATION = "organizations"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One account in one region."""

    account: AccountRef
    region: str

    def __str__(self) -> str:
        return f"{self.account.name} {self.region}"


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """A source that gave no answer, and why; `account_id` is None where it is of no single account."""

    source: str
    account_id: str | None
    account_name: str
    region: str | None
    sentence: str


class Round:
    """One trip around the places; remembers how far it is and what gave no answer."""

    def __init__(self, context: Context, progress: Progress) -> None:
        self.failures: list[NotLookedAt] = []
        self._context = context
        self._progress = progress
        self._done = 0
        self._total = 1

    def expect(self, steps: int) -> None:
        """So many steps are still to come."""
        self._total = self._done + steps

    def step(self, what: str) -> None:
        """One step is done."""
        self._done += 1
        self._progress(self._done, max(self._total, self._done), what)

    def read(self, source: str, places: Iterable[Place], read: Callable[[Place], T]) -> dict[Place, T]:
        """What `read` returns for each place; a place that gives no answer is noted and left out.

        Args:
            source: what is asked, as source health names it.
        """
        found: dict[Place, T] = {}
        refused: list[SpendingRefused] = []
        with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="scan") as pool:
            futures = {place: pool.submit(read, place) for place in places}
            for place, future in futures.items():
                try:
                    found[place] = future.result()
                except SpendingRefused as error:
                    refused.append(error)
                except SourceUnavailable as error:
                    self.failed(source, place.account, place.region, error)
                else:
                    self.answered(source, place.account, place.region)
                self.step(str(place))
        self._refused(source, refused, len(futures))
        return found

    def accounts(self) -> tuple[AccountRef, ...]:
        """The accounts to look at; that those of the organisation could not be listed is noted.

        Raises:
            SourceUnavailable: there are no working credentials.
        """
        found = self._context.aws.account_list()
        names = self._context.costs.account_names()
        sentence = ""
        if found.problem is not None:
            left_out = len(names.keys() - {account.id for account in found.accounts})
            sentence = f"{found.problem.cause}{_left_out(left_out)} {found.problem.remedy}"
            self.failures.append(NotLookedAt(ORGANIZATION, None, "the organisation", None, sentence))
        now = self._context.clock.now()
        self._context.store.note_source(ORGANIZATION, None, None, found.problem is None, sentence, now)
        return tuple(
            replace(account, name=names.get(account.id, account.id)) if account.name == account.id else account
            for account in found.accounts
        )

    def regions(self, accounts: Iterable[AccountRef]) -> dict[AccountRef, tuple[str, ...]]:
        """The regions to look at in each account that tells them."""
        found: dict[AccountRef, tuple[str, ...]] = {}
        with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="scan") as pool:
            futures = {account: pool.submit(self._context.aws.regions, account.id) for account in accounts}
            for account, future in futures.items():
                try:
                    found[account] = future.result()
                except SourceUnavailable as error:
                    self.failed("ec2", account, None, error)
                else:
                    self.answered("ec2", account, None)
        return found

    def _refused(self, source: str, refused: list[SpendingRefused], places: int) -> None:
        """What costbot may not pay for is no fault of any place: it is told once for all of them."""
        sentence = str(refused[0]) if refused else ""
        if refused:
            self.failures.append(NotLookedAt(source, None, f"{len(refused)} of {places} places", None, sentence))
        if places:
            self._context.store.note_source(source, None, None, not refused, sentence, self._context.clock.now())

    def failed(self, source: str, account: AccountRef, region: str | None, error: SourceUnavailable) -> None:
        """Note that a source gave no answer."""
        self.failures.append(NotLookedAt(source, account.id, account.name, region, str(error)))
        self._context.store.note_source(source, account.id, region, False, str(error), self._context.clock.now())

    def answered(self, source: str, account: AccountRef, region: str | None) -> None:
        """Note that a source answered."""
        self._context.store.note_source(source, account.id, region, True, "", self._context.clock.now())


def _left_out(count: int) -> str:
    if count == 0:
        return ""
    return f" {count} other account{'' if count == 1 else 's'} on the stored bills {'is' if count == 1 else 'are'} not."
