"""The daily digest, for each channel that asked for it: sent once for a date, late rather than never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks.digest import Digest
from bot.context import Context
from bot.digest_times import last_due, waited, waits_for_costs
from bot.errors import CostbotError, NotEnoughData, report
from bot.jobs import job
from bot.store import Subscription
from bot.workflows.send_digest import gather_digest, send_digest

#: A digest that could not be sent for so long is left out; the next one is near.
TOO_LATE = timedelta(hours=20)
#: After Slack refused a channel, so long until it is asked again.
RETRY_AFTER = timedelta(minutes=30)
#: What waits for costs.
WHAT = "digest"


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be sent."""

    channel: str
    due_date: date
    due_at: datetime


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
    try:
        digest = gather_digest(context)
    except NotEnoughData as error:
        for due in waiting:
            context.store.flag_subscription(due.channel, "digest", str(error))
        return 0
    waited(context, WHAT)
    return sum(_sent(context, digest, due) for due in waiting)


def _sent(context: Context, digest: Digest, due: Due) -> bool:
    now = context.clock.now()
    try:
        is_sent = send_digest(context, digest, due.channel, due_date=due.due_date, due_at=due.due_at)
    except CostbotError as error:
        report(error, f"sending the digest to {due.channel}")
        context.store.flag_subscription(due.channel, "digest", str(error))
        context.store.remember(_failed(due.channel), now.isoformat(), now)
        return False
    if not is_sent:  # another thread is sending it, or two processes ended while they did
        context.store.remember(_failed(due.channel), now.isoformat(), now)
        return False
    context.store.flag_subscription(due.channel, "digest", None)
    context.store.forget(_failed(due.channel))
    return True


def _due(context: Context, subscription: Subscription) -> Due | None:
    """What this channel has not got yet of the latest due time since it subscribed."""
    if subscription.at is None:
        return None
    now = context.clock.now()
    due_date, due_at = last_due(subscription.at, context.settings.zone, now)
    if due_at < subscription.since or now - due_at > TOO_LATE:
        return None
    if any(post.channel == subscription.channel and post.ts for post in context.store.posts(f"digest:{due_date}")):
        return None
    failed_at = context.store.recall(_failed(subscription.channel))
    if failed_at and now - datetime.fromisoformat(failed_at) < RETRY_AFTER:
        return None
    return Due(subscription.channel, due_date, due_at)


def _failed(channel: str) -> str:
    return f"digest.failed_at.{channel}"
