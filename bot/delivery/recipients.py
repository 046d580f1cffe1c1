"""Who is to be told: the subscriptions whose filters fit; where nobody's do, the alert channel."""

from __future__ import annotations

from collections.abc import Collection

from bot.context import Context
from bot.store import COSTBOT, Subscription

#: Kinds that the alert channel gets as long as nobody asked for them; the others are sent by the clock.
ALERTS = frozenset({"anomalies", "savings", "budgets"})


def recipients(
    context: Context,
    kind: str,
    *,
    account: str | None = None,
    team: str | None = None,
    also_in: Collection[str] = (),
    amount: float | None = None,
) -> list[Subscription]:
    """Subscriptions to a kind that something is for, by channel.

    Where no filter fits, an alert goes to the alert channel of the settings, so that it does not go nowhere.

    Args:
        account, team: the account id and the owner that it is about; None where it is about no single one, which only
            those without a filter are told.
        also_in: further account ids that it is about.
        amount: its money, in the unit of `--min` of that kind; None to leave the minimum to the caller.
    """
    accounts = {one for one in (account, *also_in) if one}
    every = context.store.subscriptions(kind)
    found = [one for one in every if fits(one, accounts, team)] or _alert_channel(context, kind)
    return [one for one in found if amount is None or abs(amount) >= (one.min_impact or 0.0)]


def fits(wanted: Subscription, accounts: Collection[str], team: str | None) -> bool:
    """Whether the filters of a subscription let something of these accounts and this owner pass."""
    is_team = not wanted.team or (team is not None and team.casefold() == wanted.team.casefold())
    return is_team and (not wanted.account or wanted.account in accounts)


def is_subscribed(context: Context, wanted: Subscription) -> bool:
    """Whether it is in the store; what the alert channel gets by the settings is not."""
    return any(one.channel == wanted.channel for one in context.store.subscriptions(wanted.kind))


def _alert_channel(context: Context, kind: str) -> list[Subscription]:
    channel = context.settings.alert_channel
    if channel is None or kind not in ALERTS:
        return []
    return [Subscription(channel, kind, None, None, COSTBOT, context.clock.now())]
