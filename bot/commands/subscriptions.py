"""`/cost subscriptions`: what this channel gets, and whether it arrives."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.subscription_words import ends, subscription_text
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.delivery.channel_words import local_zone


@command("subscriptions", examples=(("/cost subscriptions", "what this channel gets by itself"),), order=62)
def subscriptions(request: Request, context: Context) -> Reply:
    """What this channel gets by itself."""
    here = context.store.subscriptions(channel=request.channel_id)
    if not here:
        text = "This channel has no subscriptions. Type /cost subscribe digest to get the daily digest here."
        return Reply(text, [elements.section(text)])
    currency, names = context.costs.currency() or "USD", context.costs.account_names()
    said = [subscription_text(found, currency, names) for found in here]
    lines = [f"• {text}, set by <@{found.by}>" for text, found in zip(said, here, strict=True)]
    zone = local_zone(context, request.channel_id).key
    small = elements.context(f"Times are in {zone}. `{ends(here[0])}` ends the first; `/cost settings` has the rest.")
    text = "This channel gets " + ", ".join(said) + "."
    return Reply(text, [elements.section("*This channel gets*\n" + "\n".join(lines)), small])
