"""The values that cross borders: what analysis says, and what the bot shows, stores and decides on.

Every value here is frozen and turns into JSON and back without loss (`to_json`, `from_json`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar


class Direction(StrEnum):
    """Which way a cost moves."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"


class AnomalyKind(StrEnum):
    """The shape of an anomaly."""

    SPIKE = "spike"
    STEP = "step"
    RAMP = "ramp"
    DROP = "drop"
    NEW = "new"


class Phase(StrEnum):
    """Where an episode is in its life."""

    OPEN = "open"
    GROWING = "growing"
    SETTLING = "settling"
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How much an anomaly matters; said in words, never by colour alone."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Action(StrEnum):
    """Cost Optimization Hub's ActionType."""

    RIGHTSIZE = "Rightsize"
    STOP = "Stop"
    UPGRADE = "Upgrade"
    DELETE = "Delete"
    SCALE_IN = "ScaleIn"


class Effort(StrEnum):
    """Cost Optimization Hub's ImplementationEffort."""

    VERY_LOW = "VeryLow"
    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    VERY_HIGH = "VeryHigh"


class Risk(StrEnum):
    """What a change may break."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of "what drives it": dollars a day above (or below) expectation; `how` it moved, in words."""

    name: str
    impact: float
    how: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A named line of a chart: one value per label; None where nothing was measured."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a few lines over the same labels (at most 20 labels, 6 series)."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "USD"


@dataclass(frozen=True, slots=True)
class DayCost:
    """What a day cost and was expected to; outside of [low, high] it alone would alert. None where that is unknown."""

    day: date
    cost: float
    expected: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """Days of an episode that a bill restated after they were told: dollars of all of them together."""

    first_day: date
    last_day: date
    before: float
    after: float
    noted: date


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed in an account, as CloudTrail recorded it: a hint at a cause, no proof.

    `event` is AWS's name; `via` is what was used for it, "" where that is not told; `by_service` says that a service of
    AWS did it by itself; `more` counts changes of the same kind and maker. Times are UTC. Texts are as they came.
    """

    at: datetime
    event: str
    resources: tuple[str, ...]
    who: str
    via: str = ""
    by_service: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One service of an incident of several, and what it was off a day on the days told; `lines` are keys of series."""

    service: str
    service_name: str
    kind: AnomalyKind
    impact_per_day: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measured fact behind a recommendation."""

    metric: str
    statistic: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One incident: a (service, account) whose cost left what was expected.

    `actual`, `expected` and `impact_per_day` are dollars a day over the days of the incident;
    `impact_total` is dollars so far; `pct` is None where nothing was expected. Dates are billing days in UTC, both
    inclusive. `stayed` says that the cost kept its new level when the incident was over; `lines` are the keys of the
    series it is made of; `daily` has the days of the incident and some before. `parts` are the services of an incident
    of several, its own first; `changes` who changed what in the same hours. Fields with a default were not yet written
    by earlier versions.
    """

    service: str
    service_name: str
    account_id: str
    account_name: str
    region: str | None
    owner: str | None
    kind: AnomalyKind
    direction: Direction
    severity: Severity
    first_day: date
    last_day: date
    actual: float
    expected: float
    impact_per_day: float
    impact_total: float
    pct: float | None
    currency: str
    cost_view: str
    top_usage_types: tuple[Contribution, ...]
    chart: Chart
    data_until: date
    explanation: str
    phase: Phase = Phase.OPEN
    stayed: bool = False
    lines: tuple[str, ...] = ()
    daily: tuple[DayCost, ...] = ()
    corrected: Correction | None = None
    also_in: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """The keys of its services, its own first."""
        return (self.service, *(part.service for part in self.parts if part.service != self.service))

    @property
    def fingerprint(self) -> str:
        """The same incident on a later morning has the same fingerprint."""
        return fingerprint("anomaly", self.service, self.account_id, self.direction, self.first_day.isoformat())


class Group(StrEnum):
    """What `/cost savings` can be narrowed to; a check may belong to several."""

    RIGHTSIZING = "rightsizing"
    IDLE = "idle"
    STORAGE = "storage"
    NETWORK = "network"
    DATABASE = "database"
    SCALING = "scaling"
    OBSERVABILITY = "observability"
    GOVERNANCE = "governance"
    COMMITMENTS = "commitments"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One saving on one resource, with everything a person needs to decide. Money is a month of 730 h.

    `monthly_savings` may be off by `plus_minus`; it is 0 for a notice, which asks for something that saves nothing by
    itself. `covers` are ids of other resources whose cost the saving contains. Where Savings Plans or reservations
    cover its usage, `commitments` says what becomes of them, and `before_commitments` is the saving at the prices that
    `how_computed` names, which is no less. `command` is for a shell; `steps` are what a person does, in place of one or
    around it, a line each, of which those that begin with `aws ` are commands. Fields with a default were not yet
    written by earlier versions.
    """

    check_id: str
    action: Action
    effort: Effort
    risk: Risk
    risk_reason: str
    resource_type: str
    resource_id: str
    resource_name: str | None
    account_id: str
    account_name: str
    region: str
    owner: str | None
    current: str
    proposed: str
    monthly_cost: float
    monthly_savings: float
    currency: str
    price_source: str
    price_date: date
    how_computed: str
    ignores: str
    reason: str
    evidence: tuple[Evidence, ...]
    chart: Chart | None
    command: str
    undo: str
    effect: str
    data_until: datetime
    groups: tuple[Group, ...] = (Group.RIGHTSIZING,)
    plus_minus: float = 0.0
    covers: tuple[str, ...] = ()
    before_commitments: float | None = None
    commitments: str = ""
    steps: str = ""

    @property
    def is_notice(self) -> bool:
        """Whether it saves nothing by itself."""
        return self.monthly_savings == 0

    @property
    def fingerprint(self) -> str:
        """Stable while check and resource stay the same, whatever the figures do."""
        return fingerprint("recommendation", self.check_id, self.account_id, self.region, self.resource_id)


KINDS: dict[str, type[Anomaly] | type[Recommendation]] = {"anomaly": Anomaly, "recommendation": Recommendation}


def fingerprint(*parts: str) -> str:
    """A short stable hash of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def to_json(value: Any) -> str:
    """One of this module's values as JSON; dates in ISO form."""
    return json.dumps(dataclasses.asdict(value), default=_plain, allow_nan=False, ensure_ascii=False)


T = TypeVar("T")


def from_json(cls: type[T], text: str) -> T:
    """The value that `to_json` wrote.

    Raises:
        KeyError: a field without a default is missing (the text is of another version).
    """
    return typing.cast(T, _build(cls, json.loads(text)))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot store {type(value).__name__}")


def _build(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_build(inner, item) for item in value)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        inner = next(arg for arg in typing.get_args(kind) if arg is not type(None))
        return _build(inner, value)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        given = [f for f in dataclasses.fields(kind) if f.name in value or f.default is dataclasses.MISSING]
        return kind(**{f.name: _build(hints[f.name], value[f.name]) for f in given})  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, (datetime, date)):
        return kind.fromisoformat(value)
    return kind(value)
