"""`/cost savings`: what could be saved, the total first, then owner by owner."""

from __future__ import annotations

import json
from datetime import datetime

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.blocks.elements import quoted
from bot.blocks.savings_report import LastScan, savings_report
from bot.commands import Reply, Request, command
from bot.commands_parsing import parse
from bot.context import Context
from bot.errors import UsageError
from bot.store import Finding
from bot.workflows.scan_savings import LAST_SCAN

#: What a word after `/cost savings` selects: ids of checks.
GROUPS = {"rightsizing": ("ec2.rightsizing",)}
_SHOWN = (State.OPEN, State.APPROVED)


@command(
    "savings",
    usage="[rightsizing]",
    examples=(
        ("/cost savings", "the total, then every open saving by owner with its risk and effort"),
        ("/cost savings rightsizing", "only instances that are larger than their load"),
    ),
    order=30,
)
def savings(request: Request, context: Context) -> Reply:
    """List open savings by owner."""
    group = _group(parse(request.words).positional)
    return savings_report(
        _savings(context, group),
        health=context.store.source_health(),
        last_scan=_last_scan(context),
        command=request.typed,
        bill_currency=context.costs.currency(),
    )


def _last_scan(context: Context) -> LastScan | None:
    told = context.store.recall(LAST_SCAN)
    if told is None:
        return None
    facts = json.loads(told)
    return LastScan(datetime.fromisoformat(facts["at"]), facts["counts"])


def _group(words: tuple[str, ...]) -> str | None:
    if not words:
        return None
    if len(words) > 1 or words[0].lower() not in GROUPS:
        raise UsageError(
            f"/cost savings does not know {quoted(' '.join(words))}.",
            f"Type /cost savings, or /cost savings {' or '.join(GROUPS)}.",
        )
    return words[0].lower()


def _savings(context: Context, group: str | None) -> list[Finding]:
    """Open and approved savings, the biggest first."""
    found = [
        (finding.value.monthly_savings, finding)
        for finding in context.store.findings(RECOMMENDATION, _SHOWN)
        if isinstance(finding.value, Recommendation) and (group is None or finding.value.check_id in GROUPS[group])
    ]
    return [finding for _, finding in sorted(found, key=lambda pair: (-pair[0], pair[1].id))]
