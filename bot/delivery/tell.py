"""One alert to one channel, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.context import Context
from bot.delivery.post_once import is_out, post_once
from bot.reply import Reply


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
    """Post what `draw` makes, once; whether it was posted now.

    Args:
        draw: the message as things stand after the claim; None where nothing is to be said any more.
    Raises:
        CostbotError: Slack refused; it may be told again.
    """
    if is_out(context, alert.subject, alert.channel):
        return False
    return post_once(context, alert.subject, alert.channel, draw) is not None
