"""The daily digest, for each channel that asked for it: sent once for a date, late rather than never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks.digest import Digest
from bot.context import Context
from bot.delivery.channel_words import local_zone
from bot.delivery.post_once import is_out
from bot.digest_times import last_due, waited, waits_for_costs
from bot.errors import CostbotError, NotEnoughData, report
from bot.jobs import job
from bot.reports.scope import Scope, known_scope
from bot.store import Subscription
from bot.workflows.send_digest import digest_subject, gather_digest, is_quiet, send_digest

#: A digest that could not be sent for so long is left out; the next one is near.
TOO_LATE = timedelta(hours=20)
#: After Slack refused a channel, so long until it is asked again.
RETRY_AFTER = timedelta(minutes=30)
#: What waits for costs.
WHAT = "digest"


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be sent; `wanted` is the subscription, `scope` whose costs it is about."""

    wanted: Subscription
    scope: Scope
    due_date: date
    due_at: datetime

    @property
    def channel(self) -> str:
        """Where to."""
        return self.wanted.channel


@job("daily_digest", every=lambda settings: timedelta(minutes=1), words="sending digests")
def daily_digest(context: Context, due_at: datetime) -> None:
    """Send every digest whose time has come."""
    send_due(context)


@job("digest_after_refresh", after="costs_refresh", words="sending digests that wait for costs")
def digest_after_refresh(context: Context, due_at: datetime) -> None:
    """Send the digests that waited for fresh costs."""
    send_due(context)


def send_due(context: Context) -> int:
    """Send all that is due and was not sent; returns how many. A channel that fails does not stop the others."""
    waiting = [due for due in (_due(context, found) for found in context.store.subscriptions("digest")) if due]
    if not waiting or context.slack is None or waits_for_costs(context, WHAT):
        return 0
    sent = 0
    for scope in dict.fromkeys(due.scope for due in waiting):
        of_scope = [due for due in waiting if due.scope == scope]
        try:
            digest = gather_digest(context, scope)
        except NotEnoughData as error:
            for due in of_scope:
                _flag(context, due, str(error))
                if not scope.is_all:  # the others are sent; this one is tried again, as after a refusal
                    _try_later(context, due)
            continue
        waited(context, WHAT)
        sent += sum(_sent(context, digest, due) for due in of_scope)
    return sent


def _sent(context: Context, digest: Digest, due: Due) -> bool:
    least = due.wanted.least_change
    if least is not None and is_quiet(context, digest, due.channel, least):
        context.store.remember(_quiet(due.wanted), due.due_date.isoformat(), context.clock.now())
        _flag(context, due, None)
        return False
    try:
        is_sent = send_digest(context, digest, due.channel, due_date=due.due_date, due_at=due.due_at, scope=due.scope)
    except CostbotError as error:
        report(error, f"sending the digest to {due.channel}")
        _flag(context, due, str(error))
        _try_later(context, due)
        return False
    if not is_sent:  # another thread is sending it, or two processes ended while they did
        _try_later(context, due)
        return False
    _flag(context, due, None)
    context.store.forget(_failed(due.wanted))
    return True


def _due(context: Context, subscription: Subscription) -> Due | None:
    """What this channel has not got yet of the latest due time since it subscribed."""
    if subscription.at is None:
        return None
    now = context.clock.now()
    zone = local_zone(context, subscription.channel)
    due_date, due_at = last_due(subscription.at, zone, now)
    if due_at < subscription.since or now - due_at > TOO_LATE:
        return None
    scope = scope_of_subscription(context, subscription)
    if is_out(context, digest_subject(due_date, scope), subscription.channel):
        return None
    if context.store.recall(_quiet(subscription)) == due_date.isoformat():
        return None
    failed_at = context.store.recall(_failed(subscription))
    if failed_at and now - datetime.fromisoformat(failed_at) < RETRY_AFTER:
        return None
    return Due(subscription, scope, due_date, due_at)


def scope_of_subscription(context: Context, wanted: Subscription) -> Scope:
    """Whose costs a subscription is about."""
    return known_scope(context.costs, context.settings.owner_tag, team=wanted.team, account=wanted.account)


def _flag(context: Context, due: Due, problem: str | None) -> None:
    wanted = due.wanted
    context.store.flag_subscription(due.channel, "digest", problem, team=wanted.team, account=wanted.account)


def _try_later(context: Context, due: Due) -> None:
    now = context.clock.now()
    context.store.remember(_failed(due.wanted), now.isoformat(), now)


def _failed(wanted: Subscription) -> str:
    return f"digest.failed_at.{_key(wanted)}"


def _quiet(wanted: Subscription) -> str:
    return f"digest.quiet.{_key(wanted)}"


def _key(wanted: Subscription) -> str:
    return ".".join(filter(None, (wanted.channel, wanted.team, wanted.account)))
