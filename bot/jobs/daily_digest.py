"""The daily digest, for each channel that asked for it: sent once for a date, late rather than never."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, partial

from bot.blocks.digest import Digest
from bot.context import Context
from bot.delivery.by_the_clock import Due, key_of, send_by_clock
from bot.delivery.channel_words import local_zone
from bot.delivery.post_once import is_out
from bot.digest_times import last_due
from bot.jobs import job
from bot.reports.scope import Scope, known_scope
from bot.store import Subscription
from bot.workflows.send_digest import digest_subject, gather_digest, is_quiet, send_digest

KIND = "digest"
#: A digest that could not be sent for so long is left out; the next one is near.
TOO_LATE = timedelta(hours=20)


@job("daily_digest", every=lambda settings: timedelta(minutes=1), words="sending digests")
def daily_digest(context: Context, due_at: datetime) -> None:
    """Send every digest whose time has come."""
    send_due(context)


@job("digest_after_refresh", after="costs_refresh", words="sending digests that wait for costs")
def digest_after_refresh(context: Context, due_at: datetime) -> None:
    """Send the digests that waited for fresh costs."""
    send_due(context)


def send_due(context: Context) -> int:
    """Send all that is due and was not sent; returns how many. Channels that asked for the same costs share them."""
    gathered = cache(partial(gather_digest, context))

    def send(due: Due) -> bool | None:
        wanted, tag = due.wanted, context.settings.owner_tag
        scope = known_scope(context.costs, tag, team=wanted.team, account=wanted.account)
        return _sent(context, gathered(scope), due, scope)

    return send_by_clock(context, KIND, partial(_due, context), send, too_late=TOO_LATE)


def _sent(context: Context, digest: Digest, due: Due, scope: Scope) -> bool | None:
    least = due.wanted.least_change
    if least is not None and is_quiet(context, digest, due.channel, least):
        context.store.remember(_quiet(due.wanted), due.day.isoformat(), context.clock.now())
        return None
    return send_digest(context, digest, due.channel, due_date=due.day, due_at=due.due_at, scope=scope)


def _due(context: Context, wanted: Subscription) -> Due | None:
    """What this channel has not got yet of the latest date."""
    if wanted.at is None:
        return None
    day, due_at = last_due(wanted.at, local_zone(context, wanted.channel), context.clock.now())
    subject = digest_subject(day, Scope(team=wanted.team, account=wanted.account))
    if is_out(context, subject, wanted.channel) or context.store.recall(_quiet(wanted)) == day.isoformat():
        return None
    return Due(wanted, day, due_at)


def _quiet(wanted: Subscription) -> str:
    return f"digest.quiet.{key_of(wanted)}"
