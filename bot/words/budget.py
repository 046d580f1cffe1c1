"""What a budget's words mean: how much, of what, and for how long; typed after `/cost budget set` or in its dialog."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches

from analysis.budgets import Budget, Cadence, Part
from analysis.services import UnknownServiceError, resolve
from bot.blocks.budget_modal import KINDS
from bot.blocks.elements import clip, escape, name, quoted
from bot.cost_files import CostFiles
from bot.cost_names import shown_names
from bot.errors import NotEnoughData, UsageError
from bot.words.forecast import TEAM_DAYS, Target, target
from bot.words.known_change import CURRENCIES

EXAMPLE = "/cost budget set 5000 --service ec2 --period month"
PERIODS = {
    "month": Cadence.MONTH, "monthly": Cadence.MONTH, "quarter": Cadence.QUARTER, "quarterly": Cadence.QUARTER,
    "year": Cadence.YEAR, "yearly": Cadence.YEAR, "annual": Cadence.YEAR, "annually": Cadence.YEAR,
}  # fmt: skip
#: Below this a slip is likelier than a budget, above it the number is none that a bill knows.
LEAST, MOST = 0.01, 1e12
_AMOUNT = re.compile(
    r"(?P<symbol>[$€£¥])? ?(?P<number>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+) ?(?P<unit>[kKmM])?"
    r" ?(?P<code>[A-Z]{3}|[€£¥])?"
)
_TIMES = {"": 1.0, "k": 1e3, "m": 1e6}


def amount_of(typed: str, currency: str) -> float:
    """Money as a person writes it: `5000`, `$5,000`, `5k`, `1.5m EUR`.

    Raises:
        UsageError: it is no amount, nothing, or in another currency than the bill.
    """
    text = " ".join(typed.split())
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise UsageError(f"{quoted(typed)} is no amount of money.", f"Write it as 5000 or 5k, as in {EXAMPLE}.")
    symbol = found["symbol"] or found["code"] or ""
    meant = CURRENCIES.get(symbol, symbol) or currency
    if meant != currency:
        raise UsageError(
            f"{quoted(typed)} is in {escape(meant)}; the stored costs are in {escape(name(currency, 10))}.",
            f"Write the amount in {escape(name(currency, 10))}: costbot does not convert.",
        )
    number = float(re.sub("[, ]", "", found["number"])) * _TIMES[(found["unit"] or "").lower()]
    if not math.isfinite(number) or number > MOST:
        raise UsageError(f"{quoted(typed)} is more than any bill.", "Check the number of digits.")
    if number < LEAST:
        raise UsageError("A budget of nothing cannot be kept.", f"Write an amount above 0, as in {EXAMPLE}.")
    return number


def cadence_of(typed: str) -> Cadence:
    """`month`, `quarter` or `year`.

    Raises:
        UsageError: it is none of them.
    """
    found = PERIODS.get(typed.strip().lower())
    if found is None:
        raise UsageError(f"{quoted(typed)} is no period of a budget.", "Use month, quarter or year.")
    return found


def target_of(kind: str, typed: str, costs: CostFiles, owner_tag: str) -> Target:
    """What is meant by a name of a kind; with no kind a service, an account or a team, as `/cost forecast` takes it.

    Raises:
        UsageError: nothing of that kind is called so; the remedy names what is near.
        NotEnoughData: no costs are stored.
    """
    costs.window()
    if kind == "service":
        return _service(typed, costs)
    if kind == "account":
        return _account(typed, costs)
    if kind == "team":
        return _as_budget(lambda: target((f"tag:{owner_tag}={typed.strip()}",), costs, owner_tag))
    if kind == "tag":
        if "=" not in typed.strip("= "):
            raise UsageError(f"{quoted(typed)} is no tag.", "Write its key and value, as env=prod.")
        return _as_budget(lambda: target((f"tag:{typed.strip().removeprefix('tag:')}",), costs, owner_tag))
    return _as_budget(lambda: target(tuple(typed.split()), costs, owner_tag))


def budget_of(amount: float, cadence: Cadence, chosen: Target, currency: str) -> Budget:
    """The budget of what was meant; the store gives it its id."""
    scope = tuple(Part(key, (keys,) if isinstance(keys, str) else tuple(keys)) for key, keys in chosen.where.items())
    return Budget(
        id="",
        label=chosen.label if scope or chosen.pattern else "All costs",
        amount=amount,
        currency=currency,
        cadence=cadence,
        scope=scope,
        pattern=chosen.pattern,
        typed=_typed(chosen),
    )


def budget_typed(
    positional: Sequence[str], flags: Mapping[str, str], costs: CostFiles, owner_tag: str, currency: str
) -> Budget:
    """The budget that words after `/cost budget set` mean.

    Raises:
        UsageError: a word is not understood; the remedy says what to type instead.
        NotEnoughData: no costs are stored.
    """
    if not positional:
        raise UsageError("How much? A budget needs an amount.", f"Write {EXAMPLE}.")
    number, rest = _amount_first(positional)
    amount = amount_of(number, currency)
    cadence = cadence_of(flags.get("period", "month"))
    named = [kind for kind in KINDS if kind in flags]
    if len(named) + bool(rest) > 1:
        given = [f"--{kind}" for kind in named] + ([quoted(" ".join(rest))] if rest else [])
        raise UsageError(
            f"A budget is of one service, account, team or tag, not of {' and '.join(given)}.",
            "Set one for each, or of what they share.",
        )
    kind = named[0] if named else ""
    chosen = target_of(kind, flags[kind] if kind else " ".join(rest), costs, owner_tag)
    return budget_of(amount, cadence, chosen, currency)


def again(budget: Budget) -> str:
    """The command that sets this budget."""
    amount = f"{budget.amount:.2f}".rstrip("0").rstrip(".")
    return " ".join(filter(None, ("/cost budget set", amount, budget.typed, f"--period {budget.cadence}")))


def _amount_first(words: Sequence[str]) -> tuple[str, list[str]]:
    """The amount, which a currency's code may follow as a word of its own, and what comes after it."""
    rest = list(words[1:])
    if rest and re.fullmatch(r"[A-Z]{3}|[€£¥]", rest[0]) and _AMOUNT.fullmatch(f"{words[0]} {rest[0]}"):
        return f"{words[0]} {rest[0]}", rest[1:]
    return words[0], rest


