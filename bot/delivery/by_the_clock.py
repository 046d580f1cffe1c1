"""Messages that channels get by the clock: each once, late rather than never, and after a refusal a while later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.context import Context
from bot.digest_times import waited, waits_for_costs
from bot.errors import CostbotError, NotEnoughData, report
from bot.store import Subscription

#: After a refusal, so long until a channel is asked again.
RETRY_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Due:
    """What a subscription brings of a local date, and since when it should be there."""

    wanted: Subscription
    day: date
    due_at: datetime

    @property
    def channel(self) -> str:
        """Where to."""
        return self.wanted.channel


def send_by_clock(
    context: Context,
    kind: str,
    due_of: Callable[[Subscription], Due | None],
    send: Callable[[Due], bool | None],
    *,
    too_late: timedelta,
) -> int:
    """Send all of a kind that is due; returns how many. A channel that fails does not stop the others.

    Args:
        due_of: the latest that a subscription brings; None where it is out already.
        send: False where somebody else is at it, None where there is nothing to say; raises `CostbotError` where it was
            refused or cannot be made.
        too_late: what could not be sent for so long is left out; the next one is near.
    """
    found = (due_of(wanted) for wanted in context.store.subscriptions(kind))
    waiting = [due for due in found if due is not None and _is_open(context, due, too_late)]
    if not waiting or context.slack is None or waits_for_costs(context, kind):
        return 0
    waited(context, kind)
    return sum(_sent(context, due, send) for due in waiting)


def _is_open(context: Context, due: Due, too_late: timedelta) -> bool:
    """Whether it became due since somebody subscribed, not too long ago, and was not refused just now."""
    now = context.clock.now()
    if due.due_at < due.wanted.since or now - due.due_at > too_late:
        return False
    return not is_put_off(context, _what(due.wanted))


def _sent(context: Context, due: Due, send: Callable[[Due], bool | None]) -> bool:
    wanted = due.wanted
    try:
        is_sent = send(due)
    except NotEnoughData as error:
        _flag(context, wanted, str(error))
        if wanted.team or wanted.account:  # the first costs at all may come with any refresh
            put_off(context, _what(wanted))
        return False
    except CostbotError as error:
        report(error, f"sending {wanted.kind} to {wanted.channel}")
        _flag(context, wanted, str(error))
        put_off(context, _what(wanted))
        return False
    if is_sent is False:  # another thread is sending it, or two processes ended while they did
        put_off(context, _what(wanted))
        return False
    _flag(context, wanted, None)
    context.store.forget(_failed_at(_what(wanted)))
    return bool(is_sent)


def _flag(context: Context, wanted: Subscription, problem: str | None) -> None:
    context.store.flag_subscription(wanted.channel, wanted.kind, problem, team=wanted.team, account=wanted.account)


def put_off(context: Context, what: str) -> None:
    """Something was refused just now: it is tried again a while later."""
    now = context.clock.now()
    context.store.remember(_failed_at(what), now.isoformat(), now)


def is_put_off(context: Context, what: str) -> bool:
    """Whether something was refused so lately that it is not tried yet."""
    failed_at = context.store.recall(_failed_at(what))
    return failed_at is not None and context.clock.now() - datetime.fromisoformat(failed_at) < RETRY_AFTER


def key_of(wanted: Subscription) -> str:
    """A subscription among those of its kind, as facts are remembered by."""
    return f"{wanted.channel}.{wanted.team}.{wanted.account}"


def _what(wanted: Subscription) -> str:
    return f"{wanted.kind}.{key_of(wanted)}"


def _failed_at(what: str) -> str:
    return f"failed_at.{what}"
