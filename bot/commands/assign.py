"""`/cost assign ID @person`: the typed twin of a card's list of people."""

from __future__ import annotations

import re

from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.words.finding import finding_id
from bot.workflows.assign import assign as give

#: How Slack writes a mention into a command, and an id as a person copies it.
_PERSON = re.compile(r"^(?:<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{2,}))$")


@command(
    "assign",
    usage="ID @person|me|nobody",
    examples=(
        ("/cost assign S-7Q2M @ben", "the saving is ben's to look after; the card and its thread say so"),
        ("/cost assign A-3K8P me", "it is yours"),
    ),
    order=44,
)
def assign(request: Request, context: Context) -> Reply:
    """Give a finding to a person."""
    typed, parsed = finding_id(request, "S-7Q2M @ben", takes_note=True)
    if len(parsed.positional) != 2:
        raise UsageError("To whom?", f"Type /cost assign {quoted(typed)} @person, me or nobody.")
    assignee = _person(parsed.positional[1], request.user_id)
    return give(context, typed, assignee, user_id=request.user_id, channel=request.channel_id)


def _person(word: str, user_id: str) -> str | None:
    if word.lower() in ("me", "nobody"):
        return user_id if word.lower() == "me" else None
    match = _PERSON.match(word)
    if match is None:
        raise UsageError(
            f"{quoted(word)} is no person of this workspace.", "Write @ and choose the name, or me, or nobody."
        )
    return match.group(1) or match.group(2)
