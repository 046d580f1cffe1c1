"""Tell the owner again, and then the escalation contact, when nobody reacts to what is urgent: two steps, no more.

Hours count from Monday to Friday, 9 to 17, in the time zone of the channel; nothing is said outside of them. Whatever
anybody does with the finding starts the count anew, and a decision or an assignment ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.lifecycle import State
from analysis.models import Anomaly, Direction, Severity
from bot.blocks.escalation import escalation
from bot.context import Context
from bot.delivery.channel_words import answers_in_threads, local_zone
from bot.delivery.muted import without_muted
from bot.delivery.post_once import is_out, post_once
from bot.errors import CostbotError, report
from bot.owners.chain import Owner
from bot.owners.slack_ids import is_group
from bot.owners.words import finding_owner, said
from bot.owners.working_hours import is_working_time, worked
from bot.reply import Reply
from bot.store import Finding, Post
from bot.store.escalations import Escalation
from bot.worth import worth

MOST_STEPS = 2
#: What has waited so much longer was left when escalation was off, or costbot stood still: that is past.
TOO_LATE = timedelta(hours=24)
#: Steps of one run: after a change of the settings a channel is not flooded.
MOST_A_RUN = 5
_URGENT = frozenset({Severity.CRITICAL, Severity.HIGH})


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is to be told, in the thread of a card."""

    finding: Finding
    post: Post
    number: int
    target: Owner
    before: Escalation | None
    then: Owner | None

    @property
    def subject(self) -> str:
        return f"{self.finding.id}:escalation-{self.number}"


def escalate(context: Context) -> int:
    """Take the steps that are due; returns how many. One that Slack refuses stops no other."""
    if not context.settings.escalate_after_hours or context.slack is None:
        return 0
    waiting = [one for one in context.store.findings(states={State.OPEN}) if is_urgent(context, one)]
    waiting.sort(key=lambda one: -worth(one))
    taken = 0
    for finding in without_muted(context, waiting):
        step = _due(context, finding)
        if step is None:
            continue
        try:
            taken += _take(context, step)
        except CostbotError as error:
            report(error, f"escalating {finding.id}")
        if taken == MOST_A_RUN:
            break
    return taken


def is_urgent(context: Context, finding: Finding) -> bool:
    """Whether it costs so much that silence is not an answer; a cost that fell is not urgent."""
    value = finding.value
    if isinstance(value, Anomaly):
        if value.direction == Direction.DOWN:
            return False
        if value.severity in _URGENT:
            return True
    return 0 < worth(finding) >= context.settings.escalate_from


def _due(context: Context, finding: Finding) -> Step | None:
    """The next step of a finding that nobody has, if its time has come."""
    post = next((post for post in context.store.posts(finding.id) if post.ts), None)
    if finding.assignee is not None or post is None:
        return None
    steps = context.store.escalations.of(finding.id)
    chain = _chain(context, finding)
    left = [one for one in chain if one.slack_id not in {step.slack_id for step in steps}]
    if len(steps) >= MOST_STEPS or not left or not _has_waited(context, finding, post):
        return None
    number = len(steps) + 1
    then = left[1] if len(left) > 1 and number < MOST_STEPS else None
    return Step(finding, post, number, left[0], steps[-1] if steps else None, then)


def _has_waited(context: Context, finding: Finding, post: Post) -> bool:
    now, zone = context.clock.now(), local_zone(context, post.channel)
    if not is_working_time(now, zone):
        return False
    enough = timedelta(hours=context.settings.escalate_after_hours)
    return enough <= worked(_last_moved(context, finding, post), now, zone) <= enough + TOO_LATE


def _last_moved(context: Context, finding: Finding, post: Post) -> datetime:
    """When the channel was told, or anything was done with the finding since."""
    return max(post.claimed_at, context.store.audit(finding.id)[-1].at)


def _chain(context: Context, finding: Finding) -> list[Owner]:
    """The owner, and who is asked when they are silent; the same one stands in it once."""
    owner = finding_owner(context, finding)
    contact = context.settings.escalation_contact
    last = Owner(contact, is_group(contact), "the escalation contact") if contact else None
    found = [one for one in (owner, last) if one is not None]
    return found[:1] if len({one.slack_id for one in found}) < len(found) else found


def _take(context: Context, step: Step) -> bool:
    """Say it once and note it; what was said before a process was killed is only noted."""
    channel = step.post.channel

    def draw() -> Reply | None:
        now = context.store.finding(step.finding.id)
        if now.state != State.OPEN or now.assignee is not None:
            return None
        return escalation(
            now,
            said(context, step.target, channel),
            hours=context.settings.escalate_after_hours,
            before=_asked(context, step.before, channel),
            then=said(context, step.then, channel) if step.then else None,
        )

    thread = step.post.ts if answers_in_threads(context, channel) else None
    ts = post_once(context, step.subject, channel, draw, thread_ts=thread)
    if ts is None and not is_out(context, step.subject, channel):
        return False
    now = context.clock.now()
    context.store.escalations.add(step.finding.id, step.target.slack_id, now, channel=channel, ts=ts)
    return True


def _asked(context: Context, before: Escalation | None, channel: str) -> tuple[str, datetime] | None:
    if before is None:
        return None
    owner = Owner(before.slack_id, is_group(before.slack_id), "")
    return said(context, owner, channel), before.at
