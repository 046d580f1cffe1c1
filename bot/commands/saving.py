"""`/cost saving ID`: one saving as its card."""

from __future__ import annotations

from analysis.models import Recommendation
from bot.blocks.cards import card, card_text
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.finding_words import finding_id
from bot.workflows.redraw import may_still_undo


@command(
    "saving",
    usage="ID",
    examples=(("/cost saving S-7Q2M", "one saving with its evidence, risk, price source and buttons"),),
    order=31,
)
def saving(request: Request, context: Context) -> Reply:
    """Show one saving."""
    typed, _ = finding_id(request, "S-7Q2M")
    finding = context.store.finding(typed)
    if not isinstance(finding.value, Recommendation):
        raise UsageError(f"{finding.id} is an anomaly, not a saving.", f"Type /cost anomalies to see {finding.id}.")
    undo = may_still_undo(finding, context.clock.now())
    return Reply(card_text(finding), card(finding, undo=undo))
