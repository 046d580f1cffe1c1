"""Everything costbot decides, posts and runs, in one SQLite file; only `Store` opens it.

One connection behind one lock: threads queue in the process, processes queue at `BEGIN IMMEDIATE`.
Times are passed in; nothing here reads a clock. What a subject of its own needs is a room: `store.channels`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from analysis.models import Anomaly, Recommendation
from bot.charges import Booking, Charge
from bot.store import (
    assignments,
    audit,
    bookkeeping,
    decisions,
    findings,
    jobs,
    known_changes,
    posts,
    redraws,
    restatements,
    subscriptions,
    thresholds,
)
from bot.store.budgets import BudgetChange, Budgets
from bot.store.channels import Channels, ChannelSettings
from bot.store.connection import StoreFile
from bot.store.decisions import Decision
from bot.store.escalations import Escalations
from bot.store.held import Held, HeldAlerts
from bot.store.home_tabs import HomeTabs
from bot.store.mutes import Mute, Mutes
from bot.store.owners import Owners
from bot.store.restatements import Observation, Restatement
from bot.store.retention import Retention
from bot.store.rows import (
    COSTBOT,
    AlreadyDecided,
    AlreadyStated,
    ApiSpend,
    AuditRow,
    Booked,
    Finding,
    JobRun,
    NotAllowed,
    Post,
    SourceHealth,
    StatedChange,
    Subscription,
    ThresholdChange,
    Told,
)
from bot.store.told_savings import ToldSavings
from bot.store.units import UnitCounts
from bot.store.watch import Watch

__all__ = [
    "COSTBOT",
    "AlreadyDecided",
    "AlreadyStated",
    "ApiSpend",
    "AuditRow",
    "Booked",
    "BudgetChange",
    "ChannelSettings",
    "Decision",
    "Finding",
    "Held",
    "JobRun",
    "Mute",
    "NotAllowed",
    "Observation",
    "Post",
    "Restatement",
    "SourceHealth",
    "StatedChange",
    "Store",
    "Subscription",
    "ThresholdChange",
    "Told",
]


class Store:
    """The file's verbs. Every write is one transaction; every error of the file is a sentence."""

    def __init__(self, path: Path) -> None:
        """Open and migrate the file at `path`.

        Raises:
            CostbotError: it cannot be opened, is damaged, or was written by a newer costbot.
        """
        self._file = StoreFile(path)
        self._reading, self._writing = self._file.reading, self._file.writing
        self.channels = Channels(self._file)
        self.budgets = Budgets(self._file)
        self.watch = Watch(self._file)
        self.retention = Retention(self._file)
        self.escalations = Escalations(self._file)
        self.home_tabs = HomeTabs(self._file)
        self.owners = Owners(self._file)
        self.told_savings = ToldSavings(self._file)
        self.held = HeldAlerts(self._file)
        self.mutes = Mutes(self._file)
        self.units = UnitCounts(self._file)

    def close(self) -> None:
        """Close the file; a later call fails."""
        self._file.close()

    # Findings

    def record(self, value: Anomaly | Recommendation, now: datetime, *, reopens: bool = True) -> Finding:
        """Upsert by fingerprint: figures are replaced, state and decision kept; what was resolved opens again.

        Args:
            reopens: False where only the figures of something that is over are corrected.
        """
        with self._writing() as db:
            return findings.record(db, value, now, reopens=reopens)

    def finding(self, id_or_fingerprint: str) -> Finding:
        """One finding.

        Raises:
            CostbotError: it is unknown; the remedy names the nearest id.
        """
        with self._reading() as db:
            return findings.get(db, id_or_fingerprint)

    def findings(self, kind: str | None = None, states: Collection[str] | None = None) -> list[Finding]:
        """Findings of a kind ("anomaly" or "recommendation") in some states, oldest first."""
        with self._reading() as db:
            return findings.every(db, kind, states)

    def assign(
        self,
        finding_id: str,
        assignee: str | None,
        *,
        actor: str,
        now: datetime,
        channel: str | None = None,
        ts: str | None = None,
    ) -> Finding:
        """Give a finding to a person or to nobody; see `assignments.assign`."""
        with self._writing() as db:
            return assignments.assign(db, finding_id, assignee, actor=actor, now=now, channel=channel, ts=ts)

    def decide(
        self,
        finding_id: str,
        verb: str,
        *,
        actor: str,
        now: datetime,
        reason: str | None = None,
        note: str | None = None,
        until: datetime | None = None,
        channel: str | None = None,
        ts: str | None = None,
        version: int | None = None,
    ) -> Finding:
        """Compare-and-swap with its audit row; who may say it is `bot.workflows.decide`'s to check.

        Args:
            version: what the caller looked at; the decision only counts if it is still that.
        Raises:
            AlreadyDecided: the state no longer allows the verb; the error carries the finding.
            NotAllowed: this kind of finding does not know the verb.
        """
        decision = Decision(verb, actor, now, reason, note, until, channel, ts, version)
        with self._writing() as db:
            return decisions.decide(db, finding_id, decision)

    def wake(self, now: datetime) -> list[Finding]:
        """Snoozed findings whose end has passed, now open."""
        with self._writing() as db:
            return decisions.wake(db, now)

    def resolve(self, finding_id: str, now: datetime, why: str) -> Finding:
        """costbot closes what is gone or settled; what a person dismissed stays dismissed."""
        with self._writing() as db:
            return decisions.resolve(db, finding_id, now, why)

    def audit(self, finding_id: str) -> list[AuditRow]:
        """What happened to a finding, first to last."""
        with self._reading() as db:
            return audit.of(db, findings.get(db, finding_id).id)

    # Redraws

    def redraws_due(self, now: datetime) -> list[str]:
        """Ids of findings whose cards show an old state."""
        with self._reading() as db:
            return redraws.due(db, now)

    def redrawn(self, drawn: Finding, now: datetime) -> None:
        """All cards show `drawn` as it was read."""
        with self._writing() as db:
            redraws.done(db, drawn, now)

    def redraw_later(self, finding_id: str, due_at: datetime) -> None:
        """Try the cards of a finding again at `due_at`."""
        with self._writing() as db:
            redraws.note(db, finding_id, due_at)

    def forget_redraw(self, finding_id: str) -> None:
        """Give up on the cards of a finding."""
        with self._writing() as db:
            redraws.forget(db, finding_id)

    # Posts

    def claim_post(self, subject: str, channel: str, now: datetime) -> bool:
        """Whether the caller is to post `subject` in `channel`; after a crash between claim and confirm, once more."""
        with self._writing() as db:
            return posts.claim(db, subject, channel, now)

    def confirm_post(self, subject: str, channel: str, ts: str, now: datetime) -> None:
        """The claimed message is out as `ts`."""
        with self._writing() as db:
            posts.confirm(db, subject, channel, ts, now)

    def abandon_post(self, subject: str, channel: str) -> None:
        """Slack refused the claimed message: anyone may claim it again."""
        with self._writing() as db:
            posts.abandon(db, subject, channel)

    def posts(self, subject: str) -> list[Post]:
        """Where a subject was posted; `ts` is None while Slack has not answered."""
        with self._reading() as db:
            return posts.of(db, subject)

    # Subscriptions

    def subscribe(self, wanted: Subscription) -> None:
        """Insert or change what a channel gets; its problem, if it had one, is forgotten."""
        with self._writing() as db:
            subscriptions.subscribe(db, wanted)

    def unsubscribe(
        self, channel: str, kind: str | None, *, team: str | None = None, account: str | None = None
    ) -> int:
        """How many subscriptions ended; without a kind, all of the channel; without filters, of all filters."""
        with self._writing() as db:
            return subscriptions.unsubscribe(db, channel, kind, team=team, account=account)

    def subscriptions(self, kind: str | None = None, channel: str | None = None) -> list[Subscription]:
        """Subscriptions, by channel, kind, team and account."""
        with self._reading() as db:
            return subscriptions.every(db, kind, channel)

    def flag_subscription(
        self,
        channel: str,
        kind: str,
        problem: str | None,
        *,
        team: str | None = None,
        account: str | None = None,
    ) -> None:
        """Why a subscription does not arrive; None when it does again. Without filters, those of all filters."""
        with self._writing() as db:
            subscriptions.flag(db, channel, kind, problem, team=team, account=account)

    # Jobs

    def claim_job(self, job: str, due_at: datetime, now: datetime) -> bool:
        """Whether the caller is to run `job` for `due_at`."""
        with self._writing() as db:
            return jobs.claim(db, job, due_at, now)

    def finish_job(self, job: str, due_at: datetime, now: datetime, error: str | None) -> None:
        """The run is over; `error` is the sentence of a failed one."""
        with self._writing() as db:
            jobs.finish(db, job, due_at, now, error)

    def abandon_jobs(self) -> int:
        """At the start: runs whose process ended half-way may be claimed again; returns how many."""
        with self._writing() as db:
            return jobs.abandon(db)

    def release_jobs(self) -> int:
        """At an orderly stop: what still runs may be claimed again as if it had not begun; returns how many."""
        with self._writing() as db:
            return jobs.release(db)

    def last_run(self, job: str) -> JobRun | None:
        """The latest run of a job."""
        with self._reading() as db:
            return jobs.last(db, job)

    # Bookkeeping

    def book(self, charge: Charge, at: datetime, *, requests_a_day: int | None, cap_usd: float | None) -> Booked:
        """Count a billed call before it is made, if the day's requests and the month's dollars allow it."""
        with self._writing() as db:
            return bookkeeping.book(db, charge, at, requests_a_day=requests_a_day, cap_usd=cap_usd)

    def take_back(self, booking: Booking) -> None:
        """A booked call failed and cost nothing."""
        with self._writing() as db:
            bookkeeping.take_back(db, booking)

    def requests_of(self, service: str, at: datetime) -> int:
        """Requests of a service on the UTC day of `at`."""
        with self._reading() as db:
            return bookkeeping.requests_of(db, service, at)

    def spent_in_month(self, at: datetime) -> float:
        """Dollars that billed calls cost in the UTC month of `at`."""
        with self._reading() as db:
            return bookkeeping.spent_in_month(db, at)

    def api_spend(self, since: date, until: date = date.max) -> list[ApiSpend]:
        """Calls, units and dollars per operation of the UTC days [since, until)."""
        with self._reading() as db:
            return bookkeeping.api_spend(db, since, until)

    def spend_by_day(self, since: date) -> dict[date, float]:
        """Dollars of each UTC day from `since` on that has any calls."""
        with self._reading() as db:
            return bookkeeping.spend_by_day(db, since)

    def remember(self, key: str, value: str, now: datetime) -> None:
        """Keep a small fact."""
        with self._writing() as db:
            bookkeeping.remember(db, key, value, now)

    def recall(self, key: str) -> str | None:
        """A small fact, or None."""
        with self._reading() as db:
            return bookkeeping.recall(db, key)

    def forget(self, key: str) -> None:
        """Drop a small fact."""
        with self._writing() as db:
            bookkeeping.forget(db, key)

    def note_source(
        self, source: str, account_id: str | None, region: str | None, ok: bool, sentence: str, at: datetime
    ) -> None:
        """How a data source answered; without an account or region, as a whole."""
        with self._writing() as db:
            bookkeeping.note_source(db, source, account_id, region, ok, sentence, at)

    def source_health(self) -> list[SourceHealth]:
        """Every source that was asked, failing ones first."""
        with self._reading() as db:
            return bookkeeping.source_health(db)

    # Thresholds

    def change_thresholds(
        self,
        chosen: tuple[float, float] | None,
        settings: tuple[float, float],
        *,
        actor: str,
        now: datetime,
        channel: str | None = None,
    ) -> ThresholdChange | None:
        """Save alert thresholds (money a day, per cent), or with None go back to those of the settings.

        Returns:
            what was noted of it for good; None where nothing was saved that could be taken back.
        """
        with self._writing() as db:
            return thresholds.change(db, chosen, settings, actor=actor, now=now, channel=channel)

    def threshold_changes(self, most: int = 1) -> list[ThresholdChange]:
        """The last times that thresholds were set, newest first."""
        with self._reading() as db:
            return thresholds.changes(db, most)

    # Known changes

    def add_known_change(self, told: Told, *, actor: str, now: datetime, channel: str | None = None) -> StatedChange:
        """Keep what a person says will change; who may is the caller's to check.

        Raises:
            AlreadyStated: the same stands already.
        """
        with self._writing() as db:
            return known_changes.add(db, told, actor=actor, now=now, channel=channel)

    def remove_known_change(
        self, change_id: str, *, actor: str, now: datetime, channel: str | None = None
    ) -> StatedChange:
        """Take a known change back; its row stays.

        Raises:
            UsageError: there is none of that id, or it was taken back before.
        """
        with self._writing() as db:
            return known_changes.remove(db, change_id, actor=actor, now=now, channel=channel)

    def known_changes(self, *, removed: bool = False) -> list[StatedChange]:
        """Changes that people told, by their first day; with `removed` those taken back as well."""
        with self._reading() as db:
            return known_changes.every(db, removed=removed)

    # Restatements

    def note_observations(
        self, observations: Collection[Observation], restated: Collection[Restatement], now: datetime
    ) -> None:
        """Keep what a source told of its open days, and which complete days changed; what is old is dropped."""
        with self._writing() as db:
            restatements.observe(db, observations)
            restatements.restate(db, restated)
            restatements.forget_old(db, now)

    def observations(self, source: str) -> list[Observation]:
        """What a source told of its days and when, by provider, day and time."""
        with self._reading() as db:
            return restatements.observations(db, source)

    def restatements(self, since: datetime, source: str | None = None) -> list[Restatement]:
        """Days that changed after they had counted as complete, noted at `since` or later, first to last."""
        with self._reading() as db:
            return restatements.restatements(db, since, source)
