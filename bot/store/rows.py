"""The values that `Store` returns, and how times are written in its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from analysis.models import Anomaly, Recommendation
from bot.charges import Booking, Unit
from bot.errors import CostbotError

#: The actor of what costbot does by itself.
COSTBOT = "costbot"


@dataclass(frozen=True, slots=True)
class Finding:
    """An anomaly or a saving with its state; `version` counts its changes of state.

    The decision fields are None while it is open. `is_new` is true only in what `record` returns the first time;
    `assignee` is who looks after it.
    """

    id: str
    kind: str
    state: str
    value: Anomaly | Recommendation
    version: int
    is_new: bool
    created_at: datetime
    updated_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    note: str | None
    until: datetime | None
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change of state: who, when, from where to where; `value_hash` pins the figures that were shown."""

    at: datetime
    finding_id: str
    actor: str
    verb: str
    from_state: str | None
    to_state: str
    reason: str | None
    note: str | None
    until: datetime | None
    channel: str | None
    ts: str | None
    value_hash: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message about a subject in a channel; `ts` is None from the claim until Slack has answered."""

    channel: str
    ts: str | None
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a channel asked for.

    Attributes:
        kind: one of `KINDS`.
        at: local time of day of what is sent by the clock; None of what is sent when it happens.
        min_impact: money from which on it is told; None for everything.
        team, account: the only owner, or account id, it is about; "" for all.
        least_change: money a day that must have moved for a digest to be sent; None sends it always.
        problem: why it does not arrive.
    """

    channel: str
    kind: str
    at: time | None
    min_impact: float | None
    by: str
    since: datetime
    problem: str | None = None
    team: str = ""
    account: str = ""
    least_change: float | None = None


#: What a channel can subscribe to.
KINDS = ("digest", "anomalies", "savings", "budgets", "weekly")


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job; without `finished_at` it is running, or `broke_off`: its process ended before it did."""

    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    broke_off: bool = False


@dataclass(frozen=True, slots=True)
class ApiSpend:
    """What calls of one operation cost; `units` counts what its price counts."""

    service: str
    operation: str
    unit: Unit
    calls: int
    units: float
    usd: float


@dataclass(frozen=True, slots=True)
class Booked:
    """The answer to a wish to make a billed call; without `booking` it is not to be made.

    `requests_today` and `usd_this_month` are what was booked before it.
    """

    booking: Booking | None
    requests_today: int
    usd_this_month: float
    has_request: bool
    has_money: bool


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Whether a source answered the last time it was asked; `since` is when that began."""

    source: str
    account_id: str | None
    region: str | None
    ok: bool
    sentence: str
    since: datetime
    checked_at: datetime
    last_ok_at: datetime | None


@dataclass(frozen=True, slots=True)
class ThresholdChange:
    """Who set the alert thresholds ("save") or went back to the settings' ("reset"); money a day and per cent."""

    at: datetime
    actor: str
    verb: str
    before: tuple[float, float]
    after: tuple[float, float]
    channel: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says will change: from `first_day` to `last_day` (both count) a cost is `per_day` higher.

    `target` is how one types what it is about, `label` how it is shown (not escaped). `dimension` and `keys` say it
    as `CostFiles.daily` takes it, with the usage types `pattern` of a part of a service; without a dimension it is
    about all costs.
    """

    target: str
    label: str
    dimension: str | None
    keys: tuple[str, ...]
    pattern: str | None
    per_day: float
    currency: str
    first_day: date
    last_day: date | None
    why: str | None

    def is_same(self, other: Told) -> bool:
        """Whether both say the same, for whatever reason."""
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        return self.target, round(self.per_day, 2), self.currency, self.first_day, self.last_day


@dataclass(frozen=True, slots=True)
class StatedChange:
    """A change that was told, by whom and when; both `removed` fields are None while it stands."""

    id: str
    told: Told
    by: str
    at: datetime
    removed_by: str | None
    removed_at: datetime | None


class AlreadyStated(CostbotError):
    """Somebody told the same before; `known` is what stands."""

    def __init__(self, known: StatedChange) -> None:
        super().__init__(
            f"{known.id} says the same already, since {known.at:%Y-%m-%d}.",
            f"Nothing was added. /cost forecast known remove {known.id} takes it back.",
        )
        self.known = known


class AlreadyDecided(CostbotError):
    """Somebody was faster, or the click is stale; `finding` is how it stands now."""

    def __init__(self, finding: Finding) -> None:
        by = f" by {finding.decided_by}" if finding.decided_by else ""
        at = f" at {finding.decided_at:%Y-%m-%d %H:%M} UTC" if finding.decided_at else ""
        super().__init__(
            f"{finding.id} is already {finding.state}{by}{at}.", f"/cost reopen {finding.id} opens it again."
        )
        self.finding = finding


class NotAllowed(CostbotError):
    """This verb does not fit this finding, or this person may not say it."""


def written(moment: datetime) -> str:
    """An aware datetime as the file keeps it."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read(text: str | None) -> datetime | None:
    """The datetime that `written` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def moment(text: str) -> datetime:
    """As `read`, for a column that is never NULL."""
    return datetime.fromisoformat(text)
