"""What a month's usage cost by owner, from the stored costs: by tag and account where a source tells both together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.blocks.owners_report import OwnedCost
from bot.context import Context
from bot.cost_files import Window
from bot.errors import NotEnoughData
from bot.owners.chain import Owner, owner_of
from bot.owners.words import called

#: Money a month below which a value is not worth a line; a bill's rounding is none.
LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Piece:
    """The usage of one tag value ("" without), in one account; None where accounts are not told with tags."""

    tag: str
    account_id: str | None
    cost: float


def month_of(window: Window) -> tuple[date, date]:
    """The days [start, end) of the month of the last complete day."""
    return window.complete_until.replace(day=1), window.complete_until + timedelta(days=1)


def pieces(context: Context, window: Window) -> list[Piece]:
    """The month's usage by value of the owner tag and, where that is known, by account.

    Raises:
        NotEnoughData: costs by the owner tag are not stored.
    """
    column = f"tag:{context.settings.owner_tag}"
    start, end = month_of(window)
    try:
        frame = context.costs.daily(by=("account", column), start=start, end=end, view=window.view)
    except NotEnoughData:
        frame = context.costs.daily(by=(column,), start=start, end=end, view=window.view).assign(account=None)
    sums: dict[tuple[str, str | None], float] = {}
    for tag, account, cost in zip(frame[column], frame["account"], frame["cost"], strict=True):
        key = (str(tag), None if account is None else str(account))
        sums[key] = sums.get(key, 0.0) + float(cost)
    return [Piece(tag, account, cost) for (tag, account), cost in sums.items()]


def owned_costs(context: Context, window: Window) -> list[OwnedCost]:
    """Each tag value with its owner; what has no tag by account. Values of one name and owner are one line.

    Raises:
        NotEnoughData: costs by the owner tag are not stored.
    """
    names = context.costs.account_names()
    sums: dict[tuple[str, Owner | None], float] = {}
    for piece in pieces(context, window):
        owner = owner_of(context, tag=piece.tag or None, account_id=piece.account_id)
        label = piece.tag or _untagged(piece.account_id, names.get(piece.account_id or "", ""))
        sums[label, owner] = sums.get((label, owner), 0.0) + piece.cost
    return [_line(context, label, owner, cost) for (label, owner), cost in sums.items() if abs(cost) >= LEAST]


def _untagged(account_id: str | None, account_name: str) -> str:
    return "untagged" if account_id is None else f"untagged in {account_name or account_id}"


def _line(context: Context, label: str, owner: Owner | None, cost: float) -> OwnedCost:
    if owner is None:
        return OwnedCost(label, cost, None)
    return OwnedCost(label, cost, called(context, owner), owner.how)
