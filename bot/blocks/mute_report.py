"""What is muted, until when, why, by whom, and what it has cost since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import elements
from bot.blocks.decision_line import person
from bot.blocks.elements import Block, escape, money, name, slack_date
from bot.store.mutes import Mute

#: Mutes that are listed; the rest is counted.
MOST = 20


@dataclass(frozen=True, slots=True)
class MuteLine:
    """A mute with what fell under it since, in money of `currency`."""

    mute: Mute
    findings: int
    dollars: float
    currency: str


def mutes_text(lines: Sequence[MuteLine]) -> str:
    """The sum in a sentence."""
    if not lines:
        return "Nothing is muted."
    count = f"{len(lines):,} pattern{' is' if len(lines) == 1 else 's are'} muted"
    amounts = {
        currency: sum(one.dollars for one in lines if one.currency == currency) for currency in _currencies(lines)
    }
    total = " and ".join(money(amount, currency) for currency, amount in amounts.items())
    return f"{count}; what you muted has cost {total} since."


def mutes_blocks(lines: Sequence[MuteLine]) -> list[Block]:
    """The sum, then each pattern, dearest first."""
    if not lines:
        how = '`/cost mute A-3K8P --until 30d --reason "load tests"` mutes a pattern: recorded, never posted.'
        return [elements.section(f"*{mutes_text(lines)}*"), elements.context(how)]
    said = [_line(one) for one in lines[:MOST]]
    if len(lines) > MOST:
        said.append(f"• and {len(lines) - MOST:,} more")
    return [
        elements.section(f"*{mutes_text(lines)}*"),
        *(elements.section("\n".join(said[at : at + 5])) for at in range(0, len(said), 5)),
        elements.context(
            "Anomalies: money above expectation on the days since; savings: what they would have saved; "
            "what several patterns cover counts with the oldest. "
            f"`/cost unmute {lines[0].mute.id}` ends one. What is muted is still recorded: `/cost anomalies all`."
        ),
    ]


def muted_text(mute: Mute) -> str:
    """What was muted just now, as a sentence; escaped."""
    return (
        f"Muted until {slack_date(mute.until)}: {_label(mute)}. {person(mute.by)} says: {escape(mute.reason)} "
        f"({mute.id})."
    )


def unmuted_text(mute: Mute) -> str:
    """What was taken back just now; escaped."""
    return f"No longer muted: {_label(mute)} ({mute.id}). What is open of it is posted with the next scan."


def _line(one: MuteLine) -> str:
    mute = one.mute
    what = f"{one.findings:,} finding{'' if one.findings == 1 else 's'}" if one.findings else "nothing fell under it"
    since, until = (slack_date(moment, "{date_short}") for moment in (mute.at, mute.until))
    return (
        f"• `{mute.id}` *{_label(mute)}*: {money(one.dollars, one.currency)} since {since} ({what}); "
        f"until {until}, by {person(mute.by)}: {escape(mute.reason)}"
    )


def _label(mute: Mute) -> str:
    return escape(name(mute.label, 120))


def _currencies(lines: Sequence[MuteLine]) -> list[str]:
    return list(dict.fromkeys(one.currency for one in lines))
