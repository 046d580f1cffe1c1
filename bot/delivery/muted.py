"""What is muted, and what it has cost since: a muted pattern is recorded as ever and not posted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from analysis.models import Anomaly, Recommendation
from bot.context import Context
from bot.store import Finding, Mute

#: A longer mute is a decision for good, which a threshold or a settings' check makes.
LONGEST_MUTE = timedelta(days=365)
_DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True, slots=True)
class MutedCost:
    """A pattern that is muted, with what it has cost since.

    Attributes:
        findings: what fell under it since; 0 where nothing happened.
        dollars: of anomalies what they cost above expectation on the days since (less than 0 where they cost less), of
            savings what they would have saved since; in `currency`.
    """

    mute: Mute
    findings: int
    dollars: float
    currency: str


def muting(mutes: Collection[Mute], finding: Finding) -> Mute | None:
    """The mute that a finding falls under, if any."""
    return next((mute for mute in mutes if covers(mute, finding)), None)


def without_muted(context: Context, findings: Collection[Finding]) -> list[Finding]:
    """Those that are not muted now."""
    mutes = context.store.mutes.holding(context.clock.now())
    return [finding for finding in findings if muting(mutes, finding) is None]


def covers(mute: Mute, finding: Finding) -> bool:
    """Whether all that a finding is about is in the pattern; what is also elsewhere is told."""
    value = finding.value
    if finding.kind != mute.kind:
        return False
    if mute.accounts and not set(_accounts(value)) <= set(mute.accounts):
        return False
    if isinstance(value, Recommendation):
        return value.check_id in mute.patterns
    return mute.direction in (None, value.direction) and set(value.services) <= set(mute.patterns)


def mute_of(finding: Finding, *, by: str, at: datetime, until: datetime, reason: str) -> Mute:
    """The pattern of a finding: of an anomaly its services and accounts, of a saving its check and account."""
    value = finding.value
    is_anomaly = isinstance(value, Anomaly)
    return Mute(
        kind=ANOMALY if is_anomaly else RECOMMENDATION,
        patterns=value.services if isinstance(value, Anomaly) else (value.check_id,),
        accounts=_accounts(value),
        direction=value.direction.value if isinstance(value, Anomaly) else None,
        label=_label(value),
        by=by,
        at=at,
        until=until,
        reason=reason,
        finding_id=finding.id,
    )


def muted_since(context: Context) -> list[MutedCost]:
    """What is muted now and what that has cost since, dearest first; what several mutes cover counts with the first."""
    now = context.clock.now()
    mutes = context.store.mutes.holding(now)
    costs = (muted_cost(context, mute, now, besides=mutes[:at]) for at, mute in enumerate(mutes))
    return sorted(costs, key=lambda one: (-abs(one.dollars), one.mute.id))


def muted_cost(context: Context, mute: Mute, now: datetime, *, besides: Collection[Mute] = ()) -> MutedCost:
    """What one mute has let pass, from its beginning to its end or `now`.

    Args:
        besides: mutes whose findings are counted with them, so that sums count each finding once.
    """
    until = min(now, mute.end)
    every = (finding for finding in context.store.findings(mute.kind) if covers(mute, finding))
    under = [finding for finding in every if muting(besides, finding) is None]
    amounts = [amount for finding in under if (amount := _cost(finding, mute.at, until)) is not None]
    currency = next((finding.value.currency for finding in under), context.costs.currency() or "USD")
    return MutedCost(mute, len(amounts), sum(amounts), currency)


def _cost(finding: Finding, since: datetime, until: datetime) -> float | None:
    """Money that one finding is about between two moments; None where it is about none of that time."""
    value = finding.value
    if isinstance(value, Recommendation):
        return _not_saved(finding, value, since, until)
    first, last = max(value.first_day, since.date()), min(value.last_day, until.date())
    if last < first:
        return None
    days = [one for one in value.daily if first <= one.day <= last]
    if value.daily:
        return sum(one.cost - one.expected for one in days)
    return value.impact_per_day * ((last - first).days + 1)


def _not_saved(finding: Finding, value: Recommendation, since: datetime, until: datetime) -> float | None:
    is_over = finding.state == State.RESOLVED and finding.decided_at is not None
    end = min(until, finding.decided_at) if is_over and finding.decided_at else until
    start = max(since, finding.created_at)
    if end <= start:
        return None
    return value.monthly_savings / _DAYS_A_MONTH * ((end - start) / timedelta(days=1))


def _accounts(value: Anomaly | Recommendation) -> tuple[str, ...]:
    also_in = value.also_in if isinstance(value, Anomaly) else ()
    return tuple(dict.fromkeys((value.account_id, *also_in)))


def _label(value: Anomaly | Recommendation) -> str:
    if isinstance(value, Recommendation):
        return f"savings of {value.check_id} in {value.account_name}"
    way = "rises" if value.direction == "up" else "falls"
    more = f" and {len(value.also_in)} more" if value.also_in else ""
    return f"{way} of {value.service_name} in {value.account_name}{more}"
