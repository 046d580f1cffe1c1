"""The one line about alerts that were held back: how many, what about, and where they are listed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import elements
from bot.blocks.elements import Block, money
from bot.store.held import Held

#: One and several of each kind, and the unit of its money; kinds without a unit are counted alone.
_WORDS = {
    "anomalies": ("anomaly", "anomalies", "/day"),
    "savings": ("saving", "savings", "/month"),
    "budgets": ("budget", "budgets", ""),
}
#: The dearest of them that are named.
NAMED = 3


def held_text(held: Sequence[Held], currency: str) -> str:
    """The news in a sentence."""
    if not held:
        return "Every alert that was held back here has been told since."
    return f"+{counted(held)} more today: {summed(held, currency)}."


def held_blocks(held: Sequence[Held], currency: str, most: int) -> list[Block]:
    """The line, the dearest by name, and the way to the others."""
    if not held:
        return [elements.section(held_text(held, currency))]
    named = [f"• {elements.escape(elements.name(one.title, 120))}" for one in held[:NAMED]]
    more = len(held) - len(named)
    if more:
        named.append(f"• and {more:,} more")
    return [
        elements.section("\n".join([f"*{held_text(held, currency)}*", *named])),
        elements.actions(elements.run_button("Show them", "/cost held", 0), block_id="held"),
        elements.context(
            f"This channel is told at most {most:,} alerts a day one by one; the next digest counts the rest. "
            "`/cost held` lists them, `/cost settings --alerts 20` raises the number."
        ),
    ]


def counted(held: Sequence[Held]) -> str:
    """`187 alerts`."""
    return f"{len(held):,} alert{'' if len(held) == 1 else 's'}"


def summed(held: Sequence[Held], currency: str) -> str:
    """`180 anomalies (+$4,321/day), 7 savings ($812/month)`.

    Args:
        currency: of the bill, and so of anomalies; savings are in dollars.
    """
    kinds = sorted({one.kind for one in held}, key=lambda kind: (kind not in _WORDS, kind))
    return ", ".join(_of_kind(kind, [one for one in held if one.kind == kind], currency) for kind in kinds)


def amount(one: Held, currency: str) -> str:
    """The money of one, with its unit; a dash where its kind has none."""
    unit = _WORDS.get(one.kind, ("", "", ""))[2]
    if not unit:
        return "–"
    is_anomaly = one.kind == "anomalies"
    return f"{money(one.dollars, currency if is_anomaly else 'USD', signed=is_anomaly)}{unit}"


def _of_kind(kind: str, held: Sequence[Held], currency: str) -> str:
    single, several, unit = _WORDS.get(kind, (f"of {kind}", f"of {kind}", ""))
    count = f"{len(held):,} {single if len(held) == 1 else several}"
    if not unit:
        return count
    total = sum(one.dollars for one in held)
    is_anomaly = kind == "anomalies"
    return f"{count} ({money(total, currency if is_anomaly else 'USD', signed=is_anomaly)}{unit} in all)"
