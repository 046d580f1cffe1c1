"""Bring the savings into their channels: one card per finding and channel, repeats in the same message."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.context import Context
from bot.delivery.post_once import is_out, post_once
from bot.errors import CostbotError, report
from bot.owners.owned_card import owned_card
from bot.reply import Reply
from bot.savings.open_savings import open_savings
from bot.store import Finding
from bot.workflows.record_savings import Recorded
from bot.workflows.redraw import redraw

KIND = "savings"


@dataclass(frozen=True, slots=True)
class Posted:
    """Cards that went out, cards that were left for the digest because of the limit, and channels that refused."""

    cards: int = 0
    held_back: int = 0
    problems: tuple[str, ...] = ()

    def joined(self, other: Posted) -> Posted:
        """With cards that went out after these."""
        return Posted(self.cards + other.cards, self.held_back + other.held_back, (*self.problems, *other.problems))


@dataclass(slots=True)
class _Tally:
    cards: int = 0
    held_back: int = 0
    problems: list[str] = field(default_factory=list)


def post_savings(
    context: Context, recorded: Recorded, *, new_cards: bool = True, most_of_these: int | None = None
) -> Posted:
    """Redraw the cards of what changed or is gone, then post new cards of what counts, the biggest saving first.

    Args:
        most_of_these: how many new cards a channel gets, of what was recorded now alone; where it is None, up to
            `COSTBOT_MAX_CARDS` of all that waits.
    """
    if context.slack is None:
        return Posted()
    for finding in (*recorded.changed, *recorded.resolved):
        redraw(context, finding)
    if not new_cards:
        return Posted()
    tally = _Tally()
    counted = open_savings(context.store.findings(RECOMMENDATION)).counted
    if most_of_these is not None:
        ids = {finding.id for finding in recorded.found}
        counted = tuple(finding for finding in counted if finding.id in ids)
    most = context.settings.max_cards if most_of_these is None else most_of_these
    for channel, min_impact, is_subscribed in savings_channels(context):
        problem = _post_to(context, channel, min_impact, counted, most, tally)
        if is_subscribed:
            context.store.flag_subscription(channel, KIND, problem)
    return Posted(tally.cards, tally.held_back, tuple(tally.problems))


def savings_channels(context: Context) -> list[tuple[str, float, bool]]:
    """Channels that get savings, with the least saving they want to hear of."""
    subscribed = [(s.channel, s.min_impact or 0.0, True) for s in context.store.subscriptions(kind=KIND)]
    if subscribed or context.settings.alert_channel is None:
        return subscribed
    return [(context.settings.alert_channel, 0.0, False)]


def _post_to(
    context: Context,
    channel: str,
    min_impact: float,
    found: tuple[Finding, ...],
    most: int,
    tally: _Tally,
) -> str | None:
    """Post up to so many new cards; returns why the channel takes none, if so."""
    posted = 0
    for finding in found:
        if not _is_due(context, finding, channel, min_impact):
            continue
        if posted == most:
            tally.held_back += 1
            continue
        try:
            posted += post_card(context, finding, channel)
        except CostbotError as error:
            report(error, f"posting {finding.id} in {channel}")
            tally.problems.append(str(error))
            tally.cards += posted
            return str(error)
    tally.cards += posted
    return None


def _is_due(context: Context, finding: Finding, channel: str, min_impact: float) -> bool:
    if finding.state != State.OPEN or not isinstance(finding.value, Recommendation):
        return False
    if finding.value.monthly_savings < min_impact:
        return False
    return not is_out(context, finding.id, channel)


def post_card(context: Context, finding: Finding, channel: str) -> bool:
    """Post a card as it stands then; False when it is out or somebody else is posting it.

    Raises:
        CostbotError: Slack refused; the claim is given back.
    """
    shown = finding

    def draw() -> Reply:
        nonlocal shown
        shown = context.store.finding(finding.id)
        return owned_card(context, shown, channel, undo=False)

    if post_once(context, finding.id, channel, draw) is None:
        return False
    latest = context.store.finding(finding.id)
    if latest.version != shown.version:
        redraw(context, latest)
    return True
