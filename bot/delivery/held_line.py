"""Keeps one line a channel and day about the alerts that were held back, redrawn in place as their number changes."""

from __future__ import annotations

from datetime import date, timedelta

from bot.blocks.held_line import held_blocks, held_text
from bot.context import Context
from bot.delivery.by_the_clock import is_put_off, put_off
from bot.delivery.channel_words import local_today
from bot.delivery.post_once import post_once
from bot.delivery.tell import alerts_a_day
from bot.errors import CostbotError, report
from bot.reply import Reply


def tell_held(context: Context) -> int:
    """Post or redraw today's line in each channel where it says something else; returns in how many that was."""
    if context.slack is None:
        return 0
    # Nowhere is it an earlier date than UTC's of a day ago.
    channels = context.store.held.channels(since=context.clock.now().date() - timedelta(days=1))
    return sum(_tell_one(context, channel, local_today(context, channel)) for channel in sorted(channels))


def _tell_one(context: Context, channel: str, day: date) -> bool:
    store, slack = context.store, context.slack
    held = store.held.held(channel, day)
    before = store.held.said(channel, day)
    currency = context.costs.currency() or "USD"
    text = held_text(held, currency)
    subject = f"held:{day.isoformat()}"
    is_news = text != before and (held or before is not None)
    if slack is None or not is_news or is_put_off(context, f"{subject}.{channel}"):
        return False
    shown = Reply(text, held_blocks(held, currency, alerts_a_day(context, channel)))
    try:
        ts = next((post.ts for post in store.posts(subject) if post.channel == channel and post.ts), None)
        if ts is not None:
            slack.update(channel, ts, shown.text, shown.blocks)
        elif post_once(context, subject, channel, lambda: shown) is None:
            return False
    except CostbotError as error:
        report(error, f"telling {channel} what was held")
        put_off(context, f"{subject}.{channel}")
        return False
    store.held.note_said(channel, day, text)
    return True
