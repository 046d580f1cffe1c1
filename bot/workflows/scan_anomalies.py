"""The anomaly scan: gather what is stored, think in the worker process, record and post one card per incident.

Everything that Slack is told is recorded first; a card is claimed before it is posted and confirmed with its `ts`, so
that a killed process loses nothing and repeats at most one post.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.anomalies.correction import correction
from analysis.anomalies.matching import is_same_incident, matched
from analysis.lifecycle import ANOMALY, RESOLVABLE, State
from analysis.models import Anomaly, AnomalyKind, Part, Phase, from_json
from bot.context import Context
from bot.errors import CostbotError
from bot.store import Finding
from bot.thresholds import thresholds
from bot.workflows.find_anomalies import Scan, find_anomalies
from bot.workflows.find_changes import changes_of
from bot.workflows.incident_joins import Told
from bot.workflows.incidents import Question
from bot.workflows.post_anomalies import post_anomalies
from bot.workflows.redraw import redraw

log = logging.getLogger("costbot")


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
    chosen = thresholds(context)
    return Question(
        view=settings.cost_view,
        owner_tag=settings.owner_tag,
        account_names=names,
        min_impact=chosen.min_impact,
        min_pct=chosen.min_pct,
        told=tuple(_value(finding) for finding in context.store.findings(ANOMALY, RESOLVABLE)),
        known=tuple(_known(_value(finding)) for finding in context.store.findings(ANOMALY)),
    )


def _known(value: Anomaly) -> Told:
    return Told(frozenset(value.lines), value.first_day, value.last_day, value.direction.value)


def apply(context: Context, scan: Scan) -> Outcome:
    """Record what was found, close what is over, then redraw and post cards."""
    found = [from_json(Anomaly, text) for text in scan.anomalies]
    woken = context.store.wake(context.clock.now())
    new, changed, resolved = _record(context, scan, found)
    new = _with_changes(context, new)
    for finding in (*woken, *changed, *resolved):
        redraw(context, context.store.finding(finding.id))
    posted = post_anomalies(context)
    return Outcome(tuple(new), tuple(changed), tuple(resolved), posted)


def _record(
    context: Context, scan: Scan, found: Sequence[Anomaly]
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    known = {finding.id: finding for finding in context.store.findings(ANOMALY)}
    same = matched({one.id: _value(one) for one in known.values()}, found)
    new: list[Finding] = []
    changed: list[Finding] = []
    resolved: list[Finding] = []
    for position, anomaly in enumerate(found):
        before = known.get(same.get(position, ""))
        is_over = anomaly.phase == Phase.RESOLVED
        if before is None and is_over:
            continue
        if before is None:
            new.append(context.store.record(anomaly, context.clock.now()))
            continue
        finding = _update(context, before, anomaly, reopens=not is_over)
        if is_over and finding.state in RESOLVABLE:
            resolved.append(context.store.resolve(finding.id, context.clock.now(), _how_it_ended(anomaly)))
        elif finding.value != before.value and finding.state != State.DISMISSED:
            changed.append(finding)
    gone = [finding for finding in known.values() if finding.id not in same.values() and finding.state in RESOLVABLE]
    resolved += [_close(context, scan, finding, found, same) for finding in gone]
    return new, changed, resolved


def _with_changes(context: Context, new: list[Finding]) -> list[Finding]:
    """The new incidents with who changed what when they began, those whose cards are posted first; asked once."""
    cards = {finding.id for finding in sorted(new, key=lambda one: -_impact(one))[: context.settings.max_cards]}
    result = []
    for finding in new:
        changes = changes_of(context, _value(finding)) if finding.id in cards else ()
        if changes:
            recorded = context.store.record(replace(_value(finding), changes=changes), context.clock.now())
            finding = replace(recorded, is_new=True)
        result.append(finding)
    return result


def _update(context: Context, before: Finding, anomaly: Anomaly, *, reopens: bool) -> Finding:
    """The figures as they are now; of what is over only a corrected bill changes them."""
    told = _value(before)
    # The bill was restated and the incident begins on another day now: it is still the one that was told.
    # So it is where the cause has spread, and the account or service that began first is another one.
    is_another = told.service != anomaly.service
    now = replace(
        anomaly,
        service=told.service,
        parts=anomaly.parts or ((_whole(anomaly),) if is_another else ()),
        first_day=told.first_day,
        account_id=told.account_id,
        also_in=tuple(one for one in (anomaly.account_id, *anomaly.also_in) if one != told.account_id),
        corrected=correction(told, anomaly, context.clock.today()),
        changes=told.changes,
    )
    is_settled = before.state == State.RESOLVED and not reopens
    if is_settled and now.corrected == told.corrected:
        return before
    return context.store.record(now, context.clock.now(), reopens=reopens)


def _whole(value: Anomaly) -> Part:
    """An incident of one service, as a part of one that was told of another."""
    return Part(value.service, value.service_name, value.kind, value.impact_per_day, value.lines)


def _close(
    context: Context, scan: Scan, finding: Finding, found: Sequence[Anomaly], same: Mapping[int, str]
) -> Finding:
    """Close an incident that the scan no longer has, and say why."""
    told, now = _value(finding), context.clock.now()
    joined = next((same[at] for at, one in enumerate(found) if at in same and is_same_incident(told, one)), None)
    if joined:
        return context.store.resolve(finding.id, now, f"it is one incident with {joined}")
    if told.first_day < scan.since:
        return context.store.resolve(finding.id, now, "it lies further back than costs are looked at again")
    ordinary = (from_json(Anomaly, text) for text in scan.ordinary)
    current = next((one for one in ordinary if one.fingerprint == told.fingerprint), None)
    if current is None:
        return context.store.resolve(finding.id, now, "the bill was corrected")
    corrected = correction(told, current, context.clock.today())
    context.store.record(replace(current, corrected=corrected), now)
    was_restated = corrected != told.corrected
    why = "the bill was corrected" if was_restated else "no longer unusual, as costs are judged now"
    return context.store.resolve(finding.id, now, why)


def _how_it_ended(anomaly: Anomaly) -> str:
    if not anomaly.stayed:
        return "back to normal"
    return "a part of the bill now" if anomaly.kind == AnomalyKind.NEW else "the new level has stayed: its normal now"


def _value(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value


def _impact(finding: Finding) -> float:
    return abs(finding.value.impact_per_day) if isinstance(finding.value, Anomaly) else 0.0
