"""The answer to `/cost savings`: the total first, then the owners, then every saving in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.lifecycle import State
from analysis.models import Effort, Recommendation
from bot.blocks import elements
from bot.blocks.cost_words import other_currency
from bot.blocks.elements import escape, money
from bot.reply import Reply
from bot.savings.open_savings import OpenSavings, open_savings, saved_a_month
from bot.savings.table_sources import table_sources
from bot.store.rows import Finding, SourceHealth

MAX_LISTED = 40
#: Which sources a scan for savings reads.
_SOURCES = frozenset({"organizations", "ec2", *table_sources()})
MAX_OWNERS = 8
_EFFORT = {
    Effort.VERY_LOW: "very low",
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.VERY_HIGH: "very high",
}
_COLUMNS = ("Owner", "Id", "Saves/month", "Change", "Resource", "Account", "Risk", "Effort")


@dataclass(frozen=True, slots=True)
class LastScan:
    """When the last scan ended, how many resources got which verdict, and what was too small to tell one by one."""

    at: datetime
    counts: Mapping[str, int]
    small_count: int = 0
    small_savings: float = 0.0


@dataclass(frozen=True, slots=True)
class Whose:
    """An owner as a group's name, and who that is in Slack, "" where nobody is known; not escaped."""

    label: str
    who: str = ""


def savings_report(
    findings: Sequence[Finding],
    *,
    health: Sequence[SourceHealth],
    last_scan: LastScan | None,
    command: str,
    bill_currency: str | None = None,
    everything: bool = False,
    whose: Mapping[str, Whose] | None = None,
) -> Reply:
    """The savings of all owners.

    Args:
        findings: open and approved savings.
        health: which sources failed, so that "nothing" is never said of what was not looked at.
        command: what was typed, for the Share button.
        bill_currency: of the stored costs, which savings may not be compared with where it is another one.
        everything: list alternatives and notices too; notices are listed where there is nothing else.
        whose: owners by finding id; without one the tag alone tells.
    """
    mine = {_value(finding).currency for finding in findings} - {bill_currency}
    other = [other_currency(" and ".join(sorted(mine)), bill_currency)] if mine and bill_currency else []
    footer = elements.context(_looked_at(last_scan), *other, *_failures(health))
    if not findings:
        text = "There are no open savings." if last_scan else "Nothing has been scanned for savings yet."
        return Reply(text, [elements.section(text), footer])
    found = open_savings(findings)
    text = _headline(found)
    counted = sorted((*found.approved, *found.counted), key=lambda one: (-_value(one).monthly_savings, one.id))
    known = {one.id: (whose or {}).get(one.id) or _of_tag(one) for one in findings}
    owners = _by_owner(counted, known)
    totals = " · ".join(_owner_total(known, theirs) for _, theirs in owners[:MAX_OWNERS])
    apart = [("alternative", one) for one in found.alternatives] if everything else []
    apart += [("notice", one) for one in found.notices] if everything or not counted else []
    rows = [_row(owner, finding) for owner, theirs in owners for finding in theirs]
    rows += [_row(known[finding.id].label, finding, kind) for kind, finding in apart]
    blocks = [
        elements.section(f"*{text}*"),
        *([elements.section(f"By owner: {totals}")] if totals else []),
        elements.table(_COLUMNS, rows[:MAX_LISTED], right=(2,)),
    ]
    if len(rows) > MAX_LISTED:
        blocks.append(elements.context(f"{len(rows) - MAX_LISTED} more are not listed; `costbot scan --csv` has all."))
    taken = _taken(counted)
    if taken:
        blocks.append(elements.context(taken))
    left_out = "" if everything else _left_out(found, notices_listed=not counted)
    if left_out:
        blocks.append(elements.context(left_out))
    biggest = (*found.counted, *counted, *(finding for _, finding in apart))[0]
    show = elements.run_button(f"Show {biggest.id}", f"/cost saving {biggest.id}", 1)
    return Reply(text, [*blocks, elements.actions(show, elements.share_button(command), block_id="savings"), footer])