def _typed(chosen: Target) -> str:
    dimension = next(iter(chosen.where), None)
    if dimension is None:
        return ""
    if dimension.startswith("tag:"):
        return f"--tag {shlex.quote(chosen.typed.removeprefix('tag:'))}"
    return f"--{dimension} {shlex.quote(chosen.typed)}"


def _service(typed: str, costs: CostFiles) -> Target:
    if not typed.strip():
        raise UsageError("Which service?", f"Write its name, as in {EXAMPLE}.")
    try:
        chosen = resolve(typed, costs.service_names())
    except UnknownServiceError as error:
        if error.known_as:
            raise UsageError(f"No cost of {error.known_as} is stored.", error.remedy) from None
        raise UsageError(f"No service is called {quoted(typed)}.", error.remedy) from None
    where = {"service": chosen.services} if chosen.services else {}
    return Target(chosen.label, chosen.key, chosen.services, where, chosen.pattern, chosen.note)


def _account(typed: str, costs: CostFiles) -> Target:
    names, word = _accounts(costs), typed.strip().casefold()
    found = [key for key, label in names.items() if word in (key.casefold(), label.casefold())]
    if len(found) > 1:
        ids = ", ".join(escape(name(key)) for key in found[:4])
        raise UsageError(f"{len(found)} accounts are called {quoted(typed)}.", f"Write the id: {ids}.")
    if not found:
        near = get_close_matches(word, [label.casefold() for label in names.values()], n=1)
        shown = [label for label in names.values() if label.casefold() in near] or list(names.values())[:6]
        known = ", ".join(escape(clip(name(label), 40)) for label in shown) or "none yet"
        raise UsageError(
            f"No account is called {quoted(typed)}.", f"Did you mean {known}?" if near else f"Stored are {known}."
        )
    return Target(shown_names(costs, "account")(found[0]), found[0], (), {"account": found[0]})


def _accounts(costs: CostFiles) -> dict[str, str]:
    """Names by id; of an account that nobody named the id, where it had a cost lately."""
    window = costs.window()
    end = window.complete_until + timedelta(days=1)
    start = max(window.first_day, end - timedelta(days=TEAM_DAYS))
    try:
        billed = set(costs.daily(by=("account",), start=start, end=end)["account"])
    except NotEnoughData:
        billed = set()
    return {str(key): str(key) for key in billed - {"unknown"}} | costs.account_names()


def _as_budget(find: Callable[[], Target]) -> Target:
    """What `/cost forecast` would find, its advice put in a budget's words."""
    try:
        return find()
    except UsageError as error:
        remedy = error.remedy.replace("Example: /cost forecast ec2", f"Example: {EXAMPLE}")
        raise UsageError(error.cause, remedy.replace("/cost forecast", "/cost budget set 5000")) from None
