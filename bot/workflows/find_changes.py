"""Who changed what when a cost began to move: a few narrow questions to CloudTrail. A hint, and never an error."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from typing import Any

from analysis.causes import Effect
from analysis.causes.changes import events_of, likeliest
from analysis.costs import ChargeCategory
from analysis.models import Anomaly, Change
from analysis.services import service_key
from analysis.usage_types import usage_region
from bot.aws import PINNED_REGION
from bot.aws.errors import Denied
from bot.blocks import elements
from bot.causes.anomaly_scope import anomaly_scope
from bot.causes.scope import Scope
from bot.collectors import cloudtrail_events
from bot.context import Context
from bot.errors import CostbotError, SourceUnavailable
from bot.workflows.find_causes import Found, find_causes

log = logging.getLogger("costbot")

#: Hours before the first day in which a change can have been made, and days after it until which one is looked for.
BEFORE, MOST_DAYS = timedelta(hours=24), 8
#: Resources that are looked up, and kinds of events where these tell nothing.
MOST_RESOURCES, MOST_EVENTS = 2, 6
#: No further question is asked after so long: somebody waits for the answer.
PATIENCE_SECONDS = 8.0

#: What nobody in the account did: prices, commitments, the month's bookings.
_NOBODYS = frozenset({Effect.RATE, Effect.COVERAGE, Effect.PRICE, Effect.CREDITS, Effect.FEES})
_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: changes in an account and region that can have moved a cost from its first day on.

    `service` is a key of `analysis.services`, `usage_type` as the bill spells it, "" where it is not one.
    """

    account_id: str
    region: str
    service: str
    usage_type: str
    rising: bool
    resources: tuple[str, ...]
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of the first day."""
        return datetime.combine(self.first, clock_time(), UTC)

    @property
    def end(self) -> datetime:
        """Until when changes are looked for."""
        days = min((self.last - self.first).days + 1, MOST_DAYS)
        return self.start + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Hint:
    """The likeliest changes; without any a sentence why, not escaped, and "" where nothing was looked for."""

    changes: tuple[Change, ...] = ()
    problem: str = ""


def sought(found: Found, scope: Scope) -> Sought | None:
    """What to look for where the first cause is; None where it is no usage, or nobody knows where it is."""
    explanation = found.explanation
    if not explanation.causes:
        return None
    cause = explanation.causes[0]
    where = {name: next((value for value, _ in values if value), "") for name, values in explanation.where.items()}
    account = cause.account or (scope.accounts[0] if len(scope.accounts) == 1 else where["account"])
    service = cause.service or (scope.services[0] if len(scope.services) == 1 else "")
    is_usage = (
        cause.category == ChargeCategory.USAGE.value and cause.effects[:1] and cause.effects[0][0] not in _NOBODYS
    )
    if not is_usage or not service or not _ACCOUNT.fullmatch(account):
        return None
    region = cause.region or usage_region(cause.usage_type) or where["region"]
    days = sorted(scope.comparison.now)
    return Sought(
        account_id=account,
        # Usage that names no region is of us-east-1 or of the whole world, whose changes are recorded there.
        region=region if _REGION.fullmatch(region) else PINNED_REGION,
        service=service_key(service),
        usage_type=cause.usage_type,
        rising=cause.change > 0,
        resources=tuple(_short(move.resource_id) for move in (found.resources or ())[:MOST_RESOURCES]),
        first=days[0],
        last=days[-1],
    )


def find_changes(context: Context, wanted: Sought | None) -> Hint:
    """Ask CloudTrail, within bounds; whatever it refuses is a sentence."""
    if wanted is None or not context.settings.cloudtrail:
        return Hint()
    now = context.clock.now()
    start, end = max(wanted.start - BEFORE, now - cloudtrail_events.KEPT), min(wanted.end, now)
    if start >= end:
        days = cloudtrail_events.KEPT.days
        return Hint(problem=f"Who changed it is no longer told: CloudTrail keeps {days} days.")
    names = events_of(wanted.service, wanted.usage_type, rising=wanted.rising)[:MOST_EVENTS]
    looked_up = partial(cloudtrail_events.fetch, context.aws, wanted.account_id, wanted.region, start=start, end=end)
    changes: list[Change] = []
    problem = ""
    began = time.monotonic()
    try:
        for some in _answers(looked_up, wanted, names):
            changes += some
            if time.monotonic() - began > PATIENCE_SECONDS:
                break
    except SourceUnavailable as error:
        log.info("no hint from CloudTrail: %s", error)
        problem = _unknown(error)
    told = likeliest(changes, resources=wanted.resources, start=wanted.start)
    if told or problem:
        return Hint(told, "" if told else problem)
    return Hint(problem=_nothing(wanted, names, start, end))


def changes_of(context: Context, value: Anomaly) -> tuple[Change, ...]:
    """The hint for the card of an anomaly; silent where there is none."""
    if not context.settings.cloudtrail:
        return ()
    try:
        scope, _ = anomaly_scope(value, context.costs, context.settings.cost_view, context.settings.owner_tag)
        if not scope.comparison.is_possible:
            return ()
        return find_changes(context, sought(find_causes(context.costs, scope), scope)).changes
    except CostbotError as error:
        log.info("no hint for %s: %s", value.service_name, error)
        return ()


def _answers(looked_up: Any, wanted: Sought, names: tuple[str, ...]) -> Iterator[list[Change]]:
    """The changes of the resources that are the cause; where these tell none, those of events that can be it."""
    found = False
    for resource in wanted.resources:
        changes = cloudtrail_events.parse(looked_up(key="ResourceName", value=resource))
        found = found or bool(changes)
        yield changes
    if found:
        return
    for name in names:
        source, _, event = name.partition(":")
        events = looked_up(key="EventName", value=event)
        # Several services have an event of one name: CreateCluster.
        yield cloudtrail_events.parse(one for one in events if cloudtrail_events.source_of(one) == source)


def _unknown(error: SourceUnavailable) -> str:
    """Why nobody is named, in one sentence."""
    action = cloudtrail_events.ACTIONS[0]
    if isinstance(error, Denied) and action in error.cause:
        return f"Who changed it is not known: costbot may not read CloudTrail; add {action}. {error.remedy}"
    return f"Who changed it is not known: {error.cause}"


def _nothing(wanted: Sought, names: tuple[str, ...], start: datetime, end: datetime) -> str:
    """What was looked for in vain; "" where nothing was."""
    events = ", ".join(name.partition(":")[2] for name in names)
    looked_for = " and ".join(filter(None, (", ".join(wanted.resources), events)))
    if not looked_for:
        return ""
    days = elements.days(start.date(), (end - timedelta(seconds=1)).date())
    return f"CloudTrail has no change on {days} in {wanted.region} that could have made it ({looked_for})."


def _short(resource_id: str) -> str:
    """A resource as CloudTrail names it: of an ARN what comes last."""
    return re.split(r"[:/]", resource_id)[-1] if resource_id.startswith("arn:") else resource_id
