"""What the words after `/cost forecast known add` mean: of what, how much a day, from when, until when, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.blocks.elements import clip, escape, money, name, plain, quoted
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData, UsageError
from bot.forecasts.forecast_costs import costs_of
from bot.forecasts.known_facts import DAYS_PER_MONTH
from bot.settings import CostView
from bot.store import Told
from bot.words.forecast import Target, target

EXAMPLE = "/cost forecast known add ec2 -$40/day from {day} because savings plan"
#: A change begins within a year; a forecast reaches no further than three months.
FURTHEST = timedelta(days=366)
#: Days whose mean cost a change is held against; more than that mean, and this much, cannot be saved.
USUAL_DAYS, MOST_SAVED = 28, 1.25
#: A rise by more than this many times what everything costs is taken for a slip.
MOST_RISE = 100
LEAST_PER_DAY = 0.01
MAX_WHY = 200

CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
#: `-$40/day`, `−40 USD a day`, `+1,200.50/month`; what a person may leave out is asked for.
_AMOUNT = re.compile(
    r"(?P<sign>[+−-]|--)?(?P<symbol>[$€£¥])?(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+) ?(?P<code>[A-Z]{3}|€)?"
    r" ?(?i:(?:/|a |per )? ?(?P<unit>days?|months?|mo|d))?"
)
_OPTIONS = ("from", "until", "because")


@dataclass(frozen=True, slots=True)
class _Amount:
    """Where it stands among the words, and what it says; `sign` and `unit` are empty where they were left out."""

    place: slice
    text: str
    sign: str
    number: float
    currency: str | None
    unit: str


def told(words: Sequence[str], costs: CostFiles, owner_tag: str, *, view: CostView, today: date) -> Told:
    """Read a change.

    Raises:
        UsageError: a word is not understood, or cannot be true; the remedy says what to type instead.
        NotEnoughData: no costs are stored.
    """
    example = EXAMPLE.format(day=today + timedelta(days=14))
    window = costs.window(view=view)
    amount = _amount(words, example)
    if not amount.place.start:
        raise UsageError(f"Of what does {quoted(amount.text)} change the cost?", f"Write {example}; all is everything.")
    chosen = target(tuple(words[: amount.place.start]), costs, owner_tag)
    per_day = _per_day(amount, window.currency)
    options = _options(words[amount.place.stop :], example)
    if "from" not in options:
        raise UsageError("From which day on?", f"Write {example}.")
    first_day = _day(options["from"], "from", today)
    last_day = _day(options["until"], "until", today) if "until" in options else None
    _check_days(first_day, last_day, today)
    _check_size(per_day, amount, chosen, costs, view, window.currency)
    dimension = next(iter(chosen.where), None)
    keys = chosen.where[dimension] if dimension else ()
    return Told(
        target=chosen.typed or "all",
        label=chosen.label,
        dimension=dimension,
        keys=(keys,) if isinstance(keys, str) else tuple(keys),
        pattern=chosen.pattern,
        per_day=per_day,
        currency=window.currency,
        first_day=first_day,
        last_day=last_day,
        why=clip(plain(options["because"]), MAX_WHY) if options.get("because") else None,
    )


def _amount(words: Sequence[str], example: str) -> _Amount:
    """The first words that are an amount: an account's id has neither a sign, nor a currency, nor a unit."""
    for start in range(len(words)):
        for count in (4, 3, 2, 1):
            found = _AMOUNT.fullmatch(" ".join(words[start : start + count]))
            if start + count > len(words) or found is None:
                continue
            unit = (found["unit"] or "").lower()
            symbol = found["symbol"] or found["code"] or ""
            if found["sign"] or symbol or unit:
                number = float(found["number"].replace(",", ""))
                currency = CURRENCIES.get(symbol, symbol) or None
                sign = "-" if found["sign"] in ("-", "--", "−") else found["sign"] or ""
                return _Amount(slice(start, start + count), found[0], sign, number, currency, unit)
    said = quoted(" ".join(words)) if words else "nothing"
    raise UsageError(f"How much changes a day? There is no amount in {said}.", f"Write {example}.")


