"""`/cost subscriptions`: what this channel gets, and whether it arrives."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.home import subscription_text
from bot.commands import Reply, Request, command
from bot.context import Context


@command("subscriptions", examples=(("/cost subscriptions", "what this channel gets by itself"),), order=62)
def subscriptions(request: Request, context: Context) -> Reply:
    """What this channel gets by itself."""
    here = context.store.subscriptions(channel=request.channel_id)
    if not here:
        text = "This channel has no subscriptions. Type /cost subscribe digest to get the daily digest here."
        return Reply(text, [elements.section(text)])
    currency = context.costs.currency() or "USD"
    lines = [f"• {subscription_text(found, currency)}, set by <@{found.by}>" for found in here]
    text = "This channel gets " + ", ".join(subscription_text(found, currency) for found in here) + "."
    zone = elements.context(f"Times are in {context.settings.time_zone}. `/cost unsubscribe digest` ends one.")
    return Reply(text, [elements.section("*This channel gets*\n" + "\n".join(lines)), zone])
