"""How a channel wants to be spoken to: its time zone, how its numbers are written, whether people are mentioned."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.context import Context


def local_zone(context: Context, channel: str) -> ZoneInfo:
    """The time zone of a channel; where none was set, or one that is gone, that of costbot's settings."""
    chosen = context.store.channels.settings(channel).time_zone
    try:
        return ZoneInfo(chosen) if chosen else context.settings.zone
    except (ZoneInfoNotFoundError, ValueError):
        return context.settings.zone


def local_today(context: Context, channel: str) -> date:
    """The date that it is in a channel now."""
    return context.clock.now().astimezone(local_zone(context, channel)).date()


def number_format(context: Context, channel: str) -> str:
    """How amounts are written in a channel: `en`, `de` or `fr`."""
    return context.store.channels.settings(channel).numbers


def mentions_owners(context: Context, channel: str) -> bool:
    """Whether owners are mentioned in a channel, which notifies them; else they are named."""
    return context.store.channels.settings(channel).mentions


def answers_in_threads(context: Context, channel: str) -> bool:
    """Whether news of a card goes into its thread; else only the card is redrawn."""
    return context.store.channels.settings(channel).threads
