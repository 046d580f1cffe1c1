"""`/cost subscribe KIND`: what this channel gets without asking; alone it opens a dialog."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import elements
from bot.blocks.subscribe_modal import subscribe_modal
from bot.blocks.subscription_words import ends, gets, listed
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.delivery.channel_words import local_zone
from bot.errors import CostbotError, UsageError, report
from bot.store import Subscription
from bot.store.rows import KINDS
from bot.words.flags import parse
from bot.words.subscription import Wish, kind_of, subscriptions_of

_LABELS = {
    "digest": "Daily digest",
    "anomalies": "Anomalies",
    "savings": "Savings",
    "budgets": "Budgets",
    "weekly": "Weekly report",
}


@command(
    "subscribe",
    usage=f"{'|'.join(KINDS)} [--team x] [--account y] [--min 50] [--at 09:00] [--only-changes]",
    examples=(
        ("/cost subscribe digest --at 09:00", "the daily digest, here, at nine"),
        ("/cost subscribe savings --min 50", "savings of at least $50 a month, here"),
        ("/cost subscribe digest --team payments --only-changes", "one team's digest, on days that moved"),
    ),
    order=60,
)
def subscribe(request: Request, context: Context) -> Reply:
    """Get the digest, anomalies, savings, budgets or the weekly report in this channel."""
    parsed = parse(request.words, flags=("at", "min", "team", "account"), switches=("only-changes",))
    if not parsed.positional:
        return _choices(request, context)
    if len(parsed.positional) > 1:
        raise UsageError(
            f"{elements.quoted(' '.join(parsed.positional))} cannot be subscribed to.",
            f"Use one of {', '.join(KINDS)} at a time, as in /cost subscribe digest --at 09:00.",
        )
    wish = Wish(
        (kind_of(parsed.positional[0]),),
        teams=parsed.flags.get("team", ""),
        accounts=parsed.flags.get("account", ""),
        least=parsed.flags.get("min", ""),
        at=parsed.flags.get("at", ""),
        only_changes="only-changes" in parsed.flags,
    )
    wanted = subscriptions_of(context, wish, channel=request.channel_id, user=request.user_id)
    return subscribed(context, wanted)


def subscribed(context: Context, wanted: Sequence[Subscription]) -> Reply:
    """Keep subscriptions of one channel, and say so there."""
    for one in wanted:
        context.store.subscribe(one)
    channel, user = wanted[0].channel, wanted[0].by
    zone, currency = local_zone(context, channel).key, context.costs.currency() or "USD"
    names = context.costs.account_names()
    text = f"This channel now gets {listed([gets(one, zone, currency, names) for one in wanted])}. Set by <@{user}>."
    ended = f"`{ends(wanted[0])}` ends {'it' if len(wanted) == 1 else 'the first'}"
    stop = elements.context(f"{ended}; `/cost subscriptions` shows what this channel gets.")
    return Reply(text, [elements.section(text), stop], in_channel=True)


def _choices(request: Request, context: Context) -> Reply:
    """The dialog where there is one, and the same by buttons and words."""
    if context.slack is not None and request.trigger_id:
        try:
            context.slack.open_view(request.trigger_id, subscribe_modal(request.channel_id))
        except CostbotError as error:
            report(error, "opening the dialog of subscriptions")
    typed = {kind: f"/cost subscribe {kind}" for kind in KINDS}
    buttons = [elements.run_button(_LABELS[kind], words, n) for n, (kind, words) in enumerate(typed.items())]
    return Reply(
        "What should this channel get? Type " + ", ".join(typed.values()) + ".",
        [
            elements.section("*What should this channel get?*"),
            elements.actions(*buttons, block_id="subscribe"),
            elements.context(
                "Add `--team payments` or `--account prod` for one of them alone, `--at 09:00` for the time of digest "
                "and report, `--min 50` for the least amount of the others, `--only-changes` for digests of days that "
                "moved."
            ),
        ],
    )
