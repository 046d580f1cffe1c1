"""The dialog that asks what a channel should get."""

from __future__ import annotations

import re

from bot.blocks.elements import Block
from bot.blocks.inputs import checkboxes, choose_channel, modal, pick_time, text_input

SUBSCRIBE = "subscribe"
KIND_LABELS = {
    "digest": ("Daily digest", "Yesterday, the month so far, what moved, what waits"),
    "anomalies": ("Anomalies", "A card for each cost that leaves what is expected"),
    "savings": ("Savings", "A card for each saving that was found"),
    "budgets": ("Budgets", "When one is passed, or will be"),
    "weekly": ("Weekly report", "The week on one page, with a PDF"),
}
ONLY_CHANGES = "only_changes"


def subscribe_modal(channel: str) -> Block:
    """The dialog, about the channel where it was asked for; another may be chosen.

    The blocks' ids are the fields of `bot.words.subscription.Wish`.
    """
    here = channel if re.fullmatch(r"[CG][A-Z0-9]+", channel) else None
    return modal(
        SUBSCRIBE,
        "What a channel gets",
        "Subscribe",
        [
            choose_channel("channel", "Channel", here),
            checkboxes("kinds", "What it should get", KIND_LABELS),
            text_input("teams", "Only of these teams", "payments, search", optional=True),
            text_input("accounts", "Only of these accounts", "prod, 111122223333", optional=True),
            text_input(
                "least",
                "Least amount",
                "50",
                optional=True,
                hint="Anomalies: a day; savings and budgets: a month; a digest of changes: off the usual, a day.",
            ),
            pick_time("at", "Time of digest and weekly report", "09:00"),
            checkboxes(
                ONLY_CHANGES,
                "Quiet days",
                {ONLY_CHANGES: ("Only when something changed", "No digest on a day close to its usual cost")},
                optional=True,
            ),
        ],
        metadata=channel,
    )
