"""A subscription in words, as the channel's confirmation, the list and the Home tab say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.blocks.elements import escape, money, name
from bot.store.rows import Subscription

GETS = {
    "digest": "the daily digest",
    "anomalies": "a card for every cost anomaly",
    "savings": "a card for every saving",
    "budgets": "news of every budget",
    "weekly": "the weekly report",
}
#: What the money of a minimum is a sum of.
_UNIT = {"anomalies": "a day", "savings": "a month", "budgets": "a month"}


def gets(one: Subscription, zone: str, currency: str, accounts: Mapping[str, str]) -> str:
    """`the daily digest of team payments at 08:30 (Europe/Berlin)`; escaped.

    Args:
        zone: the channel's time zone. currency: of the bill; savings are in dollars.
        accounts: names of accounts by id.
    """
    said = f"{GETS[one.kind]}{of_whom(one, accounts)}"
    if one.at is not None:
        said += f" at {one.at:%H:%M} ({zone})"
    if one.least_change is not None:
        said += f", only when a day is {least_amount(one.least_change, currency)} or more off its usual cost"
    if one.min_impact:
        amount = least_amount(one.min_impact, "USD" if one.kind == "savings" else currency)
        said += f" of at least {amount} {_UNIT[one.kind]}"
    return said


def of_whom(one: Subscription, accounts: Mapping[str, str]) -> str:
    """` of team payments in account prod`, or nothing for all; escaped."""
    team = f" of team {escape(name(one.team))}" if one.team else ""
    label = accounts.get(one.account, one.account)
    return f"{team}{' in account ' if team else ' of account '}{escape(name(label))}" if one.account else team


def subscription_text(one: Subscription, currency: str = "USD", accounts: Mapping[str, str] | None = None) -> str:
    """One subscription in short, with its problem.

    Args:
        currency: of the bill, and so of anomalies; savings are in dollars.
    """
    at = f" at {one.at:%H:%M}" if one.at else ""
    of_kind = "USD" if one.kind == "savings" else currency
    least = f" from {least_amount(one.min_impact, of_kind)} on" if one.min_impact else ""
    change = f" on changes of {least_amount(one.least_change, currency)}" if one.least_change is not None else ""
    problem = f" (not arriving: {one.problem.rstrip('.')})" if one.problem else ""
    return f"{one.kind}{of_whom(one, accounts or {})}{at}{least}{change}{problem}"


def ends(one: Subscription) -> str:
    """What one types to end it; escaped."""
    flags = {"team": one.team, "account": one.account}
    words = "".join(f" --{flag} {_quoted(value)}" for flag, value in flags.items() if value)
    return escape(f"/cost unsubscribe {one.kind}{words}")


def least_amount(amount: float, currency: str = "USD") -> str:
    """An amount somebody typed, with cents only where they typed some."""
    return money(amount, currency, cents=amount % 1 != 0)


def listed(texts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else ""


def _quoted(value: str) -> str:
    return f'"{value}"' if any(char.isspace() for char in value) else value
