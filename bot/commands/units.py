"""`/cost units`: what one order, user or request costs."""

from __future__ import annotations

import shlex
from difflib import get_close_matches

from bot.blocks import elements
from bot.blocks.elements import name, quoted
from bot.blocks.units_report import UnitsReport, units_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.units.definitions import SETTING, UnitOf, defined_units
from bot.units.figures import unit_figures
from bot.words.flags import one_of, parse

DAYS = ("7", "14", "30", "90")
#: Units that a table has.
MOST = 20


@command(
    "units",
    usage="[NAME] [--days 7|14|30|90]",
    examples=(
        ("/cost units", "what each unit costs, as 1,000 orders, and what moved it"),
        ("/cost units orders --days 90", "one of them, week by week"),
    ),
    order=16,
)
def units(request: Request, context: Context) -> Reply:
    """What one order, user or request costs"""
    parsed = parse(request.words, flags=("days",))
    days = int(one_of(parsed.flags.get("days", "30"), DAYS, "days"))
    defined = defined_units(context.settings)
    if not defined:
        return _none_defined()
    chosen = _chosen(" ".join(parsed.positional), defined)
    window = context.costs.window(view=context.settings.cost_view)
    lines = {unit.key: unit_figures(context, unit, days).line for unit in defined[:MOST]}
    shown = chosen or next((unit for unit in defined if not lines[unit.key].problem), defined[0])
    return units_reply(
        UnitsReport(
            shown=lines[shown.key],
            every_unit=tuple(lines.values()),
            view=window.view,
            billed_only=window.billed_only,
            until=window.complete_until,
            command=_typed(shown, days),
            commands=tuple((f"{length} days", _typed(shown, int(length))) for length in DAYS[1:]),
        )
    )


def _chosen(typed: str, defined: tuple[UnitOf, ...]) -> UnitOf | None:
    if not typed:
        return None
    by_word = {word.casefold(): unit for unit in defined[:MOST] for word in (unit.unit, unit.key)}
    found = by_word.get(typed.casefold())
    if found:
        return found
    near = get_close_matches(typed.casefold(), by_word, n=1)
    listed = ", ".join(unit.key for unit in defined[:8])
    remedy = f"Did you mean {quoted(near[0])}?" if near else f"Defined are {listed}."
    raise UsageError(f"No unit is called {quoted(typed)}.", remedy)


def _typed(unit: UnitOf, days: int) -> str:
    return f"/cost units {shlex.quote(name(unit.key))} --days {days}"


def _none_defined() -> Reply:
    text = f"No unit is defined: {SETTING} names a TOML file that says what one order, user or request is."
    example = '```[orders]\nper = 1000\nof = "checkout"\ncsv = "orders.csv"```'
    more = elements.context("docs/report.md has the whole of it.")
    return Reply(text, [elements.section(f"{text}\n{example}"), more])
