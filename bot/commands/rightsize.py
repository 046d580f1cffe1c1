"""`/cost rightsize i-…`: why one instance has the size it should have, as the last scan saw it; AWS is never asked."""

from __future__ import annotations

import json
from datetime import datetime

from bot.blocks.elements import quoted
from bot.blocks.rightsize_report import rightsize_report
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.savings.last_scan import LAST_SCAN
from bot.words.flags import parse
from bot.workflows.keep_rightsizing import MOST_HITS, kept_rightsizing


@command(
    "rightsize",
    usage="i-0123456789abcdef0|name",
    examples=(
        ("/cost rightsize i-0a8553dd5eba77c11", "what one instance needs, which types were looked at, what each lacks"),
        ("/cost rightsize payments-batch-1", "the same, by its name"),
    ),
    order=32,
)
def rightsize(request: Request, context: Context) -> Reply:
    """Explain the size of one EC2 instance."""
    words = parse(request.words).positional
    if len(words) != 1:
        raise UsageError("Which instance?", "Type /cost rightsize and its id, or the value of its tag Name.")
    kept = kept_rightsizing(context.settings.data_dir, words[0])
    told = context.store.recall(LAST_SCAN)
    if kept is None or told is None:
        raise NotEnoughData(
            "costbot has not looked at the sizes of instances yet.",
            "The next savings scan does; `costbot scan` starts one now.",
        )
    if not kept.found:
        raise UsageError(
            f"{quoted(words[0])} is none of the {kept.looked_at:,} EC2 instances that the last scan looked at.",
            "It may be in an account or region that was not looked at, new, or gone; /cost checks ec2.rightsizing "
            "tells what was.",
        )
    if len(kept.found) > 1 and kept.found[0]["instance"]["resource_id"] != words[0]:
        ids = ", ".join(one["instance"]["resource_id"] for one in kept.found[:MOST_HITS])
        more = " and more" if len(kept.found) > MOST_HITS else ""
        raise UsageError(f"Several instances are called {quoted(words[0])}: {ids}{more}.", "Type the id of one.")
    return rightsize_report(kept.found[0], datetime.fromisoformat(json.loads(told)["at"]))
