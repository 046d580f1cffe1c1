"""Bring anomalies into their channels: one card per incident and channel, dearest first, and news of what was told.

A channel is told at most its number of alerts a day; the rest is held and counted in one line. What is muted is left.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from bot.blocks.anomaly_card import anomaly_text, headline
from bot.context import Context
from bot.delivery.held_line import tell_held
from bot.delivery.muted import without_muted
from bot.delivery.post_once import is_out
from bot.delivery.recipients import is_subscribed, recipients
from bot.delivery.tell import Alert, hold, room_left, tell
from bot.errors import CostbotError, report
from bot.owners.owned_card import owned_blocks
from bot.reply import Reply
from bot.store import Finding, Subscription
from bot.workflows.tell_again import tell_again

#: The kind of subscription that brings cards to a channel.
SUBSCRIPTION = "anomalies"


def post_anomalies(context: Context) -> int:
    """Post the cards that are waiting, at most `max_cards` a channel, and what is news of those out; returns how many.

    Raises:
        CostbotError: nothing could be posted, and Slack says why.
    """
    if context.slack is None:
        return 0
    waiting = without_muted(context, context.store.findings(ANOMALY, {State.OPEN}))
    waiting.sort(key=lambda one: -abs(_value(one).impact_per_day))
    posted = 0
    failed: CostbotError | None = None
    for wanted, findings in _by_channel(context, waiting):
        try:
            sent = _post_to(context, wanted.channel, findings)
        except CostbotError as error:
            failed = error
            report(error, f"posting anomalies to {wanted.channel}")
            _flag(context, wanted, str(error))
        else:
            posted += sent
            if sent:
                _flag(context, wanted, None)
    posted += tell_again(context)
    tell_held(context)
    if failed is not None and posted == 0:
        raise failed
    return posted


def _by_channel(context: Context, waiting: Sequence[Finding]) -> list[tuple[Subscription, list[Finding]]]:
    """What each channel wants to hear of, in the order of `waiting`."""
    found: dict[str, tuple[Subscription, list[Finding]]] = {}
    for finding in waiting:
        value = _value(finding)
        wanted = recipients(
            context,
            SUBSCRIPTION,
            account=value.account_id,
            team=value.owner,
            also_in=value.also_in,
            amount=value.impact_per_day,
        )
        for one in {one.channel: one for one in wanted}.values():
            found.setdefault(one.channel, (one, []))[1].append(finding)
    return [found[channel] for channel in sorted(found)]


def _post_to(context: Context, channel: str, findings: Sequence[Finding]) -> int:
    """Tell a channel of the dearest; what would not fit into its day even later is held."""
    sent = 0
    later: list[Alert] = []
    for finding in findings:
        if is_out(context, finding.id, channel):
            continue
        alert = _alert(finding, channel)
        if sent < context.settings.max_cards:
            sent += _tell(context, alert)
        else:
            later.append(alert)
    for alert in later[room_left(context, channel) :]:
        hold(context, alert)
    return sent


def _tell(context: Context, alert: Alert) -> bool:
    """Post a card unless it is out, being posted, or decided meanwhile."""

    def draw() -> Reply | None:
        finding = context.store.finding(alert.subject)
        if finding.state != State.OPEN:
            return None
        return Reply(anomaly_text(finding), owned_blocks(context, finding, alert.channel, undo=False))

    return tell(context, alert, draw)


def _alert(finding: Finding, channel: str) -> Alert:
    return Alert(
        subject=finding.id,
        channel=channel,
        kind=SUBSCRIPTION,
        dollars=_value(finding).impact_per_day,
        title=headline(finding),
        finding_id=finding.id,
    )


def _flag(context: Context, wanted: Subscription, problem: str | None) -> None:
    if is_subscribed(context, wanted):
        context.store.flag_subscription(wanted.channel, SUBSCRIPTION, problem)


def _value(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
