"""The anomaly scan: gather what is stored, think in the worker process, record and post one card per incident.

Everything that Slack is told is recorded first; a card is claimed before it is posted and confirmed with its `ts`, so
that a killed process loses nothing and repeats at most one post.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analysis.lifecycle import ANOMALY, RESOLVABLE, State
from analysis.models import Anomaly, from_json
from bot.blocks.anomaly_card import anomaly_card, anomaly_text
from bot.context import Context
from bot.errors import CostbotError, report
from bot.posting import Poster
from bot.store import Finding
from bot.workflows.find_anomalies import Scan, find_anomalies
from bot.workflows.incidents import Question
from bot.workflows.redraw import redraw

log = logging.getLogger("costbot")

#: The kind of subscription that brings cards to a channel.
SUBSCRIPTION = "anomalies"

#: Ordinary days after which an incident is over; only complete days can be ordinary.
QUIET_DAYS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan did: findings that are new, whose figures changed, that are over, and the cards it posted."""

    new: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    posted: int


def scan_anomalies(context: Context) -> Outcome:
    """Look for incidents in the stored costs and tell the channels about them.

    Raises:
        NotEnoughData: too little is stored.
        CostbotError: a card could not be posted; everything is recorded, and the next scan tries again.
    """
    question = gather(context)
    scan = context.work.computed(find_anomalies, str(context.settings.data_dir), question)
    return apply(context, scan)


def gather(context: Context) -> Question:
    """What the worker must be told."""
    settings = context.settings
    names = dict(context.costs.account_names())
    try:
        # A list that AWS refuses has ids for names; the bill may know better.
        names |= {account.id: account.name for account in context.aws.accounts() if account.name != account.id}
    except CostbotError as error:
        log.info("accounts keep their ids: %s", error)
    return Question(
        view=settings.cost_view,
        owner_tag=settings.owner_tag,
        account_names=names,
        min_impact=settings.anomaly_min_impact,
        min_pct=settings.anomaly_min_percent / 100,
    )


def apply(context: Context, scan: Scan) -> Outcome:
    """Record what was found, close what is over, then redraw and post cards."""
    found = [from_json(Anomaly, text) for text in scan.anomalies]
    woken = context.store.wake(context.clock.now())
    new, changed, resolved = _record(context, scan, found)
    for finding in (*woken, *changed, *resolved):
        redraw(context, context.store.finding(finding.id))
    posted = _post(context) if context.slack is not None else 0
    return Outcome(tuple(new), tuple(changed), tuple(resolved), posted)


def _record(
    context: Context, scan: Scan, found: Iterable[Anomaly]
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    store, now = context.store, context.clock.now()
    known = store.findings(ANOMALY)
    seen: set[str] = set()
    new: list[Finding] = []
    changed: list[Finding] = []
    resolved: list[Finding] = []
    for anomaly in found:
        before = next((one for one in known if one.id not in seen and _is_same_incident(one, anomaly)), None)
        is_over = (anomaly.data_until - anomaly.last_day).days > QUIET_DAYS
        if is_over and (before is None or before.state == State.RESOLVED):
            continue
        if before is not None:
            seen.add(before.id)
            # The bill was restated and the incident begins on another day now: it is still the one that was told.
            anomaly = replace(anomaly, first_day=_first_day(before))
        finding = store.record(anomaly, now)
        if before is None:
            new.append(finding)
        elif finding.value != before.value and finding.state != State.DISMISSED:
            changed.append(finding)
        if is_over and finding.state in RESOLVABLE:
            resolved.append(store.resolve(finding.id, now, "back to normal"))
    for finding in known:
        if finding.id not in seen and finding.state in RESOLVABLE:
            why = "the bill was corrected" if _first_day(finding) >= scan.since else "back to normal"
            resolved.append(store.resolve(finding.id, now, why))
    gone = {finding.id for finding in resolved}
    return new, [finding for finding in changed if finding.id not in gone], resolved


def _is_same_incident(finding: Finding, anomaly: Anomaly) -> bool:
    told = finding.value
    if not isinstance(told, Anomaly):
        return False
    same = (told.service, told.account_id, told.direction) == (anomaly.service, anomaly.account_id, anomaly.direction)
    gap = timedelta(days=QUIET_DAYS)
    return same and anomaly.first_day <= told.last_day + gap and told.first_day <= anomaly.last_day + gap


def _first_day(finding: Finding) -> date:
    return finding.value.first_day if isinstance(finding.value, Anomaly) else date.max


def _post(context: Context) -> int:
    """Post the cards that are waiting, dearest first, at most `max_cards` a channel; returns how many."""
    slack = context.slack
    if slack is None:
        return 0
    waiting = sorted(context.store.findings(ANOMALY, {State.OPEN}), key=lambda one: -_impact(one))
    posted = 0
    failed: CostbotError | None = None
    for channel, min_impact in _channels(context):
        sent = 0
        for finding in waiting:
            if sent >= context.settings.max_cards:
                break
            if _impact(finding) < min_impact:
                continue
            try:
                sent += _post_once(context, slack, finding.id, channel)
            except CostbotError as error:
                failed = error
                _note_problem(context, channel, error)
                break
        posted += sent
    if failed is not None and posted == 0:
        raise failed
    return posted


def _post_once(context: Context, slack: Poster, finding_id: str, channel: str) -> bool:
    """Post a card unless it is out, being posted, or decided meanwhile."""
    store = context.store
    if any(post.channel == channel and post.ts for post in store.posts(finding_id)):
        return False
    if not store.claim_post(finding_id, channel, context.clock.now()):
        return False
    finding = store.finding(finding_id)
    if finding.state != State.OPEN:
        store.abandon_post(finding_id, channel)
        return False
    try:
        ts = slack.post(channel, anomaly_text(finding), anomaly_card(finding))
    except CostbotError:
        store.abandon_post(finding_id, channel)
        raise
    store.confirm_post(finding_id, channel, ts, context.clock.now())
    return True


def _channels(context: Context) -> list[tuple[str, float]]:
    """Channels that want cards, with the dollars a day from which on; else the alert channel."""
    subscribed = context.store.subscriptions(kind=SUBSCRIPTION)
    if subscribed:
        return [(one.channel, one.min_impact or 0.0) for one in subscribed]
    channel = context.settings.alert_channel
    return [(channel, 0.0)] if channel else []


def _note_problem(context: Context, channel: str, error: CostbotError) -> None:
    report(error, f"posting anomalies to {channel}")
    if any(one.channel == channel for one in context.store.subscriptions(kind=SUBSCRIPTION)):
        context.store.flag_subscription(channel, SUBSCRIPTION, str(error))


def _impact(finding: Finding) -> float:
    return abs(finding.value.impact_per_day) if isinstance(finding.value, Anomaly) else 0.0
