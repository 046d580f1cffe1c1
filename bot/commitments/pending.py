"""What takes usage away, decided or waiting for a decision: it is taken off before anything is committed to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.commitments.hourly_lines import CODES
from analysis.commitments.known_ahead import Reduction
from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.context import Context
from bot.forecasts.known_change import Change as Known
from bot.forecasts.known_facts import of_stated
from bot.savings.open_savings import open_savings

_INSTANCE_TYPE = re.compile(
    r"\b(?:db\.|cache\.)?[a-z][a-z0-9-]*\.(?:\d*x?large|nano|micro|small|medium|metal[a-z0-9-]*)\b"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """What takes usage away, decided or waiting for a decision, and names of what the hours do not tell apart."""

    reductions: tuple[Reduction, ...] = ()
    unplaced: tuple[str, ...] = ()


def what_is_pending(context: Context, end: date) -> Pending:
    """Savings and announced changes that take usage away, as they stand; `end` is where the hours end.

    Savings that nobody has decided yet are among them: what is bought for usage that is then saved is paid for nothing,
    and the total of all savings promises no dollar twice. One that is dismissed is bought for again.
    """
    findings = context.store.findings(RECOMMENDATION, {State.OPEN, State.APPROVED})
    waiting = open_savings(findings)
    approved = [one.value for one in waiting.approved if isinstance(one.value, Recommendation)]
    counted = [one.value for one in waiting.counted if isinstance(one.value, Recommendation)]
    told = [of_stated(one) for one in context.store.known_changes()]
    stated = [(one.label or one.id, _of_stated(one, end)) for one in told if _may_fall_on_usage(one)]
    return Pending(
        reductions=(
            *filter(None, map(_reduces, (*approved, *counted))),
            *(found for _, found in stated if found is not None),
        ),
        unplaced=tuple(name for name, found in stated if found is None),
    )


def _reduces(value: Recommendation) -> Reduction | None:
    """Usage that a saving takes away; None where it is of nothing that a commitment covers."""
    met = _INSTANCE_TYPE.search(value.current)
    if met is None or value.is_notice or value.check_id.startswith("commitments.") or value.currency != "USD":
        return None
    return Reduction(
        name=f"{value.resource_name or value.resource_id} {value.current} → {value.proposed}",
        dollars=value.monthly_savings / HOURS_A_MONTH,
        accounts=(value.account_id,),
        regions=(value.region,),
        instance_type=met[0],
    )


def _may_fall_on_usage(one: Known) -> bool:
    services = one.scope.get("service", ())
    return one.per_day < 0 and (not services or bool(set(services) & set(CODES)))


def _of_stated(one: Known, end: date) -> Reduction | None:
    """An announced fall; None where the bill does not tell by the hour what it falls on, or it is not for good."""
    if one.pattern or one.last_day is not None or not set(one.scope) <= {"service", "account", "region"}:
        return None
    if not one.scope:
        return None
    return Reduction(
        name=one.label,
        dollars=-one.per_day / 24,
        start_hour=max(0.0, (one.first_day - end).days * 24.0),
        accounts=one.scope.get("account", ()),
        regions=one.scope.get("region", ()),
        services=one.scope.get("service", ()),
    )
