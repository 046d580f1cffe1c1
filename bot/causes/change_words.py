"""Who changed what, in words. Escaped: everything in it was named by somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.models import Change
from bot.blocks import elements
from bot.blocks.elements import escape

#: Characters of a name, and resources that are named.
MAX_WHO, MAX_RESOURCE, MOST_RESOURCES = 60, 60, 2

HEAD = "Changed in the same hours, which may not be the cause (CloudTrail)"


def change_lines(changes: Sequence[Change]) -> str:
    """The changes after their heading, a line each; "" without any."""
    return "\n".join((f"{HEAD}:", *map(change_words, changes))) if changes else ""


def change_words(change: Change) -> str:
    """`Nov 17, 09:12 UTC: CreateNatGateway nat-0abc by role deploy (via CloudFormation)`."""
    more = f", and {change.more:,} more alike" if change.more else ""
    via = f" (via {escape(elements.name(change.via, MAX_WHO))})" if change.via else ""
    what = " ".join(filter(None, (escape(elements.name(change.event, MAX_WHO)), _resources(change))))
    at = f"{elements.day(change.at.date())}, {change.at:%H:%M} UTC"
    return f"{at}: {what} by {escape(elements.name(change.who, MAX_WHO))}{via}{more}"


def _resources(change: Change) -> str:
    shown = [escape(elements.name(one, MAX_RESOURCE)) for one in change.resources[:MOST_RESOURCES]]
    rest = len(change.resources) - len(shown)
    return f"{', '.join(shown)}{f' and {rest} more' if rest > 0 else ''}"
