"""Days of an incident that a card draws."""

from datetime import date

import pandas as pd
import pytest

from analysis.models import AnomalyKind, Direction
from bot.workflows.incident_days import IncidentDays


def days(first: date, until: date) -> IncidentDays:
    """A step from 10 to 40 dollars a day; of Nov 20, the last day, a quarter is in."""
    stamps = pd.date_range("2026-11-01", "2026-11-20")
    cost = [40.0 if stamp.date() >= first else 10.0 for stamp in stamps[:-1]] + [12.0]
    lines = pd.DataFrame({"cost": cost, "expected": 10.0, "lower": 8.0, "upper": 12.0}, index=stamps)
    lines["impact"] = lines["cost"] - lines["expected"]
    away = tuple(stamp.date() for stamp in stamps if stamp.date() >= first)
    told = tuple(day for day in away if day <= until) or away
    return IncidentDays(AnomalyKind.STEP, Direction.UP, lines, first, away[-1], until, away, told)


@pytest.mark.parametrize(
    ("first", "until", "last"),
    [
        (date(2026, 11, 12), date(2026, 11, 18), "Nov 18"),
        (date(2026, 11, 18), date(2026, 11, 18), "Nov 18"),
        (date(2026, 11, 19), date(2026, 11, 18), "Nov 20"),
    ],
    ids=["goes on", "began on the last complete day", "began since"],
)
def test_a_day_that_still_fills_is_not_drawn_as_a_fall(first: date, until: date, last: str) -> None:
    chart = days(first, until).chart()
    assert chart.labels[-1] == last
    assert len(chart.labels) == 14
