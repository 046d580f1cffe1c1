"""`/cost savings`: what could be saved, the total first, then owner by owner."""

from __future__ import annotations

import json
from datetime import datetime

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Group, Recommendation
from bot.blocks.elements import quoted
from bot.blocks.savings_report import LastScan, Whose, savings_report
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.words import called, finding_owner
from bot.savings.last_scan import LAST_SCAN
from bot.store import Finding
from bot.words.flags import parse

_SHOWN = (State.OPEN, State.APPROVED)
_GROUPS = "|".join(Group)


@command(
    "savings",
    usage=f"[{_GROUPS}] [--team NAME] [--min DOLLARS] [--all]",
    examples=(
        ("/cost savings", "the total, then every open saving by owner with its risk and effort"),
        ("/cost savings rightsizing", "only what is larger than its load"),
        ("/cost savings storage --team payments --min 50", "storage of one owner, from $50 a month"),
        ("/cost savings --all", "also alternatives on the same resources, and what is to be looked at"),
    ),
    order=30,
)
def savings(request: Request, context: Context) -> Reply:
    """List open savings by owner."""
    parsed = parse(request.words, flags=("team", "min"), switches=("all",))
    group, team, least = _group(parsed.positional), parsed.flags.get("team"), _least(parsed.flags.get("min"))
    found = _savings(context, group, team, least)
    return savings_report(
        found,
        health=context.store.source_health(),
        last_scan=_last_scan(context),
        command=request.typed,
        bill_currency=context.costs.currency(),
        everything="all" in parsed.flags,
        whose={finding.id: _whose(context, finding) for finding in found},
    )


def _whose(context: Context, finding: Finding) -> Whose:
    """Its tag and who that is in Slack, by name: sharing the list notifies nobody. Without a tag the name alone."""
    owner, tag = finding_owner(context, finding), finding.value.owner
    if owner is None:
        return Whose(tag or "no owner")
    return Whose(tag, called(context, owner)) if tag else Whose(called(context, owner))


def _last_scan(context: Context) -> LastScan | None:
    told = context.store.recall(LAST_SCAN)
    if told is None:
        return None
    facts = json.loads(told)
    count, small = facts.get("small", (0, 0.0))
    return LastScan(datetime.fromisoformat(facts["at"]), facts["counts"], int(count), float(small))


def _group(words: tuple[str, ...]) -> Group | None:
    if not words:
        return None
    if len(words) > 1 or words[0].lower() not in set(Group):
        raise UsageError(
            f"/cost savings does not know {quoted(' '.join(words))}.",
            f"Type /cost savings, or one of these after it: {', '.join(Group)}.",
        )
    return Group(words[0].lower())


def _least(typed: str | None) -> float:
    """Dollars a month from which on a saving is listed; 0 lists notices too."""
    try:
        least = float((typed or "0").lstrip("$"))
    except ValueError:
        least = -1.0
    if not 0 <= least < float("inf"):
        raise UsageError(f"--min {quoted(str(typed))} is no amount.", "Write dollars a month, as --min 50.")
    return least


def _savings(context: Context, group: Group | None, team: str | None, least: float) -> list[Finding]:
    """Open and approved savings of a group, an owner, and some size."""
    return [
        finding
        for finding in context.store.findings(RECOMMENDATION, _SHOWN)
        if isinstance(finding.value, Recommendation)
        and (group is None or group in finding.value.groups)
        and (team is None or (finding.value.owner or "").lower() == team.lower())
        and finding.value.monthly_savings >= least
    ]
