"""What one unit costs: those whose costs the report is about."""

from __future__ import annotations

from bot.blocks.report import Section
from bot.blocks.units_report import unit_news, unit_source, unit_why
from bot.errors import CostbotError
from bot.reports.given import Given
from bot.units.definitions import SETTING, defined_units
from bot.units.figures import UnitFigures, unit_figures

#: Days that are compared with as many before.
DAYS = 30
MOST = 5


def unit_cost_section(given: Given) -> Section:
    """Each unit in a sentence, the first that is known as a picture."""
    title = "Unit cost"
    try:
        defined = defined_units(given.context.settings)
    except CostbotError as error:
        return Section("units", title, problem=str(error))
    if not defined:
        return Section("units", title, problem=f"No unit is defined ({SETTING}).")
    found = [one for one in (unit_figures(given.context, unit, DAYS) for unit in defined) if _is_of(given, one)]
    if not found:
        return Section("units", title, problem=f"No unit is made of the costs of {given.scope.label}.")
    shown = next((one.line for one in found if not one.line.problem), found[0].line)
    if shown.problem:
        return Section("units", title, problem=shown.problem)
    rest = [one.line for one in found if one.line is not shown]
    return Section(
        key="units",
        title=title,
        lines=(f"{unit_news(shown)}.", *((f"{unit_why(shown)}.",) if unit_why(shown) else ())),
        points=tuple(f"{one.key}: {unit_news(one)}" for one in rest[:MOST]),
        chart=shown.chart,
        notes=(f"{unit_source(shown)}. A day without a count is left out, not zero.",),
    )


def _is_of(given: Given, one: UnitFigures) -> bool:
    """Whether it belongs in the report: of everything all units, of a part those of just that part."""
    return given.scope.is_all or dict(one.where) == dict(given.scope.where)
