"""How the answer of a dialog is taken: checked behind the listener, and what is wrong said before the dialog closes."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as StillChecking
from typing import TypeVar

from slack_bolt import Ack

from bot.blocks.elements import clip
from bot.context import Context
from bot.errors import CostbotError, Report

T = TypeVar("T")

#: A dialog must be answered within three seconds; what takes longer is told afterwards.
PATIENCE_SECONDS = 2.0
MAX_ERROR = 280


def take(
    context: Context,
    ack: Ack,
    check: Callable[[], T],
    errors_of: Callable[[T], Mapping[str, str]],
    act: Callable[[T], None],
) -> None:
    """Acknowledge the answer of a dialog with what is wrong in it; if nothing is, act on it.

    Args:
        check: reads what was filled in; it must not raise.
        errors_of: what is wrong, by field, as plain text; empty where all is right.
        act: does what was asked for. Where the check took too long it may also get what is wrong, to tell the person.
    """
    checking = context.work.submit(check)
    try:
        found = checking.result(PATIENCE_SECONDS)
    except StillChecking:
        ack()
        context.work.submit(lambda: act(checking.result()))
        return
    errors = errors_of(found)
    if errors:
        ack(response_action="errors", errors=dict(errors))
        return
    ack()
    context.work.submit(act, found)


def plain(error: CostbotError | Report) -> str:
    """An error, or what `report` made of it, as the plain text of a field: Slack shows it as it is."""
    return clip(html.unescape(str(error)), MAX_ERROR)
