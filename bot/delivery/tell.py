"""One alert to one channel, once, and no more of them a day than the channel wants; the rest is held and counted.

Alerts that come in many (a scan's) are told the dearest first, so that what is held is what matters less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.context import Context
from bot.delivery.channel_words import local_today
from bot.delivery.post_once import is_out, post_once
from bot.reply import Reply
from bot.store import Held


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a channel is to be told.

    Attributes:
        subject: what it is posted once by in a channel; of a finding's card the finding's id.
        kind: the kind of subscription that brings it.
        dollars: money it is about, in the unit of `--min` of its kind (anomalies a day, the others a month).
        title: it in a few words of plain text, not escaped.
        finding_id: the finding it is about, if any.
        urgent: whether it is told however much the channel was told that day.
    """

    subject: str
    channel: str
    kind: str
    dollars: float
    title: str
    finding_id: str | None = None
    urgent: bool = False


def tell(context: Context, alert: Alert, draw: Callable[[], Reply | None]) -> bool:
    """Post what `draw` makes, once, if the channel is told so much that day; else hold it.

    Args:
        draw: the message as things stand after the claim; None where nothing is to be said any more.
    Returns:
        whether it was posted now; False as well where it is out already.
    Raises:
        CostbotError: Slack refused; it may be told again.
    """
    if context.slack is None or is_out(context, alert.subject, alert.channel) or not admitted(context, alert):
        return False
    try:
        is_posted = post_once(context, alert.subject, alert.channel, draw) is not None
    except Exception:
        give_back(context, alert)
        raise
    if not is_posted and not _is_being_posted(context, alert):
        give_back(context, alert)
    return is_posted


def admitted(context: Context, alert: Alert) -> bool:
    """Whether an alert may be told now; it counts from now on. If not, it is held."""
    most = None if alert.urgent else alerts_a_day(context, alert.channel)
    return context.store.held.admit(_held(context, alert), most=most)


def give_back(context: Context, alert: Alert) -> None:
    """What was admitted was not posted and counts no longer."""
    context.store.held.give_back(alert.channel, alert.subject)


def hold(context: Context, alert: Alert) -> None:
    """Keep an alert for the line of its day, without trying to tell it."""
    if context.slack is not None and not is_out(context, alert.subject, alert.channel):
        context.store.held.hold(_held(context, alert))


def room_left(context: Context, channel: str) -> int:
    """Alerts that a channel can still be told today."""
    told = context.store.held.told(channel, local_today(context, channel))
    return max(alerts_a_day(context, channel) - told, 0)


def alerts_a_day(context: Context, channel: str) -> int:
    """Alerts a local day that are posted to a channel one by one."""
    chosen = context.store.channels.settings(channel).alerts_a_day
    return context.settings.alerts_a_day if chosen is None else chosen


def _is_being_posted(context: Context, alert: Alert) -> bool:
    return any(post.channel == alert.channel for post in context.store.posts(alert.subject))


def _held(context: Context, alert: Alert) -> Held:
    return Held(
        channel=alert.channel,
        subject=alert.subject,
        kind=alert.kind,
        day=local_today(context, alert.channel),
        dollars=alert.dollars,
        title=alert.title,
        finding_id=alert.finding_id,
        held_at=context.clock.now(),
    )
