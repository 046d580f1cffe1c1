"""One message per owner and week in a channel, with the savings that have no card there yet: nobody reads another's.

A second scan of the week draws the same message anew; so does a decision on what it lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.lifecycle import State
from bot.blocks.owner_savings import owner_savings
from bot.context import Context
from bot.delivery.channel_words import local_today
from bot.delivery.post_once import is_out
from bot.delivery.tell import Alert, room_left, tell
from bot.errors import CostbotError, report
from bot.owners.chain import Owner
from bot.owners.words import finding_owner, said
from bot.reply import Reply
from bot.store import Finding
from bot.worth import worth


@dataclass(frozen=True, slots=True)
class Group:
    """What is one owner's; without an owner, what carries the same tag."""

    key: str
    owner: Owner | None
    findings: list[Finding]


def tell_owners(context: Context, channel: str, waiting: Iterable[Finding]) -> int:
    """List what has no card in a channel and was not listed there yet, owner by owner, the dearest first.

    Args:
        waiting: open savings that the channel wants to hear of.
    Returns:
        how many messages were posted or drawn anew, at most `COSTBOT_MAX_CARDS`; the others come with the next scan.
    Raises:
        CostbotError: Slack refused.
    """
    if context.slack is None:
        return 0
    told = context.store.told_savings.by_finding(channel)
    fresh = [one for one in waiting if one.state == State.OPEN and one.id not in told]
    groups = _by_owner(context, [one for one in fresh if not is_out(context, one.id, channel)])
    return sum(_tell(context, channel, group) for group in groups[: context.settings.max_cards])


def redraw_lists(context: Context, findings: Iterable[Finding]) -> None:
    """Draw the messages that list findings anew, each once; one that Slack refuses is left, as each line has its
    button."""
    lists = (found for finding in findings for found in context.store.told_savings.lists_of(finding.id))
    for channel, subject in dict.fromkeys(lists):
        try:
            _redraw(context, channel, subject)
        except CostbotError as error:
            report(error, f"drawing the list of {subject} anew")


def _tell(context: Context, channel: str, group: Group) -> bool:
    year, week, _ = local_today(context, channel).isocalendar()
    subject = f"savings-of:{group.key}:{year}-W{week:02d}"
    told = context.store.told_savings
    if is_out(context, subject, channel):
        told.add(channel, subject, [one.id for one in group.findings], context.clock.now())
        return _redraw(context, channel, subject)
    saved = sum(worth(one) for one in group.findings)
    alert = Alert(subject, channel, "savings", saved, f"{len(group.findings)} savings of {group.key}")
    if not room_left(context, channel) or not tell(context, alert, lambda: _drawn(context, channel, group.findings)):
        return False
    told.add(channel, subject, [one.id for one in group.findings], context.clock.now())
    return True


def _redraw(context: Context, channel: str, subject: str) -> bool:
    ts = next((post.ts for post in context.store.posts(subject) if post.channel == channel and post.ts), None)
    if context.slack is None or ts is None:
        return False
    listed = [context.store.finding(one) for one in context.store.told_savings.listed(channel, subject)]
    shown = _drawn(context, channel, listed)
    context.slack.update(channel, ts, shown.text, shown.blocks)
    return True


def _drawn(context: Context, channel: str, findings: Sequence[Finding]) -> Reply:
    owner = next((found for one in findings if (found := finding_owner(context, one))), None)
    tags = sorted({one.value.owner for one in findings if one.value.owner})
    return owner_savings(findings, said(context, owner, channel) if owner else None, tags)


def _by_owner(context: Context, findings: Iterable[Finding]) -> list[Group]:
    groups: dict[str, Group] = {}
    for finding in findings:
        owner = finding_owner(context, finding)
        key = owner.slack_id if owner else f"tag={finding.value.owner or ''}"
        groups.setdefault(key, Group(key, owner, [])).findings.append(finding)
    return sorted(groups.values(), key=lambda group: (-sum(map(worth, group.findings)), group.key))
