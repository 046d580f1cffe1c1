"""Reading many accounts and regions at once: a few threads, each failure noted and left out, progress told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from bot.aws import AccountRef, RegionList
from bot.context import Context
from bot.errors import NotEnoughData, SourceUnavailable
from bot.logs.correlation import carried
from bot.spending import SpendingRefused

MOST_THREADS = 8
#: Called with (done, total, what is being looked at).
Progress = Callable[[int, int, str], None]
#: The source that tells which accounts there are.
ORGANIZATION = "organizations"
#: Days of the bill in which an account counts as still in use.
BILLED_DAYS = 30
#: Accounts that a sentence names; the others are counted.
MOST_NAMED = 4
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
        # Only what failed before needs a note that it answers: thousands of places answer every time.
        self._failing = {(s.source, s.account_id, s.region) for s in context.store.source_health() if not s.ok}
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
            futures = {place: pool.submit(carried(read), place) for place in places}
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
        """The accounts to look at; what keeps others from being looked at is noted.

        Raises:
            SourceUnavailable: there are no working credentials.
        """
        found = self._context.aws.account_list()
        costs = self._context.costs
        costs.note_account_names({ref.id: ref.name for ref in (*found.accounts, *found.left_out) if ref.name != ref.id})
        names = costs.account_names()
        sentence = ""
        if found.problem is not None:
            left_out = len(names.keys() - {account.id for account in found.accounts})
            sentence = f"{found.problem.cause}{_left_out(left_out)} {found.problem.remedy}"
            self.failures.append(NotLookedAt(ORGANIZATION, None, "the organisation", None, sentence))
        elif not self._context.settings.accounts:
            self._strangers({ref.id for ref in (*found.accounts, *found.left_out)}, names)
        if found.left_out:
            self.failures.append(_closed(found.left_out))
        now = self._context.clock.now()
        self._context.store.note_source(ORGANIZATION, None, None, found.problem is None, sentence, now)
        return tuple(
            replace(account, name=names.get(account.id, account.id)) if account.name == account.id else account
            for account in found.accounts
        )

    def _strangers(self, listed: set[str], names: Mapping[str, str]) -> None:
        """Note accounts of AWS that were billed lately and are not, or no longer, in the organisation."""
        today = self._context.clock.today()
        where = {"provider": "AWS"}
        try:
            billed = self._context.costs.daily(
                by=("account",), start=today - timedelta(days=BILLED_DAYS), end=today, where=where
            )
        except NotEnoughData:
            return
        strange = sorted(set(billed["account"]) - listed - {"unknown"})
        if strange:
            shown = [AccountRef(id_, names.get(id_, id_)) for id_ in strange]
            verb, whom = ("is", "it is") if len(strange) == 1 else ("are", "they are")
            sentence = (
                f"{_listed(shown)} {verb} on the bill of the last {BILLED_DAYS} days and not in the organisation, so "
                f"{whom} not looked at; COSTBOT_ACCOUNTS can name every account."
            )
            self.failures.append(NotLookedAt(ORGANIZATION, None, _accounts(len(strange)), None, sentence))

    def regions(self, accounts: Iterable[AccountRef]) -> dict[AccountRef, tuple[str, ...]]:
        """The enabled regions to look at in each account that tells them.

        Regions of the settings that cannot be looked at are noted, each once.
        """
        found: dict[AccountRef, RegionList] = {}
        with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="scan") as pool:
            futures = {account: pool.submit(carried(self._context.aws.region_list), account.id) for account in accounts}
            for account, future in futures.items():
                try:
                    found[account] = future.result()
                except SourceUnavailable as error:
                    self.failed("ec2", account, None, error)
                else:
                    self.answered("ec2", account, None)
        if self._context.settings.regions:
            self._skipped(found)
        return {account: regions.enabled for account, regions in found.items()}

    def _skipped(self, found: Mapping[AccountRef, RegionList]) -> None:
        for region in sorted({name for regions in found.values() for name in regions.unknown}):
            sentence = f"COSTBOT_REGIONS names {region}, which AWS does not know; correct it."
            self.failures.append(NotLookedAt("ec2", None, "every account", region, sentence))
        for region in sorted({name for regions in found.values() for name in regions.left_out}):
            count = sum(region in regions.left_out for regions in found.values())
            sentence = (
                f"{region} of COSTBOT_REGIONS is not enabled in {count} of {_accounts(len(found))}: nothing can run "
                "there, so it is skipped."
            )
            self.failures.append(NotLookedAt("ec2", None, _accounts(count), region, sentence))

    def _refused(self, source: str, refused: list[SpendingRefused], places: int) -> None:
        """What costbot may not pay for is no fault of any place: it is told once for all of them."""
        sentence = str(refused[0]) if refused else ""
        if any(told.sentence == sentence for told in self.failures):
            return
        if refused:
            self.failures.append(NotLookedAt(source, None, f"{len(refused)} of {places} places", None, sentence))
        if places:
            self._context.store.note_source(source, None, None, not refused, sentence, self._context.clock.now())

    def failed(self, source: str, account: AccountRef, region: str | None, error: SourceUnavailable) -> None:
        """Note that a source gave no answer; what several say in the same words is told once."""
        if any((told.account_id, told.sentence) == (account.id, str(error)) for told in self.failures):
            return
        self.failures.append(NotLookedAt(source, account.id, account.name, region, str(error)))
        self._context.store.note_source(source, account.id, region, False, str(error), self._context.clock.now())

    def answered(self, source: str, account: AccountRef, region: str | None) -> None:
        """Note that a source answers again."""
        if (source, account.id, region) in self._failing:
            self._context.store.note_source(source, account.id, region, True, "", self._context.clock.now())


def _closed(accounts: Sequence[AccountRef]) -> NotLookedAt:
    verb = "is" if len(accounts) == 1 else "are"
    whom = "it" if len(accounts) == 1 else "them"
    sentence = f"{_listed(accounts)} {verb} suspended or closed: AWS lets nobody look into {whom}."
    return NotLookedAt(ORGANIZATION, None, _accounts(len(accounts)), None, sentence)


def _listed(accounts: Sequence[AccountRef]) -> str:
    """A few accounts by name and id; the others counted."""
    shown = [ref.id if ref.name == ref.id else f"{ref.name} ({ref.id})" for ref in accounts[:MOST_NAMED]]
    if len(accounts) > MOST_NAMED:
        shown.append(f"{len(accounts) - MOST_NAMED} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _accounts(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"


def _left_out(count: int) -> str:
    if count == 0:
        return ""
    return f" {count} other account{'' if count == 1 else 's'} on the stored bills {'is' if count == 1 else 'are'} not."
