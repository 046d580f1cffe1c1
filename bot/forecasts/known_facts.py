"""What is known of the future, for a forecast: changes that people told, and approved savings that were carried out.

An approved saving that nobody has carried out moves no bill: it is said, not counted. It counts from the day on that
the savings scan saw the proposed size; what became of it otherwise (another size, a terminated instance) only the bill
tells. A commitment that ends counts from that day on, as far as it is known what its usage then costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analysis.forecasting import KnownChange
from analysis.lifecycle import RECOMMENDATION, State, Verb
from analysis.models import Recommendation, fingerprint
from bot.commitments.ends import commitment_ends
from bot.commitments.kept import kept_at
from bot.context import Context
from bot.forecasts.known_change import SETTLED_AFTER, Change, Place, facts_of, inside, total_facts
from bot.savings.carried_out import was_carried_out
from bot.store import Finding, StatedChange

#: A monthly saving is one of 730 hours.
DAYS_PER_MONTH = 730 / 24


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast knows: what it counts, what it cannot place, and savings that nobody has carried out.

    `apart_from_parts` are counted in the whole but in no line of its breakdown. `foreign` are savings in another
    currency than the bill's.
    """

    counted: tuple[Change, ...] = ()
    unclear: tuple[Change, ...] = ()
    waiting: tuple[Change, ...] = ()
    apart_from_parts: tuple[Change, ...] = ()
    foreign: tuple[Change, ...] = ()
    facts: tuple[KnownChange, ...] = ()
    part_facts: tuple[KnownChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Savings:
    """Approved savings as changes: waiting for somebody, or carried out."""

    waiting: tuple[Change, ...] = ()
    done: tuple[Change, ...] = ()
    foreign: tuple[Change, ...] = ()


def known_facts(
    context: Context,
    where: Mapping[str, str | tuple[str, ...]],
    pattern: str | None,
    *,
    by: str | None,
    until: date,
    last: date,
) -> Known:
    """What is known about costs of `where`.

    Args:
        by: the dimension of the breakdown.
        until: the last complete day of the bill.
        last: the last day that is forecast; what begins later is left out.
    """
    approved = savings(context, until)
    every = _counted(context, approved)
    counted = inside(every, where, pattern, until=until, last=last)
    parts = {one.id: _part(one, by) for one in counted}
    return Known(
        counted=counted,
        unclear=tuple(one for one in every if one.moves(until, last) and one.place(where, pattern) is Place.UNCLEAR),
        waiting=tuple(one for one in approved.waiting if one.place(where, pattern) is Place.INSIDE),
        apart_from_parts=tuple(one for one in counted if parts[one.id] is None),
        foreign=tuple(one for one in approved.foreign if one.place(where, pattern) is Place.INSIDE),
        facts=total_facts(counted, until),
        part_facts=facts_of(counted, parts, until),
    )


def counted_changes(context: Context, until: date) -> tuple[Change, ...]:
    """Everything that forecasts count, wherever it falls: `inside` says what of it a forecast counts.

    Args:
        until: the last complete day of the bill.
    """
    return _counted(context, savings(context, until))


def counted_mark(context: Context, until: date) -> str:
    """Another text whenever `counted_changes` of the same stored costs may be others. Never slow."""
    stated = [one.id for one in context.store.known_changes()]
    done = [f"{one.id} {one.first_day} {one.per_day}" for one in savings(context, until).done]
    return fingerprint(*stated, *done, kept_at(context.settings.data_dir))


def _counted(context: Context, approved: Savings) -> tuple[Change, ...]:
    stated = [of_stated(one) for one in context.store.known_changes()]
    return (*stated, *approved.done, *commitment_ends(context))


def _part(change: Change, by: str | None) -> str | None:
    """The key of the breakdown that a change falls into; None where that is not known."""
    keys = change.scope.get(by or "", ())
    return keys[0] if len(keys) == 1 else None


def of_stated(stated: StatedChange) -> Change:
    """A change that a person told."""
    told = stated.told
    return Change(
        id=stated.id,
        label=told.label,
        per_day=told.per_day,
        first_day=told.first_day,
        last_day=told.last_day,
        by=stated.by,
        why=told.why,
        scope={told.dimension: told.keys} if told.dimension else {},
        pattern=told.pattern,
    )


def savings(context: Context, until: date) -> Savings:
    """Approved savings: those that wait, and those carried out so lately that the bill does not tell it by itself.

    `foreign` are in another currency than the bill and can be added to nothing.
    """
    currency, tag = context.costs.currency(), context.settings.owner_tag
    waiting: list[Change] = []
    done: list[Change] = []
    foreign: list[Change] = []
    for finding in context.store.findings(RECOMMENDATION, {State.APPROVED, State.RESOLVED}):
        approver = _approver(context, finding, until)
        if approver is None or finding.decided_at is None or not isinstance(finding.value, Recommendation):
            continue
        change = _of_saving(finding.id, finding.value, finding.decided_at.date(), approver, tag)
        into = waiting if finding.state == State.APPROVED else done
        (into if finding.value.currency == (currency or finding.value.currency) else foreign).append(change)
    return Savings(tuple(waiting), tuple(done), tuple(foreign))


def _approver(context: Context, finding: Finding, until: date) -> str | None:
    """Who approved it; None where it was resolved without that, in another way than proposed, or long ago."""
    if finding.state == State.APPROVED:
        return finding.decided_by
    value, at = finding.value, finding.decided_at
    if not isinstance(value, Recommendation) or at is None or not was_carried_out(value, finding.reason):
        return None
    rows = context.store.audit(finding.id) if at.date() > until - SETTLED_AFTER else []
    if not rows or rows[-1].from_state != State.APPROVED:
        return None
    return next((row.actor for row in reversed(rows) if row.verb == Verb.APPROVE), None)


def _of_saving(finding_id: str, value: Recommendation, day: date, approver: str, owner_tag: str) -> Change:
    scope = {"account": (value.account_id,), "region": (value.region,)}
    if value.resource_type == "EC2 instance":
        scope["service"] = ("ec2",)
    if value.owner:
        scope[f"tag:{owner_tag}"] = (value.owner,)
    return Change(
        id=finding_id,
        label=f"{value.resource_name or value.resource_id} {value.current} → {value.proposed}",
        per_day=-value.monthly_savings / DAYS_PER_MONTH,
        first_day=day,
        last_day=None,
        by=approver,
        why=None,
        scope=scope,
        is_saving=True,
    )
