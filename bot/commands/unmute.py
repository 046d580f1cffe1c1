"""`/cost unmute ID`: hear of a muted pattern again."""

from __future__ import annotations

from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.words.flags import parse
from bot.workflows.mute import unmute as take_back


@command("unmute", usage="ID", examples=(("/cost unmute M-2", "cards of that pattern come again"),), order=46)
def unmute(request: Request, context: Context) -> Reply:
    """End a mute before its time."""
    words = parse(request.words).positional
    if len(words) != 1:
        raise UsageError("Which mute?", "Type /cost unmute M-2; /cost mute lists them.")
    return take_back(context, words[0], user=request.user_id, channel=request.channel_id)
