"""The answer to `/cost savings`: the total first, then a table per owner in one block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.lifecycle import State
from analysis.models import Effort, Recommendation
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money
from bot.commands import Reply
from bot.store.rows import Finding, SourceHealth

MAX_LISTED = 40
_EFFORT = {
    Effort.VERY_LOW: "very low",
    Effort.LOW: "low",
    Effort.MEDIUM: "medium",
    Effort.HIGH: "high",
    Effort.VERY_HIGH: "very high",
}
_COLUMNS = ("Owner", "Id", "Saves/month", "What", "Resource", "Account", "Risk", "Effort", "State")


def savings_report(
    findings: Sequence[Finding], *, health: Sequence[SourceHealth], scanned_at: datetime | None, now: datetime
) -> Reply:
    """The savings of all owners.

    Args:
        findings: open and approved savings.
        health: which sources failed, so that "nothing" is never said of what was not looked at.
        scanned_at: end of the last scan; None when there was none.
    """
    footer = elements.context(_age(scanned_at, now), *_failures(health))
    if not findings:
        text = (
            "No open savings."
            if scanned_at
            else "Nothing has been scanned for savings yet; the first scan is under way."
        )
        return Reply(text, [elements.section(text), footer])
    open_ones = [finding for finding in findings if finding.state == State.OPEN]
    text = _headline(findings, open_ones)
    blocks: list[Block] = [elements.section(f"*{text}*")]
    owners = _by_owner(findings)
    totals = " · ".join(f"{escape(owner)} {money(_total(theirs))}" for owner, theirs in owners[:8])
    blocks.append(elements.section(f"By owner: {totals}"))
    rows = [_row(owner, finding) for owner, theirs in owners for finding in theirs][:MAX_LISTED]
    blocks.append(elements.table(_COLUMNS, rows, right=(2,)))
    if len(findings) > MAX_LISTED:
        blocks.append(elements.context(f"{len(findings) - MAX_LISTED} smaller ones are not listed."))
    biggest = open_ones[0] if open_ones else findings[0]
    buttons = [elements.run_button(f"Show {biggest.id}", f"/cost saving {biggest.id}", 1)]
    blocks.append(elements.actions(*buttons, elements.share_button("/cost savings"), block_id="savings"))
    return Reply(text, [*blocks, footer])


def _headline(findings: Sequence[Finding], open_ones: Sequence[Finding]) -> str:
    approved = len(findings) - len(open_ones)
    waiting = f" {approved} approved {'waits' if approved == 1 else 'wait'} to be carried out." if approved else ""
    if not open_ones:
        return f"No open savings.{waiting}"
    many = "1 saving" if len(open_ones) == 1 else f"{len(open_ones)} savings"
    return f"{money(_total(open_ones))} a month could be saved: {many} to decide.{waiting}"


def _by_owner(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Owners by what they could save, the most first; each one's findings keep their order."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_value(finding).owner or "no owner", []).append(finding)
    return sorted(groups.items(), key=lambda group: (-_total(group[1]), group[0]))


def _row(owner: str, finding: Finding) -> tuple[str, ...]:
    value = _value(finding)
    return (
        owner,
        finding.id,
        money(value.monthly_savings, value.currency),
        f"{value.current} → {value.proposed}",
        value.resource_name or value.resource_id,
        value.account_name,
        value.risk.value,
        _EFFORT[value.effort],
        finding.state,
    )


def _total(findings: Sequence[Finding]) -> float:
    return sum(_value(finding).monthly_savings for finding in findings)


def _value(finding: Finding) -> Recommendation:
    if not isinstance(finding.value, Recommendation):
        raise TypeError(f"{finding.id} is no saving")
    return finding.value


def _age(scanned_at: datetime | None, now: datetime) -> str:
    if scanned_at is None:
        return "No scan has finished yet."
    hours = (now - scanned_at).total_seconds() / 3600
    return f"Scanned {elements.slack_date(scanned_at)}" + (", more than two days ago." if hours > 48 else ".")


def _failures(health: Sequence[SourceHealth]) -> list[str]:
    failed = [source for source in health if not source.ok and source.source in ("ec2", "cloudwatch")]
    return [f":warning: Not looked at: {escape(source.sentence)}" for source in failed[:5]]
