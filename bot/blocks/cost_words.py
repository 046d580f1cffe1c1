"""Which cost a message shows, in words: one phrase that holds for every provider in it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import escape, name
from bot.settings import CostView

#: Providers that are named; more are counted.
MOST_NAMED = 3


def cost_words(view: CostView, billed_only: Sequence[str]) -> str:
    """The cost that is shown, escaped, as "effective cost (amortised, after discounts)".

    Args:
        view: the cost of every other provider.
        billed_only: providers whose billed cost stands in, since their export has no effective cost that can be used.
    """
    whose = _whose(billed_only)
    if view is CostView.BILLED:
        return f"billed cost (as invoiced); {whose} no usable effective cost" if whose else "billed cost (as invoiced)"
    if not whose:
        return "effective cost (amortised, after discounts)"
    return f"effective cost; billed cost for {_names(billed_only)}, whose export has no usable effective cost"


def other_currency(savings: str, bill: str) -> str:
    """Why savings and costs of a message must not be compared, as a sentence."""
    return (
        f"Savings are in {escape(name(savings, 40))}, at AWS's list prices; the bill is in {escape(name(bill, 10))}: "
        "costbot neither converts nor adds them."
    )


def _whose(providers: Sequence[str]) -> str:
    return f"the export of {_names(providers)} has" if providers else ""


def _names(providers: Sequence[str]) -> str:
    shown = [escape(name(provider)) for provider in providers[:MOST_NAMED]]
    rest = len(providers) - len(shown)
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
