"""Brings the counts of metrics up to date; a unit that fails is noted and stops no other."""

from __future__ import annotations

from analysis.unit_costs import Every
from bot.collectors import unit_metrics
from bot.collectors.unit_metrics import Metric
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.units.definitions import defined_units

SOURCE = "unit_counts"


def refresh_counts(context: Context) -> int:
    """Ask CloudWatch for every unit that it counts; returns how many answered.

    What was stored stays where it does not answer, or has nothing at all.

    Raises:
        MappingError: the units file is wrong.
    """
    now = context.clock.now()
    done = 0
    for unit in defined_units(context.settings):
        if unit.metric is None:
            continue
        told = f"{SOURCE} {unit.key}"
        place = unit.metric.account or None, unit.metric.region or None
        try:
            counts = unit_metrics.fetch(context.aws, unit.key, unit.metric, now.date())
        except SourceUnavailable as error:
            context.store.note_source(told, *place, False, str(error), now)
            continue
        if not counts:
            nothing = f"CloudWatch has no sums of {metric_words(unit.metric)}: look at its name, dimensions and region."
            context.store.note_source(told, *place, False, nothing, now)
            continue
        context.store.units.replace(unit.key, Every.DAY, counts, source=metric_words(unit.metric), now=now)
        context.store.note_source(told, *place, True, f"{len(counts)} days", now)
        done += 1
    return done


def metric_words(metric: Metric) -> str:
    """`the metric OrdersPlaced of Shop`."""
    return f"the metric {metric.name} of {metric.namespace}"
