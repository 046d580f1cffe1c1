"""Tell the channels of savings that a commitment ends or is no longer used, each stage once.

The first time it is the finding's card; when an end comes nearer, a line of its own that names the card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.blocks import elements
from bot.blocks.elements import escape
from bot.context import Context
from bot.delivery.held_line import tell_held
from bot.delivery.muted import without_muted
from bot.delivery.post_once import is_out, once, post_once
from bot.delivery.tell import admitted, give_back, room_left, tell
from bot.errors import CostbotError, report
from bot.owners.owned_card import owned_card
from bot.posting import Poster
from bot.reply import Reply
from bot.store import Finding
from bot.workflows.post_savings import KIND, saving_alert, savings_for

#: Days before an end on which it is told again.
STAGES = (60, 30, 7)
#: From this stage on it is told on any day.
URGENT = 7
ENDING = ("commitments.plan_ending", "commitments.reservation_ending")
UNUSED = "commitments.plan_utilization"


@dataclass(frozen=True, slots=True)
class Alert:
    """One finding that is to be told; `stage` is days before the end, 0 of what does not end or not that soon."""

    finding: Finding
    value: Recommendation
    stage: int

    def subject(self, stage: int) -> str:
        """What a post of a stage is claimed by."""
        return f"{self.finding.id}:{stage}"


def alert_commitments(context: Context) -> int:
    """Post what is due in every channel of savings; returns how many messages went out. A refusal stops no other."""
    if context.slack is None:
        return 0
    alerts = {alert.finding.id: alert for alert in _alerts(context)}
    sent = 0
    for one in savings_for(context, (alert.finding for alert in alerts.values()), by_cost=True):
        due = [alerts[finding.id] for finding in one.findings]
        due = [alert for alert in due if _is_due(context, alert, one.channel)]
        try:
            for alert in due[: context.settings.max_cards]:
                sent += _post(context, alert, one.channel)
        except CostbotError as error:
            report(error, f"posting commitments in {one.channel}")
            if one.is_subscribed:
                context.store.flag_subscription(one.channel, KIND, str(error))
    tell_held(context)
    return sent


def _alerts(context: Context) -> Iterator[Alert]:
    """What is open, the nearest end first."""
    found = []
    for finding in without_muted(context, context.store.findings(RECOMMENDATION, {State.OPEN})):
        value = finding.value
        if not isinstance(value, Recommendation) or value.check_id not in (*ENDING, UNUSED):
            continue
        days = next((fact.value for fact in value.evidence if fact.metric == "Ends in"), None)
        if value.check_id == UNUSED:
            found.append((float("inf"), Alert(finding, value, 0)))
        elif days is not None:
            found.append((days, Alert(finding, value, min((stage for stage in STAGES if days <= stage), default=0))))
    yield from (alert for _, alert in sorted(found, key=lambda pair: (pair[0], pair[1].finding.id)))


def _is_due(context: Context, alert: Alert, channel: str) -> bool:
    return not is_out(context, alert.subject(alert.stage), channel)


def _post(context: Context, alert: Alert, channel: str) -> bool:
    """Tell a stage: by the card the first time, which is claimed as such too; then by a line that names it.

    What ends within days is told however much the channel was told that day.

    Raises:
        CostbotError: Slack refused; the claim is given back.
    """
    finding, subject = alert.finding, alert.subject(alert.stage)
    wanted = saving_alert(finding, subject, channel, urgent=0 < alert.stage <= URGENT)
    if not wanted.urgent and not room_left(context, channel):
        return False  # it is as good tomorrow
    if is_out(context, finding.id, channel):
        return tell(context, wanted, lambda: _reply(alert))
    if not admitted(context, wanted):
        return False

    def post_card(_: Poster) -> str | None:
        return post_once(context, finding.id, channel, lambda: _card(context, finding, channel))

    ts = None
    try:
        ts = once(context, subject, channel, post_card)
    finally:
        if ts is None:
            give_back(context, wanted)
    return ts is not None


def _card(context: Context, finding: Finding, channel: str) -> Reply:
    return owned_card(context, context.store.finding(finding.id), channel, undo=False)


def _reply(alert: Alert) -> Reply:
    text = _line(alert)
    show = elements.run_button(f"Show {alert.finding.id}", f"/cost saving {alert.finding.id}", 0)
    return Reply(text, [elements.section(text), elements.actions(show, block_id="ending")])


def _line(alert: Alert) -> str:
    name = escape(elements.name(alert.value.resource_name or alert.value.resource_id))
    return f"{alert.finding.id}: {name} ({escape(alert.value.account_name)}). {escape(alert.value.reason)}."
