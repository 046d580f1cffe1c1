"""A cause in words: what it is, where, and how it moved. Not escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.causes import Cause, Effect
from analysis.costs import ChargeCategory
from analysis.services import service_label
from analysis.usage_types import usage_region, usage_words
from bot.blocks.cost_period import CATEGORY_WORDS
from bot.blocks.elements import money, name

#: An effect's share of all that moved in a cause from which on it is named.
NAMED_FROM = 0.1
#: An export may call a unit anything.
MAX_UNIT = 30
_NOWHERE = ("", "unknown", "global")

#: What each effect is called where a change is taken apart.
EFFECTS: Mapping[Effect, str] = {
    Effect.USAGE: "usage (quantity)",
    Effect.RATE: "rate (price per unit)",
    Effect.COVERAGE: "coverage (Reservations, Savings Plans, spot)",
    Effect.PRICE: "rate or coverage, not told apart",
    Effect.MIX: "mix (sizes, classes, regions)",
    Effect.NEW: "new",
    Effect.GONE: "gone",
    Effect.CREDITS: "credits and refunds",
    Effect.FEES: "tax, fees, unused commitment",
    Effect.UNKNOWN: "usage or price, quantity unknown",
}
#: The same of one line, by whether it costs more.
_MOVES: Mapping[Effect, tuple[str, str]] = {
    Effect.USAGE: ("more used", "less used"),
    Effect.RATE: ("dearer per unit", "cheaper per unit"),
    Effect.COVERAGE: ("less covered by commitments", "more covered by commitments"),
    Effect.PRICE: ("dearer per unit", "cheaper per unit"),
    Effect.MIX: ("in place of others", "replaced by others"),
    Effect.NEW: ("new", "new"),
    Effect.GONE: ("gone", "gone"),
    Effect.CREDITS: ("less credited", "more credited"),
    Effect.FEES: ("charged more", "charged less"),
    Effect.UNKNOWN: ("quantity unknown", "quantity unknown"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Says causes with the names that people know."""

    account: Callable[[str], str]
    tag: str

    def what(self, cause: Cause) -> str:
        """`us-east-1 NAT gateway traffic`; a service, a kind of charge, or all of an account."""
        if cause.category != ChargeCategory.USAGE.value:
            kind = CATEGORY_WORDS.get(cause.category, cause.category.lower())
            service = service_label(cause.service) if cause.service else ""
            return f"{kind} of {service}" if service and service.lower() != kind.lower() else kind
        if cause.usage_type and cause.usage_type != "unknown":
            words = usage_words(cause.usage_type)
            kind = cause.usage_type.partition("-")[2] if usage_region(cause.usage_type) else cause.usage_type
            is_told = not words.endswith(kind or cause.usage_type)
            label = service_label(cause.service)
            is_told = is_told or not cause.service or words.lower().startswith(label.lower())
            return words if is_told else f"{label} {words}"
        if cause.service:
            # Cost Explorer's EC2 is two lines of the bill, which may both be causes.
            return cause.service if cause.service.startswith("EC2 - ") else service_label(cause.service)
        return "everything" if cause.account else "other usage"

    def where(self, cause: Cause) -> str:
        """`prod, team platform`; the region where the usage does not name it; "" where nothing is known."""
        region = cause.region if cause.region not in _NOWHERE and not usage_region(cause.usage_type) else ""
        account = self.account(cause.account) if cause.account not in ("", "unknown") else ""
        tag = f"{self.tag} {cause.tag}" if cause.tag else ""
        return ", ".join(filter(None, (account, region, tag)))

    def owner(self, cause: Cause) -> str:
        """`prod`; the team where no account is known; "" where neither is."""
        return self.account(cause.account) if cause.account not in ("", "unknown") else cause.tag

    def phrase(self, cause: Cause) -> str:
        """`us-east-1 NAT gateway traffic in prod (more used)`."""
        where = self.where(cause)
        how = " and ".join(words for words, _ in moves(cause))
        return f"{self.what(cause)}{f' in {where}' if where else ''}{f' ({how})' if how else ''}"


def moves(cause: Cause) -> tuple[tuple[str, int], ...]:
    """How it moved, each with its cents a day: what is a tenth of it or more, else the largest."""
    gross = sum(abs(cents) for _, cents in cause.effects)
    named = [one for one in cause.effects if abs(one[1]) >= NAMED_FROM * gross] or list(cause.effects[:1])
    return tuple((_MOVES[effect][cents < 0], cents) for effect, cents in named)


def quantities(cause: Cause) -> str:
    """`930 → 5,680 GB a day`; "" where they are not known or there are none."""
    if cause.quantities is None or not any(cause.quantities):
        return ""
    was, is_now = (_count(amount) for amount in cause.quantities)
    return f"{was} → {is_now} {name(cause.unit, MAX_UNIT)} a day"


def how_it_moved(cause: Cause, currency: str | None = None) -> str:
    """`more used, 930 → 5,680 GB a day`.

    Args:
        currency: to say what each effect made, where there are several.
    """
    said = [
        f"{words} {money(cents / 100, currency, signed=True, cents=True)}"
        if currency and len(moves(cause)) > 1
        else words
        for words, cents in moves(cause)
    ]
    return ", ".join(filter(None, (*said, quantities(cause))))


def _count(amount: float) -> str:
    """A number with three digits that count."""
    if amount == 0 or abs(amount) >= 100:
        return f"{amount:,.0f}"
    return f"{amount:.3g}" if abs(amount) >= 0.001 else f"{amount:.1e}"
