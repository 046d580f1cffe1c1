"""Reads a GetCostAndUsage request and refuses what AWS refuses, in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.demo.aws.answers import invalid
from bot.demo.aws.cost_explorer_dimensions import GROUPABLE
from bot.demo.aws.ledger import METRICS

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_HOURLY_DAYS = 14
_HISTORY_MONTHS = 13


def snake(metric: str) -> str:
    """UnblendedCost → UNBLENDED_COST, which AWS accepts as well."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", metric).upper()


_METRIC_NAMES = {name: metric for metric in METRICS for name in (metric, snake(metric))}


@dataclass(frozen=True, slots=True)
class Group:
    """One key of a grouping: a dimension, or a tag's key."""

    is_tag: bool
    key: str

    @property
    def definition(self) -> dict[str, str]:
        return {"Type": "TAG" if self.is_tag else "DIMENSION", "Key": self.key}


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) of one row of results."""

    start: datetime
    end: datetime
    hourly: bool = False

    @property
    def shown(self) -> dict[str, str]:
        form = "%Y-%m-%dT%H:%M:%SZ" if self.hourly else "%Y-%m-%d"
        return {"Start": self.start.strftime(form), "End": self.end.strftime(form)}


def metrics_of(names: Sequence[str]) -> tuple[str, ...]:
    """The metrics asked for, by their canonical names."""
    if not names:
        raise invalid("At least one metric must be specified.")
    for name in names:
        if name not in _METRIC_NAMES:
            raise invalid(
                f"Metric {name} is invalid. Valid values are {', '.join(sorted(snake(metric) for metric in METRICS))}"
            )
    return tuple(dict.fromkeys(_METRIC_NAMES[name] for name in names))


def groups_of(definitions: Sequence[Mapping[str, str]]) -> tuple[Group, ...]:
    """The keys to group by."""
    if len(definitions) > 2:
        raise invalid("Only two values for GroupBy are allowed")
    return tuple(_group(definition) for definition in definitions)


def _group(definition: Mapping[str, str]) -> Group:
    kind, key = definition.get("Type", ""), definition.get("Key", "")
    if not kind or not key:
        raise invalid("Group Definition is invalid. Both type an key need to be set to a non-empty value.")
    if kind == "TAG":
        return Group(True, key)
    if kind != "DIMENSION":
        raise invalid("Group Definition type is invalid.")
    if key not in GROUPABLE:
        raise invalid(f"Group Definition dimension is invalid. Valid values are {', '.join(GROUPABLE)}")
    return Group(False, key)


def periods_of(interval: Mapping[str, str], granularity: str, now: datetime) -> tuple[Period, ...]:
    """The rows of the result: days, months (cut at the interval's ends) or hours."""
    if granularity not in ("DAILY", "MONTHLY", "HOURLY"):
        raise invalid(
            f"1 validation error detected: Value '{granularity}' at 'granularity' failed to satisfy constraint: "
            "Member must satisfy enum value set: [DAILY, MONTHLY, HOURLY]"
        )
    start, end = interval_of(interval, hourly=granularity == "HOURLY")
    _check_past(start, end, granularity, now)
    step = {"DAILY": next_day, "MONTHLY": next_month, "HOURLY": _next_hour}[granularity]
    periods = []
    while start < end:
        until = min(step(start), end)
        periods.append(Period(start, until, granularity == "HOURLY"))
        start = until
    return tuple(periods)


def interval_of(interval: Mapping[str, str], *, hourly: bool = False) -> tuple[datetime, datetime]:
    """[start, end) in UTC."""
    start = _moment("Start", interval.get("Start", ""), hourly)
    end = _moment("End", interval.get("End", ""), hourly)
    if start >= end:
        raise invalid("Start date (and hour) should be before end date (and hour)")
    return start, end


def earliest(now: datetime) -> date:
    """The first day Cost Explorer still knows: the first of the month 13 months back."""
    months = now.year * 12 + now.month - 1 - _HISTORY_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _moment(name: str, text: str, hourly: bool) -> datetime:
    pattern, shown = (_HOUR, "yyyy-MM-dd'T'HH:mm:ss'Z'") if hourly else (_DAY, "yyyy-MM-dd")
    wrong = invalid(f"{name} time {text} is invalid. Valid format is: {shown}.")
    if not pattern.fullmatch(text):
        raise wrong
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise wrong from None


def _check_past(start: datetime, end: datetime, granularity: str, now: datetime) -> None:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if start > now:
        raise invalid("Start date must be equal to or no later than the current date")
    if end > next_month(today):
        raise invalid("end date past the beginning of next month")
    if granularity == "HOURLY" and start < today - timedelta(days=_HOURLY_DAYS):
        raise invalid("start date is too old for hourly, the max supported days for hourly granularity is 14 days")
    if start.date() < earliest(now):
        raise invalid("You haven't enabled historical data beyond 14 months.")


def _next_hour(moment: datetime) -> datetime:
    return moment + timedelta(hours=1)


def next_day(moment: datetime) -> datetime:
    """A day later."""
    return moment + timedelta(days=1)


def next_month(moment: datetime) -> datetime:
    """The first of the following month."""
    first = moment.replace(day=1, hour=0, minute=0)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
