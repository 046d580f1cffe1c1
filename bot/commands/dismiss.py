"""`/cost dismiss ID [--reason …] [note]`: the typed twin of the Dismiss dialog."""

from __future__ import annotations

import re

from analysis.lifecycle import DismissReason, Verb
from bot.blocks.decision_modals import MAX_NOTE
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.words.finding import finding_id
from bot.words.flags import one_of
from bot.workflows.decide import decide

#: The reasons as one types them, without a space.
REASONS = {reason.value.replace(" ", "-"): reason for reason in DismissReason}


@command(
    "dismiss",
    usage=f"ID [--reason {'|'.join(REASONS)}] [note]",
    examples=(
        ("/cost dismiss A-3K8P --reason expected load test", "closes an anomaly and says why"),
        ("/cost dismiss S-7Q2M --reason accepted", "closes a saving for good"),
    ),
    order=41,
)
def dismiss(request: Request, context: Context) -> Reply:
    """Close a finding and say why."""
    typed, parsed = finding_id(request, "A-3K8P", flags=("reason",), takes_note=True)
    given = re.sub(r"[\s_]", "-", parsed.flags.get("reason", "").strip().lower())
    reason = REASONS[one_of(given, tuple(REASONS), "reason")].value if "reason" in parsed.flags else None
    note = " ".join(parsed.positional[1:])
    if len(note) > MAX_NOTE:
        raise UsageError(f"The note has {len(note)} characters.", f"At most {MAX_NOTE} are kept; shorten it.")
    return decide(
        context,
        typed,
        Verb.DISMISS,
        user_id=request.user_id,
        channel=request.channel_id,
        reason=reason,
        note=note or None,
    )
