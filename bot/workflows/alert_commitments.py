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
from bot.delivery.post_once import is_out
from bot.errors import CostbotError, report
from bot.posting import Poster
from bot.store import Finding
from bot.workflows.post_savings import KIND, post_card, savings_channels

#: Days before an end on which it is told again.
STAGES = (60, 30, 7)
ENDING = ("commitments.plan_ending", "commitments.reservation_ending")
UNUSED = "commitments.plan_utilization"


@dataclass(frozen=True, slots=True)
class Alert:
    """One finding that is to be told; `stage` is days before the end, 0 of what does not end."""

    finding: Finding
    value: Recommendation
    stage: int

    def subject(self, stage: int) -> str:
        """What a post of a stage is claimed by."""
        return f"{self.finding.id}:{stage}"


def alert_commitments(context: Context) -> int:
    """Post what is due in every channel of savings; returns how many messages went out. A refusal stops no other."""
    slack = context.slack
    if slack is None:
        return 0
    alerts = list(_alerts(context))
    sent = 0
    for channel, min_impact, is_subscribed in savings_channels(context):
        due = [one for one in alerts if one.value.monthly_cost >= min_impact and _is_due(context, one, channel)]
        try:
            for alert in due[: context.settings.max_cards]:
                sent += _post(context, slack, alert, channel)
        except CostbotError as error:
            report(error, f"posting commitments in {channel}")
            if is_subscribed:
                context.store.flag_subscription(channel, KIND, str(error))
    return sent


def _alerts(context: Context) -> Iterator[Alert]:
    """What is open, the nearest end first."""
    found = []
    for finding in context.store.findings(RECOMMENDATION, {State.OPEN}):
        value = finding.value
        if not isinstance(value, Recommendation) or value.check_id not in (*ENDING, UNUSED):
            continue
        days = next((fact.value for fact in value.evidence if fact.metric == "Ends in"), None)
        if value.check_id == UNUSED:
            found.append((float("inf"), Alert(finding, value, 0)))
        elif days is not None:
            found.append((days, Alert(finding, value, min(stage for stage in STAGES if days <= stage))))
    yield from (alert for _, alert in sorted(found, key=lambda pair: (pair[0], pair[1].finding.id)))


def _is_due(context: Context, alert: Alert, channel: str) -> bool:
    return not is_out(context, alert.subject(alert.stage), channel)


def _post(context: Context, slack: Poster, alert: Alert, channel: str) -> bool:
    """Claim the stage, post, confirm; False when somebody else is at it.

    Raises:
        CostbotError: Slack refused; the claim is given back.
    """
    now, subject = context.clock.now(), alert.subject(alert.stage)
    if not context.store.claim_post(subject, channel, now):
        return False
    try:
        if not post_card(context, alert.finding, channel):
            text = _line(alert)
            show = elements.run_button(f"Show {alert.finding.id}", f"/cost saving {alert.finding.id}", 0)
            ts = slack.post(channel, text, [elements.section(text), elements.actions(show, block_id="ending")])
        else:
            ts = next(post.ts or "" for post in context.store.posts(alert.finding.id) if post.channel == channel)
    except CostbotError:
        context.store.abandon_post(subject, channel)
        raise
    context.store.confirm_post(subject, channel, ts, now)
    return True


def _line(alert: Alert) -> str:
    name = escape(elements.name(alert.value.resource_name or alert.value.resource_id))
    return f"{alert.finding.id}: {name} ({escape(alert.value.account_name)}). {escape(alert.value.reason)}."
