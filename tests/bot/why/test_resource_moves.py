"""Resources beside a cause: those that can be it, and none that merely stood there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.causes import against_weekdays_before
from bot.causes.scope import Scope
from bot.causes.unknowns import not_known, places
from bot.settings import CostView
from bot.workflows.find_causes import Found, find_causes
from tests.bot.costs.cost_factories import context
from tests.bot.costs.focus_files import COLUMNS, line, take_in, write

NOW = datetime(2026, 10, 30, 10, tzinfo=UTC)
DAY = date(2026, 10, 27)
WEEKS = [DAY - timedelta(days=7 * week) for week in range(4)]
ASKED = Scope(against_weekdays_before([DAY], first=DAY, start=date(2026, 10, 1)), CostView.EFFECTIVE)


def found(tmp_path: Path, *resources: tuple[str, float, float], detail_months: int = 3) -> Found:
    """Causes of a bill of machines, each with its dollars a day before and now."""
    lines: list[dict[str, Any]] = [
        line(str(now if day == DAY else before), ResourceId=name, ChargePeriodStart=f"{day} 13:00:00")
        for name, before, now in resources
        for day in WEEKS
    ]
    tmp_path.mkdir(exist_ok=True)
    bot = context(tmp_path / "data", now=NOW, detail_months=detail_months)
    take_in(bot, [write(tmp_path / "export.csv", *lines, columns=(*COLUMNS, "ResourceId"))])
    return find_causes(bot.costs, ASKED)


def shown(told: Found) -> list[tuple[str, float]]:
    shown = [place for place in places(told, ASKED, str) if place.heading.startswith("Resources")]
    return [(name, round(amount, 9)) for place in shown for name, amount in place.values]


def test_a_resource_that_stood_still_is_not_named(tmp_path: Path) -> None:
    told = found(tmp_path, ("i-1", 10.0, 50.0), ("i-2", 30.0, 30.0))
    assert shown(told) == [("i-1", 40.0)]


def test_new_and_gone_ones_are_marked(tmp_path: Path) -> None:
    assert shown(found(tmp_path, ("i-1", 0.0, 50.0), ("i-2", 30.0, 35.0))) == [("i-1 (new)", 50.0)]
    assert shown(found(tmp_path / "b", ("i-1", 50.0, 0.0), ("i-2", 30.0, 30.0))) == [("i-1 (gone)", -50.0)]


def test_what_moved_the_other_way_is_no_part_of_the_cause(tmp_path: Path) -> None:
    assert shown(found(tmp_path, ("i-1", 10.0, 90.0), ("i-2", 40.0, 10.0))) == [("i-1", 80.0)]


def test_resources_that_cannot_be_the_cause_are_not_told_with_it(tmp_path: Path) -> None:
    told = found(tmp_path, ("i-1", 1.0, 13.0), ("NULL", 10.0, 98.0))
    assert told.explanation.causes[0].change == 10_000
    assert told.resources == ()
    said = not_known(told, ASKED, "USD")
    assert said[-1] == "Which resources: none that the export names there moved like the first line."


def test_months_without_detail_are_said_to_be_unknown(tmp_path: Path) -> None:
    told = found(tmp_path, ("i-1", 1.0, 20.0), detail_months=0)
    assert told.resources is None
    assert "COSTBOT_DETAIL_MONTHS" in not_known(told, ASKED, "USD")[-1]
