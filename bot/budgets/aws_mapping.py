"""AWS's budgets as costbot follows them: what can be mapped exactly; the rest is named with the reason, not guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from analysis.budgets import Budget, Cadence, Origin, Part
from analysis.models import fingerprint
from analysis.services import service_key, service_label
from bot.cost_files import CostFiles
from bot.cost_names import shown_names

PREFIX = "AWS-"

_CADENCES = {"MONTHLY": Cadence.MONTH, "QUARTERLY": Cadence.QUARTER, "ANNUALLY": Cadence.YEAR}
_UNITS = {"DAILY": "it begins anew each day", "CUSTOM": "its period is none of the calendar"}
#: Names of filters, as either form of AWS writes them, and our dimensions.
_FILTERS = {
    "Service": "service", "SERVICE": "service", "LinkedAccount": "account", "LINKED_ACCOUNT": "account",
    "Region": "region", "REGION": "region",
}  # fmt: skip
#: Kinds of charges that an AWS budget counts unless it says otherwise, and costbot's figures leave out.
_CHARGES = {"IncludeTax": "tax", "IncludeSupport": "support", "IncludeCredit": "credits", "IncludeRefund": "refunds",
            "IncludeUpfront": "upfront fees"}  # fmt: skip
EC2, EC2_PARTS = "ec2", {"Amazon Elastic Compute Cloud - Compute", "EC2 - Other"}
_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d")
#: What of a filter expression can be followed.
_TERMS = ("Dimensions", "Tags", "And")


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A budget of AWS that is not followed, and why; neither is escaped."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class AwsBudgets:
    """What the account has: budgets that are followed, cost budgets that are not, and how many are of no cost.

    `problem` says why AWS could not be asked; what was read before then stays.
    """

    budgets: tuple[Budget, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    others: int = 0
    read_at: datetime | None = None
    problem: str = ""


class _NotFollowed(Exception):
    """Why a budget cannot be mapped."""


def followed(described: list[dict[str, Any]], costs: CostFiles, today: date) -> AwsBudgets:
    """What of `DescribeBudgets` can be followed.

    Args:
        today: the day whose planned amount counts, where a budget plans several.
    """
    budgets, unmapped = [], []
    others = 0
    for one in described:
        if one["BudgetType"] != "COST":
            others += 1
            continue
        try:
            budgets.append(_budget(one, costs, today))
        except _NotFollowed as reason:
            unmapped.append(Unmapped(one["BudgetName"], str(reason)))
    return AwsBudgets(tuple(budgets), tuple(unmapped), others)


def _budget(one: Mapping[str, Any], costs: CostFiles, today: date) -> Budget:
    cadence = _CADENCES.get(one["TimeUnit"])
    if cadence is None:
        raise _NotFollowed(_UNITS.get(one["TimeUnit"], f"its period is {one['TimeUnit']}"))
    _check_running(one.get("TimePeriod") or {}, today)
    arn = one.get("BillingViewArn", "")
    if arn and not arn.endswith("billingview/primary"):
        raise _NotFollowed("it looks at a billing view of its own")
    scope = _scope(one, costs)
    amount, currency, since = _limit(one, today)
    return Budget(
        id=f"{PREFIX}{fingerprint('aws budget', one['BudgetName'])[:4].upper()}",
        label=one["BudgetName"],
        amount=amount,
        currency=currency,
        cadence=cadence,
        scope=scope,
        typed=_words(scope, costs),
        origin=Origin.AWS,
        remark=_remark(one.get("CostTypes") or {}, one.get("Metrics") or []),
        since=since,
    )


def _check_running(period: Mapping[str, Any], today: date) -> None:
    start, end = (period.get(name) for name in ("Start", "End"))
    if isinstance(end, datetime) and end.astimezone(UTC).date() <= today:
        raise _NotFollowed("it has ended")
    if isinstance(start, datetime) and start.astimezone(UTC).date() > today:
        raise _NotFollowed("it has not begun")


def _limit(one: Mapping[str, Any], today: date) -> tuple[float, str, date | None]:
    """The amount of today and its first day: of the newest planned period that has begun, else the one amount."""
    planned = {int(start): limit for start, limit in (one.get("PlannedBudgetLimits") or {}).items()}
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp()
    begun = [start for start in planned if start <= midnight]
    limit = planned[max(begun)] if begun else one.get("BudgetLimit")
    if not limit:
        raise _NotFollowed("it has no amount")
    amount = float(limit["Amount"])
    if amount <= 0:
        raise _NotFollowed("its amount is not above 0")
    start = (one.get("TimePeriod") or {}).get("Start")
    first = datetime.fromtimestamp(max(begun), UTC) if begun else start
    return amount, str(limit["Unit"]), first.astimezone(UTC).date() if isinstance(first, datetime) else None


def _scope(one: Mapping[str, Any], costs: CostFiles) -> tuple[Part, ...]:
    expression = one.get("FilterExpression")
    # Asked for the newer form, AWS may tell both.
    pairs = _of_expression(expression) if expression else _of_filters([*(one.get("CostFilters") or {}).items()])
    found: dict[str, tuple[str, ...]] = {}
    for name, values in pairs:
        dimension, keys = _keys(name, values, costs)
        if dimension in found:
            raise _NotFollowed("it names one dimension twice")
        found[dimension] = keys
    return tuple(Part(dimension, keys) for dimension, keys in found.items())


def _of_filters(pairs: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    return [_of_tag_values(values) if key == "TagKeyValue" else (_dimension(key), values) for key, values in pairs]


def _of_tag_values(values: list[str]) -> tuple[str, list[str]]:
    """`user:team$payments` of the older form."""
    parted = [value.partition("$") for value in values]
    keys = {key.removeprefix("user:") for key, _, _ in parted}
    if len(keys) != 1 or any(key.startswith("aws:") for key in keys):
        raise _NotFollowed("it filters by several tags")
    return f"tag:{keys.pop()}", [value for _, _, value in parted]


def _of_expression(expression: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    strange = [name for name in expression if name not in _TERMS]
    if strange:
        raise _NotFollowed(f"its filter uses {strange[0]}")
    found = [pair for inner in expression.get("And", ()) for pair in _of_expression(inner)]
    for name in ("Dimensions", "Tags"):
        term = expression.get(name)
        if term is None:
            continue
        options = set(term.get("MatchOptions") or ()) - {"EQUALS", "CASE_SENSITIVE"}
        if options:
            raise _NotFollowed(f"its filter matches by {', '.join(sorted(options))}")
        key = str(term.get("Key", ""))
        dimension = f"tag:{key.removeprefix('user:')}" if name == "Tags" else _dimension(key)
        found.append((dimension, list(term.get("Values") or ())))
    return found


def _dimension(key: str) -> str:
    found = _FILTERS.get(key)
    if found is None:
        raise _NotFollowed(f"it filters by {key}")
    return found


def _keys(dimension: str, values: list[str], costs: CostFiles) -> tuple[str, tuple[str, ...]]:
    """The dimension and its keys as costs are stored."""
    if dimension == "region" and not all(map(_REGION.fullmatch, values)):
        raise _NotFollowed("it filters by what is of no region")
    if dimension != "service":
        return dimension, tuple(values)
    keys = tuple(dict.fromkeys(map(service_key, values)))
    if EC2 not in keys or set(values) >= EC2_PARTS:
        return "service", keys
    # Cost Explorer has two services of what is one to exports and to people.
    if not set(values) <= set(costs.service_names()):
        raise _NotFollowed("the stored bill does not tell the parts of EC2 apart")
    return "service_name", tuple(values)


def _words(scope: tuple[Part, ...], costs: CostFiles) -> str:
    """What it is of, in words: `EC2 and S3, in prod (111122223333)`."""
    said = []
    for part in scope:
        if part.dimension == "service":
            labels = {service_key(name): service_label(name) for name in costs.service_names()}
            shown = [labels.get(key, key) for key in part.keys]
        else:
            shown = list(map(shown_names(costs, part.dimension), part.keys))
        prefix = f"{part.dimension.removeprefix('tag:')} " if part.dimension.startswith("tag:") else ""
        said.append(prefix + " and ".join(shown))
    return ", in ".join(said) or "all costs"


def _remark(types: Mapping[str, Any], metrics: list[str]) -> str:
    """What AWS counts there and costbot does not, in words."""
    counted = [word for name, word in _CHARGES.items() if types.get(name, True)] if types or not metrics else []
    said = f"AWS also counts {_listed(counted)} there" if counted else ""
    blended = bool(types.get("UseBlended")) or any("Blended" in metric for metric in metrics if "Un" not in metric)
    return "; ".join(filter(None, (said, "at blended rates" if blended else "")))


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
