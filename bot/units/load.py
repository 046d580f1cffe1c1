"""Loading counts from a file in a terminal, and telling what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.unit_costs import Every
from bot.context import Context
from bot.errors import CostbotError, UsageError
from bot.units.counts_file import read_counts
from bot.units.definitions import SETTING, UnitOf, defined_units
from bot.units.refresh import SOURCE, metric_words


def load_counts(context: Context, key: str, file: Path) -> str:
    """Take a file's counts in place of all that a unit had; says what was loaded.

    Raises:
        UsageError: no unit has that name, or its counts come from elsewhere.
        CountsError: a line of the file is wrong; nothing was loaded.
    """
    unit = _unit(context, key)
    if unit.csv is not None or unit.metric is not None:
        whence = f"the file {unit.csv.name}" if unit.csv else metric_words(unit.metric) if unit.metric else ""
        raise UsageError(f"The counts of {key} come from {whence}.", "Take that out of its definition first.")
    counts = read_counts(file)
    context.store.units.replace(
        key, counts.every, counts.by_start, source=f"the file {file.name}", now=context.clock.now()
    )
    many = f"{len(counts.by_start):,} {counts.every}{'s' if len(counts.by_start) != 1 else ''}"
    reach = f"{min(counts.by_start)} to {max(counts.by_start)}"
    return f"{key}: {many} loaded, {reach}. /cost units {key} shows what one costs."


def described_units(context: Context) -> Iterator[str]:
    """A line a unit: what it is, whence its counts are, how far they reach or why there are none."""
    defined = defined_units(context.settings)
    if not defined:
        yield f"No unit is defined: {SETTING} names a TOML file that says what one order, user or request is."
    failing = {source.source: source.sentence for source in context.store.source_health() if not source.ok}
    for unit in defined:
        problem = failing.get(f"{SOURCE} {unit.key}")
        yield f"{unit.key}: {unit.label} of {unit.of or 'all costs'}; {_reach(context, unit)}" + (
            f"; {problem}" if problem else ""
        )


def _unit(context: Context, key: str) -> UnitOf:
    defined = defined_units(context.settings)
    found = next((unit for unit in defined if unit.key == key), None)
    if found is None:
        known = ", ".join(unit.key for unit in defined) or "none"
        raise UsageError(f"No unit is called {key[:40]}.", f"{SETTING} defines: {known}.")
    return found


def _reach(context: Context, unit: UnitOf) -> str:
    if unit.csv is not None:
        try:
            counts = read_counts(unit.csv)
        except CostbotError as error:
            return str(error)
        return _span(counts.every, len(counts.by_start), str(max(counts.by_start)), f"the file {unit.csv.name}")
    stored = context.store.units.of(unit.key)
    if stored is None or not stored.by_start:
        return "no counts yet"
    return _span(Every(stored.every), len(stored.by_start), str(max(stored.by_start)), stored.source)


def _span(every: Every, count: int, last: str, source: str) -> str:
    return f"{count:,} {every}{'s' if count != 1 else ''} until {last} from {source}"