def _headline(found: OpenSavings) -> str:
    approved = len(found.approved)
    waiting = f" {approved} approved {'waits' if approved == 1 else 'wait'} to be carried out." if approved else ""
    if not found.counted:
        return f"No open savings.{waiting}"
    many = "1 saving" if len(found.counted) == 1 else f"{len(found.counted)} savings"
    return f"{saved_a_month(found.counted)} a month could be saved: {many} to decide.{waiting}"


def _left_out(found: OpenSavings, *, notices_listed: bool) -> str:
    """What is neither counted nor listed."""
    parts = []
    if found.alternatives:
        many = len(found.alternatives)
        parts.append(f"{many} {'alternative' if many == 1 else 'alternatives'} on the same resources")
    if found.notices and not notices_listed:
        many = len(found.notices)
        parts.append(f"{many} {'notice' if many == 1 else 'notices'} that save nothing by themselves")
    return f"Not counted: {' and '.join(parts)}. `/cost savings --all` lists them." if parts else ""


def _taken(counted: Sequence[Finding]) -> str:
    """What commitments that are paid on take off these savings; empty where it is less than a dollar."""
    values = [_value(finding) for finding in counted]
    less = [one.before_commitments - one.monthly_savings for one in values if one.before_commitments is not None]
    if sum(less) < 1.0:
        return ""
    return (
        f"Commitments that are paid on take {money(sum(less))} a month off these savings: other usage takes up only a "
        "part of what they free. The total is no more than all of them give together."
    )


def _by_owner(findings: Sequence[Finding], known: Mapping[str, Whose]) -> list[tuple[str, list[Finding]]]:
    """Owners by what they could save, the most first; each one's findings keep their order."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(known[finding.id].label, []).append(finding)
    return sorted(groups.items(), key=lambda group: (-_total(group[1]), group[0]))


def _of_tag(finding: Finding) -> Whose:
    return Whose(_value(finding).owner or "no owner")


def _owner_total(known: Mapping[str, Whose], theirs: Sequence[Finding]) -> str:
    """`payments (<@U0BEN>) $1,240`: what one owner could save."""
    first = known[theirs[0].id]
    return f"{escape(first.label)}{f' ({escape(first.who)})' if first.who else ''} {saved_a_month(theirs)}"


def _row(owner: str, finding: Finding, kind: str = "") -> tuple[str, ...]:
    value = _value(finding)
    said = kind or ("" if finding.state == State.OPEN else finding.state)
    return (
        owner,
        finding.id,
        "–" if value.is_notice else money(value.monthly_savings, value.currency),
        f"{value.current} → {value.proposed}" + (f" ({said})" if said else ""),
        value.resource_name or value.resource_id,
        value.account_name,
        value.risk.value,
        _EFFORT[value.effort],
    )


def _total(findings: Sequence[Finding]) -> float:
    return sum(_value(finding).monthly_savings for finding in findings)


def _value(finding: Finding) -> Recommendation:
    if not isinstance(finding.value, Recommendation):
        raise TypeError(f"{finding.id} is no saving")
    return finding.value


def _looked_at(last_scan: LastScan | None) -> str:
    if last_scan is None:
        return "No scan has finished yet."
    counts = last_scan.counts
    return (
        f"Scanned {elements.slack_date(last_scan.at)}: {sum(counts.values())} verdicts, {counts['saves']} save, "
        f"{counts['fine']} fine, {counts['insufficient']} without enough evidence, {counts['conflict']} in conflict."
        + (
            f" {last_scan.small_count} smaller savings, {money(last_scan.small_savings)} a month together, are not "
            "listed; `costbot scan --csv` has them."
            if last_scan.small_count
            else ""
        )
    )


def _failures(health: Sequence[SourceHealth]) -> list[str]:
    failed = [source for source in health if not source.ok and source.source in _SOURCES]
    failed.sort(key=lambda source: source.source != "organizations")  # of all, it hides most
    return [f":warning: Not looked at: {escape(source.sentence)}" for source in failed[:5]]
