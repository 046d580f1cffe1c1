"""Bring the savings into their channels: one card per finding and channel, repeats in the same message."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.blocks.decision_line import title
from bot.context import Context
from bot.delivery.held_line import tell_held
from bot.delivery.muted import without_muted
from bot.delivery.post_once import is_out
from bot.delivery.recipients import is_subscribed, recipients
from bot.delivery.tell import Alert, room_left, tell
from bot.errors import CostbotError, report
from bot.owners.owned_card import owned_card
from bot.reply import Reply
from bot.savings.open_savings import open_savings
from bot.store import Finding
from bot.workflows.owner_savings import tell_owners
from bot.workflows.record_savings import Recorded
from bot.workflows.redraw import redraw, redraw_all

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


@dataclass(frozen=True, slots=True)
class ForChannel:
    """What a channel wants to hear of; `is_subscribed` is false of the alert channel of the settings."""

    channel: str
    is_subscribed: bool
    findings: list[Finding]


@dataclass(slots=True)
class _Tally:
    cards: int = 0
    held_back: int = 0
    problems: list[str] = field(default_factory=list)


def post_savings(
    context: Context, recorded: Recorded, *, new_cards: bool = True, most_of_these: int | None = None
) -> Posted:
    """Redraw the cards of what changed or is gone, then post new cards of what counts, the biggest saving first, and
    one list per owner of the others.

    Args:
        most_of_these: how many new cards a channel gets, of what was recorded now alone; where it is None, up to
            `COSTBOT_MAX_CARDS` of all that waits.
    """
    if context.slack is None:
        return Posted()
    redraw_all(context, (*recorded.changed, *recorded.resolved))
    if not new_cards:
        return Posted()
    tally = _Tally()
    counted = tuple(without_muted(context, open_savings(context.store.findings(RECOMMENDATION)).counted))
    if most_of_these is not None:
        ids = {finding.id for finding in recorded.found}
        counted = tuple(finding for finding in counted if finding.id in ids)
    most = context.settings.max_cards if most_of_these is None else most_of_these
    for one in savings_for(context, counted):
        problem = _post_to(context, one.channel, one.findings, most, tally)
        if problem is None and most_of_these is None:
            problem = _list_by_owner(context, one, tally)
        if one.is_subscribed:
            context.store.flag_subscription(one.channel, KIND, problem)
    tell_held(context)
    return Posted(tally.cards, tally.held_back, tuple(tally.problems))


def _list_by_owner(context: Context, found: ForChannel, tally: _Tally) -> str | None:
    """Tell each owner of what has no card yet; returns why the channel takes no list, if so."""
    try:
        tell_owners(context, found.channel, found.findings)
    except CostbotError as error:
        report(error, f"listing savings by owner in {found.channel}")
        tally.problems.append(str(error))
        return str(error)
    return None


def savings_for(context: Context, found: Iterable[Finding], *, by_cost: bool = False) -> list[ForChannel]:
    """What each channel wants to hear of, in the order of `found`; by channel.

    Args:
        by_cost: hold the minimum of a subscription against what the resource costs, not against what it saves.
    """
    channels: dict[str, ForChannel] = {}
    for finding in found:
        value = finding.value
        if not isinstance(value, Recommendation):
            continue
        amount = value.monthly_cost if by_cost else value.monthly_savings
        wanted = recipients(context, KIND, account=value.account_id, team=value.owner, amount=amount)
        for one in {one.channel: one for one in wanted}.values():
            channels.setdefault(one.channel, ForChannel(one.channel, is_subscribed(context, one), [])).findings.append(
                finding
            )
    return [channels[channel] for channel in sorted(channels)]


def _post_to(
    context: Context,
    channel: str,
    found: Sequence[Finding],
    most: int,
    tally: _Tally,
) -> str | None:
    """Post up to so many new cards; returns why the channel takes none, if so."""
    posted = 0
    for finding in found:
        if finding.state != State.OPEN or is_out(context, finding.id, channel):
            continue
        # A saving is as good tomorrow: what finds no room today waits for its card, it is not folded into a line.
        if posted == most or not room_left(context, channel):
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


def post_card(context: Context, finding: Finding, channel: str) -> bool:
    """Tell a channel of a saving by its card as it stands then.

    Returns:
        False when it is out, somebody else is posting it, or the channel was told enough today.
    Raises:
        CostbotError: Slack refused; the claim is given back.
    """
    shown = finding

    def draw() -> Reply:
        nonlocal shown
        shown = context.store.finding(finding.id)
        return owned_card(context, shown, channel, undo=False)

    if not tell(context, saving_alert(finding, finding.id, channel), draw):
        return False
    latest = context.store.finding(finding.id)
    if latest.version != shown.version:
        redraw(context, latest)
    return True


def saving_alert(finding: Finding, subject: str, channel: str, *, urgent: bool = False) -> Alert:
    """An alert about a saving; of a notice, which saves nothing, its money is what the resource costs."""
    value = finding.value
    if not isinstance(value, Recommendation):
        raise TypeError(f"{finding.id} is no saving")
    dollars = value.monthly_cost if value.is_notice else value.monthly_savings
    return Alert(subject, channel, KIND, dollars, plain_title(finding), finding.id, urgent)


def plain_title(finding: Finding) -> str:
    """A finding in a few words, as plain text."""
    return html.unescape(title(finding))
