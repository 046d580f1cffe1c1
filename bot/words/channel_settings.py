"""How a channel wants to be spoken to, from typed flags or a dialog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.blocks.elements import quoted
from bot.store import ChannelSettings
from bot.words.subscription import WrongWord

#: How amounts are written, and an example of each.
NUMBERS = {"en": "$1,234.50", "de": "1.234,50 $", "fr": "1 234,50 $"}
MOST_ALERTS = 200
_ON = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class SettingsWish:
    """What was typed or filled in, as text; empty for what stays. `default` gives a zone or number back."""

    threads: str = ""
    mentions: str = ""
    numbers: str = ""
    zone: str = ""
    alerts: str = ""


def settings_of(now: ChannelSettings, wish: SettingsWish, by: str) -> ChannelSettings:
    """What holds in a channel from now on.

    Raises:
        WrongWord: something cannot be read or is not known.
    """
    return replace(
        now,
        threads=_switch(wish.threads, "threads", now.threads),
        mentions=_switch(wish.mentions, "mentions", now.mentions),
        numbers=_numbers(wish.numbers, now.numbers),
        time_zone=_zone(wish.zone, now.time_zone),
        alerts_a_day=_alerts(wish.alerts, now.alerts_a_day),
        by=by,
    )


def _switch(typed: str, field: str, before: bool) -> bool:
    if not typed:
        return before
    found = _ON.get(typed.lower())
    if found is None:
        raise WrongWord(field, f"--{field} {quoted(typed)} is not possible.", f"Write --{field} on or --{field} off.")
    return found


def _numbers(typed: str, before: str) -> str:
    if not typed:
        return before
    if typed.lower() not in NUMBERS:
        raise WrongWord("numbers", f"--numbers {quoted(typed)} is not possible.", f"Use one of {', '.join(NUMBERS)}.")
    return typed.lower()


def _zone(typed: str, before: str | None) -> str | None:
    if not typed:
        return before
    if typed.lower() == "default":
        return None
    known = {zone.casefold(): zone for zone in available_timezones()}
    found = known.get(typed.casefold().replace(" ", "_"))
    if found is None:
        near = get_close_matches(typed.casefold(), known, n=1)
        remedy = f"Did you mean {known[near[0]]}?" if near else "Write one such as Europe/Berlin."
        raise WrongWord("zone", f"--zone {quoted(typed)} is no time zone.", remedy)
    return found


def _alerts(typed: str, before: int | None) -> int | None:
    if not typed:
        return before
    if typed.lower() == "default":
        return None
    if not typed.isascii() or not typed.isdigit() or int(typed) > MOST_ALERTS:
        raise WrongWord(
            "alerts", f"--alerts {quoted(typed)} is not possible.", f"Write a number from 0 to {MOST_ALERTS}."
        )
    return int(typed)
