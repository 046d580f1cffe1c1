"""A budget in words: the verdict with its number, then why; the same in the list, on a card and in an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.budgets import Budget, BudgetState, Cadence, Origin, Standing
from analysis.budgets.alerts import Level
from bot.blocks import forecast_known
from bot.blocks.decision_line import person
from bot.blocks.elements import day, escape, money, name, percent

#: Beyond these a chance is not told to the per cent.
SURE = 0.99
_A = {Cadence.MONTH: "a month", Cadence.QUARTER: "a quarter", Cadence.YEAR: "a year"}


def label(budget: Budget) -> str:
    """What it is of, escaped, as a sentence begins."""
    text = escape(name(budget.label))
    return text if budget.origin is Origin.AWS else text[:1].upper() + text[1:]


def period(state: BudgetState) -> str:
    """`November`, `Q4 2026` or `2026`."""
    start = state.start
    if state.budget.cadence is Cadence.MONTH:
        return f"{start:%B}"
    return f"Q{(start.month + 2) // 3} {start.year}" if state.budget.cadence is Cadence.QUARTER else f"{start.year}"


def limit(budget: Budget) -> str:
    """`$5,000 a month`."""
    return f"{money(budget.amount, budget.currency)} {_A[budget.cadence]}"


def headline(state: BudgetState) -> str:
    """The news with its number, escaped, without a full stop."""
    budget, currency = state.budget, state.budget.currency
    amount = money(budget.amount, currency)
    whose, when = label(budget), period(state)
    if state.standing is Standing.OVER:
        reached = f", reached on {_day(state.breach_day, state)}" if state.breach_day else ""
        return f"{whose}: over the {when} budget, {money(state.spent, currency)} of {amount} spent{reached}"
    if state.expected is None:
        return f"{whose}: {limit(budget)}, no forecast"
    end = f"about {money(state.expected, currency)} of {amount}"
    if state.standing is Standing.EXPECTED_OVER:
        crossed = f", crossed on about {_day(state.breach_day, state)}" if state.breach_day else ""
        return f"{whose}: {when} is expected to end over budget, {end}{crossed}"
    share = percent(state.expected_share)
    if state.standing is Standing.CLOSE:
        return f"{whose}: {when} is expected to end close to its budget, {end} ({share})"
    return f"{whose}: on track, {when} is expected to end at {end} ({share})"


def details(state: BudgetState) -> list[str]:
    """Why, a line each, escaped: what is spent, where it ends and how sure, what is missing, what moved."""
    lines = [_spent(state), _ending(state), escape(state.why), _known(state), _missing(state), drivers_text(state)]
    return [line for line in lines if line]


def drivers_text(state: BudgetState) -> str:
    """`Moved most against Oct 1–18: NAT gateways +$41.00/day (to $61.00)`, or that nothing did.

    Empty where nothing is compared.
    """
    if not state.drivers:
        is_compared = state.compared and state.spent is not None
        return f"Nothing by itself moved much against {escape(state.compared)}." if is_compared else ""
    currency = state.budget.currency
    said = [
        f"{escape(name(one.name))} {money(one.change, currency, signed=True)}/day (to {money(one.now, currency)})"
        for one in state.drivers
    ]
    return f"Moved most against {escape(state.compared)}: {'; '.join(said)}."


def chance_words(chance: float) -> str:
    """`73 %`, or that it is nearly sure."""
    if chance >= SURE:
        return "over 99 %"
    return "under 1 %" if chance <= 1 - SURE else percent(chance)


def origin_text(budget: Budget) -> str:
    """Who keeps it: a mention, or AWS; with what AWS counts otherwise."""
    if budget.origin is Origin.AWS:
        remark = f"; {escape(budget.remark)}" if budget.remark else ""
        return f"from AWS Budgets, of {escape(name(budget.typed, 120))}{remark}"
    return f"set by {person(budget.by)}" if budget.by else ""


def counted(states: Sequence[BudgetState]) -> str:
    """`4 budgets: 1 over, 1 expected to go over, 2 on track`."""
    found = {standing: sum(state.standing is standing for state in states) for standing in Standing}
    words = {
        Standing.OVER: "over",
        Standing.EXPECTED_OVER: "expected to go over",
        Standing.CLOSE: "close",
        Standing.ON_TRACK: "on track",
        Standing.UNKNOWN: "without a forecast",
    }
    said = [f"{count} {words[standing]}" for standing, count in found.items() if count]
    return f"{len(states)} budget{'' if len(states) == 1 else 's'}: {', '.join(said)}"


def level_words(level: Level) -> str:
    """What an alert is about, in a few words."""
    return {
        Level.FORECAST_80: "forecast at 80 % of the budget",
        Level.FORECAST_100: "forecast above the budget",
        Level.ACTUAL_100: "budget reached",
    }[level]


def _spent(state: BudgetState) -> str:
    if state.spent is None or state.until is None:
        return ""
    if not state.days_gone:
        return f"No day of {period(state)} is complete yet."
    said = f"{money(state.spent, state.budget.currency)} spent until {_day(state.until, state)}"
    shares = f"{percent(state.share_used)} of the budget, {percent(state.share_gone)} of {period(state)} gone"
    pace = f": {state.pace:.2f} times an even pace" if state.pace is not None and state.share_gone < 1 else ""
    return f"{said} ({shares}){pace}."


def _ending(state: BudgetState) -> str:
    if state.expected is None or state.low is None or state.high is None or state.chance is None:
        return ""
    if state.share_gone >= 1 and not state.unknown_days:
        return f"{period(state)} is over."
    currency = state.budget.currency
    span = f"{money(state.low, currency)}–{money(state.high, currency)} in four of five cases"
    about = f"Expected end {money(state.expected, currency)}, {span}"
    if state.is_over:
        return f"{about}."
    return f"{about}; chance of ending above {money(state.budget.amount, currency)}: {chance_words(state.chance)}."


def _known(state: BudgetState) -> str:
    if not state.known:
        return ""
    return f"The expected end counts {forecast_known.named(state.known)}: `{forecast_known.LIST}`."


def _missing(state: BudgetState) -> str:
    if not state.unknown_days:
        return ""
    count = "1 day" if state.unknown_days == 1 else f"{state.unknown_days} days"
    return f"Of {count} something is missing: they count with what is expected of them, and not as spent."


def _day(value: date | None, state: BudgetState) -> str:
    if value is None:
        return ""
    return day(value) if value.year == state.end.year or value.year == state.start.year else f"{day(value)}, {value:%Y}"


def small_print(states: Sequence[BudgetState]) -> str:
    """Which cost and which days the figures are, escaped."""
    views = {state.view for state in states}
    currencies = sorted({state.budget.currency for state in states})
    view = "billed cost (as invoiced)" if views == {"billed"} else "effective cost (amortised, after discounts)"
    reach = {state.until for state in states if state.until is not None and state.days_gone}
    until = f" Complete until {day(max(reach))}." if reach else ""
    unit = escape(name(" and ".join(currencies), 20))
    return f"Usage only, without tax, credits and support: {view}, in {unit}; months in UTC.{until}"
