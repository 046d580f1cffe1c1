"""The daily digest: gather what is stored, think in the worker process, send it once."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.daily_summary import DailySummary, daily_summary
from analysis.forecasting import HISTORY_DAYS, KnownChange
from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from analysis.models import Anomaly, Recommendation
from analysis.month_ends import last_of_month, month_end_of
from analysis.services import service_label
from bot.blocks.budget_lines import against_budget
from bot.blocks.digest import Digest, OpenDecisions, digest_blocks, digest_text
from bot.blocks.held_line import counted, summed
from bot.blocks.reach import missing_days
from bot.budgets import budget_states
from bot.context import Context
from bot.cost_files import CostFiles, Window
from bot.delivery.channel_words import local_today
from bot.delivery.muted import without_muted
from bot.delivery.post_once import post_once
from bot.errors import NotEnoughData
from bot.forecasts.known_facts import known_facts
from bot.reply import Reply
from bot.reports.scope import Scope
from bot.restated_days import restated_days
from bot.savings.open_savings import monthly_sum, open_savings
from bot.settings import CostView
from bot.store import Finding
from bot.watch.source_gaps import missing_sources
from bot.watch.stale import stale_reason
from bot.worth import dearest_first

EVERYTHING = Scope()
#: A digest that comes this much after its time says so.
LATE_AFTER = timedelta(minutes=30)
#: A digest asked for by a command tells what was restated in the last day.
DAY = timedelta(days=1)
#: Days so far back that are missing are mentioned: the month so far and the weekdays before.
MENTIONED = timedelta(days=35)
#: Digests so far back are looked for: after a longer stop everything that was restated in the last week is told.
SENT_WITHIN = 7
#: Waiting findings of each kind that are named; the rest is counted.
DEAREST = 2


def gather_digest(context: Context, scope: Scope = EVERYTHING) -> Digest:
    """Everything a digest says, from what is stored; AWS is not asked.

    Args:
        scope: whose costs it is about; findings that wait are those of the same.
    Raises:
        NotEnoughData: no costs are stored yet, or none of the scope; or not of its team and account together.
    """
    settings = context.settings
    window = context.costs.window(view=settings.cost_view, by=tuple(scope.where))
    holes = missing_days(window.missing, window.complete_until - MENTIONED, window.complete_until + timedelta(days=1))
    unknown = frozenset(part.day for part in window.missing)
    day = window.complete_until
    while day in unknown and day > window.first_day:
        day -= timedelta(days=1)
    facts = known_facts(context, scope.where, None, by=None, until=day, last=last_of_month(day)).facts
    whose = dict(scope.where)
    summary = context.work.computed(
        think, settings.data_dir, window.view, window.currency, window.first_day, day, unknown, whose, facts
    )
    return Digest(
        summary=summary,
        today=context.clock.today(),
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        fetched_at=window.fetched_at,
        note=" ".join(filter(None, (window.note, holes))) or None,
        stale_reason=_stale_reason(context, window),
        decisions=_open_decisions(context, scope),
        missing=missing_sources(context),
        partial=window.partial,
        several=len(window.feeds) > 1,
        restated=tuple(restated_days(context, context.clock.now() - DAY)) if scope.is_all else (),
        scope="" if scope.is_all else scope.label,
        ends=f"/cost unsubscribe digest{scope.flags}",
        budgets=tuple(against_budget(budget_states(context), summary.month_first, scope.where)),
    )


def think(
    data_dir: Path,
    view: CostView,
    currency: str,
    first_day: date,
    day: date,
    unknown: Collection[date] = (),
    where: Mapping[str, str] | None = None,
    facts: Collection[KnownChange] = (),
) -> DailySummary:
    """The arithmetic, in the worker process.

    Args:
        first_day: the first stored day. day: the last complete one.
        unknown: days between, of which something is missing.
        where: whose costs, as `CostFiles.daily` takes it.
        facts: what is known beforehand of these costs together.
    Raises:
        NotEnoughData: nothing of that is stored.
    """
    start = max(first_day, day - timedelta(days=HISTORY_DAYS - 1))
    costs = CostFiles(data_dir)
    daily = costs.daily(by=("service_name",), start=start, end=day + timedelta(days=1), view=view, where=where)
    if daily.empty and where:
        raise NotEnoughData(
            f"No cost of {' and '.join(where.values())} is stored.", "`/cost subscriptions` shows what this is about."
        )
    named = daily.assign(key=daily["service_name"].map(service_label))[["date", "key", "cost"]]
    end = month_end_of(daily, day, first_day=start, unknown=unknown, facts=facts)
    return daily_summary(named, day=day, first_day=start, currency=currency, month_end=end, without=unknown)


def digest_reply(context: Context, *, in_channel: bool) -> Reply:
    """The digest as an answer to a command."""
    digest = gather_digest(context)
    return Reply(digest_text(digest), digest_blocks(digest), in_channel=in_channel)


def digest_subject(due_date: date, scope: Scope = EVERYTHING) -> str:
    """What the digest of a date is posted once by; that of a team or account is another one."""
    parts = [part for part in (scope.team, scope.account) if part]
    return ":".join(("digest", due_date.isoformat(), *parts))


def send_digest(
    context: Context, digest: Digest, channel: str, *, due_date: date, due_at: datetime, scope: Scope = EVERYTHING
) -> bool:
    """Send it to a channel, once for a date; False when it was sent or is being sent already.

    It counts what was held back in the channel since the last one.

    Raises:
        CostbotError: Slack refused; it may be tried again.
    """
    is_late = context.clock.now() - due_at > LATE_AFTER
    held = context.store.held.held(channel, unfolded=True)

    def draw() -> Reply:
        restated = digest.restated
        if scope.is_all:
            restated = tuple(restated_days(context, _last_sent(context, channel, due_date)))
        shown = dataclasses.replace(
            digest,
            late_since=due_at if is_late else None,
            restated=restated,
            today=local_today(context, channel),
            held=f"{counted(held)} held back since the last digest: {summed(held, digest.currency)}" if held else "",
        )
        return Reply(digest_text(shown), digest_blocks(shown))

    if post_once(context, digest_subject(due_date, scope), channel, draw) is None:
        return False
    context.store.held.fold(channel, [one.subject for one in held], context.clock.now())
    return True


def is_quiet(context: Context, digest: Digest, channel: str, least_change: float) -> bool:
    """Whether a day moved so little that a channel that wants changes only hears nothing.

    A day that cannot be judged, old costs, and alerts that were held back are worth a message.

    Args:
        least_change: money a day against the usual cost of that weekday.
    """
    summary = digest.summary
    if summary.usual is None or digest.stale_reason or context.store.held.held(channel, unfolded=True):
        return False
    return abs(summary.cost - summary.usual) < least_change


def _last_sent(context: Context, channel: str, due_date: date) -> datetime:
    """When this channel got its last digest before the one of a date; a week ago where it got none."""
    for back in range(1, SENT_WITHIN + 1):
        for post in context.store.posts(digest_subject(due_date - timedelta(days=back))):
            if post.channel == channel and post.ts:
                return post.claimed_at
    return context.clock.now() - timedelta(days=SENT_WITHIN)


def _open_decisions(context: Context, scope: Scope) -> OpenDecisions:
    waiting = {State.OPEN, State.ACKNOWLEDGED}
    every = context.store.findings(ANOMALY, waiting), context.store.findings(RECOMMENDATION)
    found, mine = ([finding for finding in one if _is_of(scope, finding)] for one in every)
    anomalies = dearest_first(without_muted(context, found))
    savings = open_savings(mine)
    counted = without_muted(context, savings.counted)
    return OpenDecisions(
        anomalies=len(anomalies),
        anomalies_per_day=sum(f.value.impact_per_day for f in anomalies if isinstance(f.value, Anomaly)),
        savings=len(counted),
        savings_per_month=monthly_sum(counted),
        approved=len(savings.approved),
        approved_per_month=monthly_sum(savings.approved),
        dearest=(*anomalies[:DEAREST], *counted[:DEAREST]),
        savings_currency=_currency((*counted, *savings.approved)),
        muted=len(found) - len(anomalies) + len(savings.counted) - len(counted),
    )


def _is_of(scope: Scope, finding: Finding) -> bool:
    value = finding.value
    accounts = (value.account_id, *(value.also_in if isinstance(value, Anomaly) else ()))
    return any(scope.owns(account, value.owner) for account in accounts)


def _currency(findings: Iterable[Finding]) -> str:
    return next((f.value.currency for f in findings if isinstance(f.value, Recommendation)), "USD")


def _stale_reason(context: Context, window: Window) -> str | None:
    found = stale_reason(window, context.clock.today(), context.settings.stale_hours)
    return "; ".join(found) if found else None
