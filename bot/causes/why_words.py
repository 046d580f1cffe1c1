"""What the words after `/cost why` mean, and a way that works where they mean nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.services import Selection, UnknownServiceError, resolve
from bot.blocks.elements import clip, day, quoted
from bot.cost_files import CostFiles
from bot.errors import UsageError

ALL = Selection("", "All services", ())
EXAMPLE = "Example: /cost why ec2 2026-11-17"
_ID = re.compile(r"^[AS]-[A-Z0-9]{4,8}$", re.IGNORECASE)
_FORMS = ("%Y-%m-%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
#: What looks like a date in a spelling that means another day elsewhere.
_DATE_LIKE = re.compile(r"^\d{1,4}[./-]\d{1,2}([./-]\d{1,4})?$")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: a finding, or a service and a day; None where not."""

    finding: str | None
    service: tuple[str, ...]
    day: date | None


def read_words(words: Sequence[str], today: date) -> Typed:
    """Tell a finding's id, a service and a day apart; the day stands last or first.

    Raises:
        UsageError: a day in a spelling that cannot be read.
    """
    if len(words) == 1 and _ID.fullmatch(words[0]):
        return Typed(words[0], (), None)
    for length in (3, 2, 1):
        for at in (len(words) - length, 0):
            if at >= 0 and len(words) >= length:
                found = _day(words[at : at + length], today)
                if found is not None:
                    return Typed(None, (*words[:at], *words[at + length :]), found)
    wrong = next((word for word in words if _DATE_LIKE.fullmatch(word)), None)
    if wrong is not None:
        raise UsageError(f"{quoted(wrong)} is no day costbot can read.", f"Write it as year-month-day. {EXAMPLE}")
    return Typed(None, tuple(words), None)


def selection(words: Sequence[str], costs: CostFiles) -> Selection:
    """The service that was typed; all without one.

    Raises:
        UsageError: it is none; the remedy says what to type instead.
        NotEnoughData: no costs are stored.
    """
    typed = " ".join(words).strip()
    if typed.lower() in ("", "all", "total"):
        return ALL
    costs.window()  # with nothing stored, say that, not that the service is unknown
    try:
        return resolve(typed, costs.service_names())
    except UnknownServiceError as error:
        cause = (
            f"No cost of {error.known_as} is stored." if error.known_as else f"No service is called {quoted(typed)}."
        )
        raise UsageError(cause, f"{error.remedy} {EXAMPLE}") from None


def weekdays_before(first: date, weeks: int) -> str:
    """`against the four Tuesdays before`."""
    count = ("", "", "two ", "three ", "four ")[weeks] if weeks < 5 else f"{weeks} "
    return f"against the {count}{first:%A}{'s' if weeks > 1 else ''} before"


def command_for(service: str, when: date | None, days: int | None = None) -> str:
    """A question as one types it."""
    words = ["/cost why", clip(service, 60), when.isoformat() if when else "", f"--days {days}" if days else ""]
    return " ".join(filter(None, words))


def stored_days(first: date, last: date) -> str:
    """`Aug 1, 2026 – Nov 19, 2026`."""
    return f"{day(first)}, {first.year} – {day(last)}, {last.year}"


def _day(words: Sequence[str], today: date) -> date | None:
    text = " ".join(words).replace(",", " ").strip().lower()
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    tidy = " ".join(text.split())
    for form in _FORMS:
        for spelled in (tidy, f"{tidy} {today.year}"):
            try:
                found = datetime.strptime(spelled, form).date()  # noqa: DTZ007 - a billing day has no time
            except ValueError:
                continue
            return found if spelled == tidy or found <= today else found.replace(year=found.year - 1)
    return None
