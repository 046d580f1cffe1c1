"""`/cost snooze ID [--until …]`: the typed twin of the Snooze dialog."""

from __future__ import annotations

from analysis.lifecycle import Verb
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.words.finding import finding_id
from bot.words.mute import reason_of
from bot.words.snooze import snooze_end
from bot.workflows.decide import decide

DEFAULT = "1d"


@command(
    "snooze",
    usage="ID [--until 7d|month-end|DATE] [--reason TEXT]",
    examples=(
        ("/cost snooze A-3K8P", "asks again tomorrow"),
        ("/cost snooze S-7Q2M --until month-end", "asks again on the first of next month"),
    ),
    order=42,
)
def snooze(request: Request, context: Context) -> Reply:
    """Put a finding off until later."""
    typed, parsed = finding_id(request, "A-3K8P", flags=("until", "reason"))
    until = snooze_end(parsed.flags.get("until", DEFAULT), context.clock.now(), context.settings.zone)
    note = reason_of(parsed.flags["reason"]) if "reason" in parsed.flags else None
    return decide(
        context, typed, Verb.SNOOZE, user_id=request.user_id, channel=request.channel_id, until=until, note=note
    )