def _per_day(amount: _Amount, currency: str) -> float:
    if amount.currency not in (None, currency):
        raise UsageError(
            f"{quoted(amount.text)} is in {escape(amount.currency or '')}; the stored costs are in {currency}.",
            f"Write it in {currency}, as {_typed(-40, currency)}/day.",
        )
    size = amount.number if amount.unit[:1] != "m" else amount.number / DAYS_PER_MONTH
    if not amount.sign:
        less, more = (f"{_typed(way * amount.number, currency)}/{amount.unit or 'day'}" for way in (-1, 1))
        raise UsageError(
            f"{quoted(amount.text)} does not say which way.", f"Write {less} for less, or {more} for more."
        )
    signed = -size if amount.sign == "-" else size
    if not amount.unit:
        written = _typed(-amount.number if amount.sign == "-" else amount.number, currency)
        raise UsageError(f"{quoted(amount.text)} does not say per what.", f"Write {written}/day, or {written}/month.")
    if abs(signed) < LEAST_PER_DAY:
        raise UsageError(f"{quoted(amount.text)} changes nothing.", f"Write an amount, as {_typed(-40, currency)}/day.")
    return signed


def _typed(amount: float, currency: str) -> str:
    """An amount as one can type it."""
    return money(amount, currency, signed=True, cents=amount != round(amount)).replace("−", "-").replace(" ", "")


def _options(words: Sequence[str], example: str) -> dict[str, str]:
    """The days and the reason after the amount, with or without dashes; all after `because` is the reason."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        typed = rest.pop(0)
        option, equals, value = typed.removeprefix("--").partition("=")
        option = option.lower()
        if option not in _OPTIONS or (equals and not typed.startswith("--")):
            raise UsageError(f"{quoted(typed)} is not understood after the amount.", f"Write {example}.")
        if option in found:
            raise UsageError(f"{option} is given twice.", f"Write it once, as in {example}.")
        if option == "because":
            value, rest = " ".join((*((value,) if equals else ()), *rest)), []
        elif not equals:
            value = rest.pop(0) if rest else ""
        if not value.strip():
            raise UsageError(f"{option} needs {'a reason' if option == 'because' else 'a day'}.", f"Write {example}.")
        found[option] = value
    return found


def _day(typed: str, option: str, today: date) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise UsageError(
            f"{option} {quoted(typed)} is no day.", f"Write it as {option} {today + timedelta(days=14)}."
        ) from None


def _check_days(first_day: date, last_day: date | None, today: date) -> None:
    if first_day < today:
        raise UsageError(
            f"{first_day} has passed: what a bill has since then, a forecast sees.", f"Give a day from {today} on."
        )
    if first_day > today + FURTHEST:
        raise UsageError(f"{first_day} is more than a year away.", f"Give a day until {today + FURTHEST}.")
    if last_day is not None and last_day < first_day:
        raise UsageError(f"until {last_day} is before from {first_day}.", "Give a last day that comes after the first.")


def _check_size(
    per_day: float, amount: _Amount, chosen: Target, costs: CostFiles, view: CostView, currency: str
) -> None:
    usual = _usual(chosen, costs, view)
    label = escape(name(chosen.label))
    label = label[:1].upper() + label[1:]
    if per_day < 0 and -per_day > max(usual, 0.0) * MOST_SAVED:
        raise UsageError(
            f"{label} costs {money(usual, currency)} a day lately: {quoted(amount.text)} is more than there is.",
            "Check the amount, and whether it is per day or per month.",
        )
    if per_day > 0:
        everything = _usual(target((), costs, ""), costs, view)
        if per_day > MOST_RISE * max(everything, 1.0):
            raise UsageError(
                f"{quoted(amount.text)} is more than {MOST_RISE} times what everything costs a day "
                f"({money(everything, currency)}).",
                "Check the amount, and whether it is per day or per month.",
            )


def _usual(chosen: Target, costs: CostFiles, view: CostView) -> float:
    """The mean cost of a day lately."""
    window = costs.window(view=view)
    end = window.complete_until + timedelta(days=1)
    start = max(window.first_day, end - timedelta(days=USUAL_DAYS))
    try:
        frame = costs_of(costs, chosen.where, chosen.pattern, start=start, end=end, view=view)
    except NotEnoughData:
        return 0.0
    known = (end - start).days - sum(start <= part.day < end for part in window.missing)
    return float(frame["cost"].sum()) / max(known, 1)
