"""`/cost settings`: how this channel is spoken to; alone it opens a dialog."""

from __future__ import annotations

import re

from bot.blocks import elements
from bot.blocks.settings_modal import settings_lines, settings_modal
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import CostbotError, UsageError, report
from bot.store import ChannelSettings
from bot.words.channel_settings import SettingsWish, settings_of
from bot.words.flags import parse


@command(
    "settings",
    usage="[--threads on|off] [--mentions on|off] [--numbers en|de|fr] [--zone Europe/Berlin] [--alerts 10]",
    examples=(
        ("/cost settings", "a dialog with this channel's settings"),
        ("/cost settings --zone Europe/Berlin --numbers de", "digests in Berlin's time, amounts as 1.234,50 €"),
        ("/cost settings --alerts 3 --threads off", "at most three alerts a day, no replies in threads"),
    ),
    order=63,
)
def settings(request: Request, context: Context) -> Reply:
    """How costbot speaks in this channel: threads, mentions, amounts, time zone, alerts a day."""
    parsed = parse(request.words, flags=SettingsWish.__slots__)
    if parsed.positional:
        raise UsageError(
            f"{elements.quoted(' '.join(parsed.positional))} is no setting.", "Write /cost settings --threads off."
        )
    if not re.fullmatch(r"[CDG][A-Z0-9]+", request.channel_id):
        raise UsageError("Only a Slack channel has settings.", "Type it there.")
    if not parsed.flags:
        _open(request, context)
        return settings_reply(context, request.channel_id)
    wanted = changed(context, request.channel_id, SettingsWish(**dict(parsed.flags)), request.user_id)
    context.store.channels.set(request.channel_id, wanted, context.clock.now())
    return settings_reply(context, request.channel_id, in_channel=True)


def changed(context: Context, channel: str, wish: SettingsWish, user: str) -> ChannelSettings:
    """What is to hold in a channel.

    Raises:
        WrongWord: something cannot be read.
    """
    return settings_of(context.store.channels.settings(channel), wish, user)


def settings_reply(context: Context, channel: str, *, in_channel: bool = False) -> Reply:
    """What holds in a channel; `in_channel` after a change."""
    now = context.store.channels.settings(channel)
    lines = settings_lines(now, zone=context.settings.time_zone, alerts=context.settings.alerts_a_day)
    by = f" Set by <@{now.by}>." if now.by else ""
    head = f"How costbot speaks in this channel{' from now on' if in_channel else ''}:"
    return Reply(
        f"{head} {'; '.join(lines)}.{by}",
        [
            elements.section(f"*{head}*\n" + "\n".join(f"• {line}" for line in lines)),
            elements.context(f"`/cost settings --threads off` changes one of them.{by}"),
        ],
        in_channel=in_channel,
    )


def _open(request: Request, context: Context) -> None:
    if context.slack is None or not request.trigger_id:
        return
    now = context.store.channels.settings(request.channel_id)
    view = settings_modal(
        request.channel_id, now, zone=context.settings.time_zone, alerts=context.settings.alerts_a_day
    )
    try:
        context.slack.open_view(request.trigger_id, view)
    except CostbotError as error:
        report(error, "opening the dialog of a channel's settings")
