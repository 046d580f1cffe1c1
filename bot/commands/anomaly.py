"""`/cost anomaly ID`: one anomaly with its chart and buttons."""

from __future__ import annotations

from datetime import timedelta

from analysis.lifecycle import ANOMALY, UNDO_WINDOW
from bot.blocks import elements
from bot.blocks.anomaly_card import anomaly_text, with_band
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.owned_card import owned_blocks
from bot.words.flags import parse


@command(
    "anomaly",
    usage="ID",
    examples=(("/cost anomaly A-7K2M", "one anomaly: why it is one, its band, what moved, the buttons"),),
    order=31,
)
def anomaly(request: Request, context: Context) -> Reply:
    """One anomaly: what it costs, against what and why, where and whose."""
    words = parse(request.words).positional
    if len(words) != 1:
        raise UsageError(
            "/cost anomaly needs one id.", "Write it as in /cost anomaly A-7K2M; /cost anomalies lists ids."
        )
    finding = context.store.finding(words[0])
    if finding.kind != ANOMALY:
        raise UsageError(f"{finding.id} is a saving, not an anomaly.", f"Write /cost saving {finding.id} to see it.")
    since_decision = context.clock.now() - finding.decided_at if finding.decided_at else timedelta(0)
    undo = finding.decided_at is not None and since_decision <= UNDO_WINDOW
    share = elements.actions(elements.share_button(request.typed), block_id="anomaly.share")
    blocks = owned_blocks(context, finding, request.channel_id, undo=undo)
    return Reply(anomaly_text(finding), [*with_band(blocks, finding), share])
