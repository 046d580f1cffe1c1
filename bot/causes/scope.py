"""What a question about causes is about."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.causes import Comparison
from bot.settings import CostView


@dataclass(frozen=True, slots=True)
class Scope:
    """Which costs, of which days.

    Attributes:
        services: names as the bills spell them; empty is all.
        accounts: ids; empty is all.
        pattern: a regular expression over usage types, where only a part of the services is meant.
        usage_only: leave out tax, credits, support, purchases and unused commitment.
        without: charge categories to leave out besides.
        tag: the key whose values lines are told apart by, where the source can.
    """

    comparison: Comparison
    view: CostView
    services: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    pattern: str | None = None
    usage_only: bool = False
    without: tuple[str, ...] = ()
    tag: str | None = None
