"""Reads the words of a typed decision: a finding's id first, then flags, then perhaps a note."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import Request
from bot.errors import UsageError
from bot.words.flags import Parsed, parse


def finding_id(
    request: Request,
    example: str,
    *,
    flags: Sequence[str] = (),
    switches: Sequence[str] = (),
    takes_note: bool = False,
) -> tuple[str, Parsed]:
    """The id that was typed, and everything else.

    Args:
        example: an id of the kind the command is for.
        takes_note: whether more words may follow the id.
    Raises:
        UsageError: there is no id, or a word too many.
    """
    parsed = parse(request.words, flags=flags, switches=switches)
    if not parsed.positional:
        raise UsageError(
            "Which finding?", f"Type /cost {request.name} {example}; /cost anomalies and /cost savings list the ids."
        )
    if len(parsed.positional) > 1 and not takes_note:
        raise UsageError(
            f"/cost {request.name} takes one id, not {len(parsed.positional)} words.",
            f"Type /cost {request.name} {example}.",
        )
    return parsed.positional[0], parsed
