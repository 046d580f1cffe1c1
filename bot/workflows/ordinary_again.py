"""An incident that was told and is none any more: what its days cost now, so that no card keeps old figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.models import Anomaly, AnomalyKind, Phase
from bot.blocks import elements
from bot.blocks.elements import money
from bot.workflows.incident_days import as_told, incident_days, together
from bot.workflows.incidents import Question, figures_of

if TYPE_CHECKING:
    from bot.cost_files import Window


def ordinary_again(
    told: Anomaly, verdicts: pd.DataFrame, keys: Sequence[str], window: Window, question: Question
) -> Anomaly | None:
    """The incident with what is stored now; None where that cannot be told: its series are gone or were not noted.

    Args:
        told: as its card has it.
        keys: its series.
    """
    mine = verdicts[verdicts["key"].isin(keys)]
    inside = mine["date"].between(pd.Timestamp(told.first_day), pd.Timestamp(told.last_day))
    if not inside.any():
        return _never_was(told, window) if told.kind == AnomalyKind.NEW and told.lines else None
    mine = mine.assign(is_anomaly=False)
    parts = [(mine["key"].isin(part.lines), part.kind) for part in told.parts]
    each = [(mine[is_part], kind) for is_part, kind in parts if (is_part & inside).any()] or [(mine, told.kind)]
    found = together(
        [
            incident_days(rows, kind, told.direction, told.first_day, told.last_day, window.complete_until)
            for rows, kind in each
        ]
    )
    days = [one.day for one in told.daily if told.first_day <= one.day <= told.last_day]
    found = as_told(found, days or found.away)
    figures = figures_of(found, question)
    span = elements.days(told.first_day, told.last_day)
    actual, expected = money(figures["actual"], told.currency), money(figures["expected"], told.currency)
    return replace(
        told,
        **figures,
        chart=found.chart(),
        data_until=window.complete_until,
        daily=found.daily(),
        phase=Phase.RESOLVED,
        explanation=f"{span}: {actual} a day now, {expected} expected; that is no anomaly.",
    )


def _never_was(told: Anomaly, window: Window) -> Anomaly:
    """A new cost of which the bill has no line any more: a day without a line cost nothing."""
    return replace(
        told,
        actual=0.0,
        impact_per_day=0.0,
        impact_total=0.0,
        data_until=window.complete_until,
        daily=tuple(replace(one, cost=0.0) for one in told.daily),
        phase=Phase.RESOLVED,
        explanation=f"{elements.days(told.first_day, told.last_day)}: the bill has nothing of it any more.",
    )
