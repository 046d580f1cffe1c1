"""Which channels are told of a budget: those that subscribed to it, else the one it was set in."""

from __future__ import annotations

import re

from analysis.budgets import Budget
from analysis.budgets.periods import MONTHS
from bot.context import Context
from bot.delivery.recipients import recipients
from bot.store import COSTBOT

KIND = "budgets"
_CHANNEL = re.compile(r"[CDG][A-Z0-9]+")


def channels_of(context: Context, budget: Budget) -> list[str]:
    """Channel ids; none for a budget of AWS that nobody subscribed to: AWS tells its own subscribers."""
    account = _only(budget.keys("account"))
    team = _only(budget.keys(f"tag:{context.settings.owner_tag}"))
    monthly = budget.amount / MONTHS[budget.cadence]
    found = recipients(context, KIND, account=account, team=team, amount=monthly)
    # The alert channel, which asked for nothing of this, is told of no budget that nobody set there.
    subscribed = [one.channel for one in found if one.by != COSTBOT]
    if subscribed:
        return list(dict.fromkeys(subscribed))
    return [budget.channel] if is_channel(budget.channel) else []


def is_channel(channel_id: str) -> bool:
    """Whether it is a channel of Slack; a terminal is none."""
    return bool(_CHANNEL.fullmatch(channel_id))


def _only(keys: tuple[str, ...]) -> str | None:
    return keys[0] if len(keys) == 1 else None
