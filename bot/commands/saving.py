"""`/cost saving ID`: one saving as its card."""

from __future__ import annotations

from analysis.lifecycle import RECOMMENDATION
from analysis.models import Recommendation
from bot.blocks import elements
from bot.blocks.decision_line import instructions, title
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.owned_card import owned_card
from bot.savings.open_savings import open_savings
from bot.words.finding import finding_id
from bot.workflows.redraw import may_still_undo

ALTERNATIVE = "Another saving on this resource is counted in the totals: the two exclude each other."


@command(
    "saving",
    usage="ID [--commands]",
    examples=(
        ("/cost saving S-7Q2M", "one saving with its evidence, risk, price source and buttons"),
        ("/cost saving S-7Q2M --commands", "the exact commands of the change and of the way back"),
    ),
    order=31,
)
def saving(request: Request, context: Context) -> Reply:
    """Show one saving."""
    typed, parsed = finding_id(request, "S-7Q2M", switches=("commands",))
    finding = context.store.finding(typed)
    if not isinstance(finding.value, Recommendation):
        raise UsageError(f"{finding.id} is an anomaly, not a saving.", f"Type /cost anomalies to see {finding.id}.")
    if "commands" in parsed.flags:
        text = f"{finding.id}: {title(finding)}"
        return Reply(text, [elements.section(f"*{text}*"), elements.section(instructions(finding.value))])
    shown = owned_card(context, finding, request.channel_id, undo=may_still_undo(finding, context.clock.now()))
    blocks = shown.blocks
    if finding.id in {one.id for one in open_savings(context.store.findings(RECOMMENDATION)).alternatives}:
        blocks.append(elements.context(ALTERNATIVE))
    return Reply(shown.text, blocks)
