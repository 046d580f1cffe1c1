"""`/cost checks`: what costbot looks for, what each check said at the last scan, and what it lacks."""

from __future__ import annotations

import json
from typing import Any

from analysis.checks import Check, checks
from analysis.models import Group
from bot.blocks.checks_report import checks_report
from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.savings.last_scan import LAST_SCAN
from bot.words.flags import parse


@command(
    "checks",
    usage=f"[{'|'.join(Group)}|ID]",
    examples=(
        ("/cost checks", "every group with how many checks it has and what they found"),
        ("/cost checks storage", "each check on storage: how many resources save, are fine, or lack evidence"),
        ("/cost checks ebs.unattached_volume", "one check: what it reads, its thresholds, its source"),
    ),
    order=33,
)
def checks_command(request: Request, context: Context) -> Reply:
    """Show what is looked for."""
    words = parse(request.words).positional
    told = context.store.recall(LAST_SCAN)
    last: dict[str, Any] = json.loads(told) if told else {}
    return checks_report(_chosen(words), last, off=context.settings.checks_off, word=" ".join(words).lower())


def _chosen(words: tuple[str, ...]) -> list[Check]:
    """All checks, those of a group, or one."""
    if not words:
        return list(checks().values())
    word = " ".join(words).lower()
    if word in checks():
        return [checks()[word]]
    if word in set(Group):
        return [check for check in checks().values() if word in check.groups]
    raise UsageError(
        f"/cost checks does not know {quoted(word)}.",
        f"Type /cost checks, or one of these after it: {', '.join(Group)}, or the id of a check.",
    )
