"""`/cost assign ID @person`: the typed twin of a card's list of people."""

from __future__ import annotations

import re

from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.owners.chain import in_slack
from bot.owners.words import finding_owner
from bot.words.finding import finding_id
from bot.workflows.assign import assign as give

#: How Slack writes a mention of a person or a user group into a command, and an id as a person copies it.
_ID = re.compile(r"^(?:<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>|([UWS][A-Z0-9]{2,}))$")
#: How Slack writes an e-mail address.
_MAIL = re.compile(r"^<mailto:([^|>]+)(?:\|[^>]*)?>$")


@command(
    "assign",
    usage="ID @person|@group|me|owner|nobody",
    examples=(
        ("/cost assign S-7Q2M @ben", "the saving is ben's to look after; the card and its thread say so"),
        ("/cost assign A-3K8P me", "it is yours"),
        ("/cost assign A-3K8P @platform", "a user group's: each of its people finds it under /cost mine"),
        ("/cost assign S-7Q2M owner", "whoever owns the resource"),
    ),
    order=44,
)
def assign(request: Request, context: Context) -> Reply:
    """Give a finding to a person or a user group."""
    typed, parsed = finding_id(request, "S-7Q2M @ben", takes_note=True)
    if len(parsed.positional) != 2:
        raise UsageError(
            "To whom?", f"Type /cost assign {quoted(typed)} and then @person, @group, me, owner or nobody."
        )
    assignee = _assignee(context, typed, parsed.positional[1], request.user_id)
    return give(context, typed, assignee, user_id=request.user_id, channel=request.channel_id)


def _assignee(context: Context, finding: str, word: str, user_id: str) -> str | None:
    if word.lower() in ("me", "nobody"):
        return user_id if word.lower() == "me" else None
    if word.lower() == "owner":
        return _owner(context, finding)
    match = _ID.match(word)
    if match:
        return match.group(1) or match.group(2) or match.group(3)
    mail = _MAIL.match(word)
    found = in_slack(context, mail.group(1) if mail else word) if mail or "@" in word else None
    if found is None:
        raise UsageError(
            f"{quoted(word)} is no person or user group of this workspace.",
            "Write @ and choose the name, or me, owner or nobody.",
        )
    return found


def _owner(context: Context, finding: str) -> str:
    found = context.store.finding(finding)
    owner = finding_owner(context, found)
    if owner is None:
        raise UsageError(f"Nobody in Slack is known to own {found.id}.", "/cost owners says what has no owner.")
    return owner.slack_id
