"""An hourly export, ingested in the middle of a day and again later: a part first, then whole, then restated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotEnoughData
from tests.bot.completeness.completeness_factories import restated
from tests.bot.costs.cost_factories import ask, context
from tests.bot.costs.focus_files import COLUMNS, line, take_in, write

NOV = date(2026, 11, 1)
HOURLY = (*COLUMNS, "ChargePeriodEnd")


def hours(until: datetime, cost: str = "1.0", lower: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """A dollar an hour since 1 November; on days `lower` ten cents less."""
    count = int((until - datetime(2026, 11, 1, tzinfo=UTC)).total_seconds() // 3600)
    begins = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(count)]
    return [
        line(
            "0.9" if at.day in lower else cost,
            BillingPeriodStart="2026-11-01 00:00:00",
            ChargePeriodStart=f"{at:%Y-%m-%d %H:%M:%S}",
            ChargePeriodEnd=f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        )
        for at in begins
    ]


def export(bot: Any, path: Path, lines: list[dict[str, Any]]) -> tuple[str, ...]:
    """Ingest an export; what is said of restated days."""
    return tuple(take_in(bot, [write(path, *lines, columns=HOURLY)]).restated)


def test_a_part_is_left_out_then_counts_then_is_restated(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", now=datetime(2026, 11, 20, 10, tzinfo=UTC))
    path = tmp_path / "export.csv"
    assert export(bot, path, hours(datetime(2026, 11, 20, 9, tzinfo=UTC))) == ()
    found = bot.costs.window()
    assert [(part.day.day, part.completeness.share) for part in found.partial] == [
        (19, pytest.approx(0.58)),
        (20, pytest.approx(0.1)),
    ]
    bot.clock.time = datetime(2026, 11, 25, 10, tzinfo=UTC)  # nobody exported meanwhile: it is the same file
    assert bot.costs.window().complete_until == date(2026, 11, 18)
    bot.clock.time = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert export(bot, path, hours(datetime(2026, 11, 22, 9, tzinfo=UTC))) == ()
    assert bot.costs.window().complete_until == date(2026, 11, 20)
    bot.clock.time += timedelta(days=1)
    later = hours(datetime(2026, 11, 23, 9, tzinfo=UTC), lower=(3, 4, 5))
    assert export(bot, path, later) == ("Nov 3–5 restated by −$7.20 (AWS).",)
    told = ask(tmp_path / "data", "--days 7", now=bot.clock.time, restated=bot.store.restated).text
    assert "Data until Nov 21; Nov 22 is usually 35–80 % in" in told


def test_an_old_export_that_ends_in_the_middle_of_a_day_is_read_late(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", now=datetime(2026, 12, 9, 10, tzinfo=UTC))
    export(bot, tmp_path / "export.csv", hours(datetime(2026, 11, 20, 9, tzinfo=UTC)))
    found = bot.costs.window()
    assert (found.complete_until, found.partial[0].completeness.seen) == (date(2026, 11, 19), (9, 24))
    told = ask(tmp_path / "data", "--days 7", now=bot.clock.time)
    assert "Data until Nov 19; Nov 20 is in with 9 of 24 hours and left out; that is 20 days ago." in told.text
    assert "$168 in the 7 days Nov 13–19" in told.text


def test_an_export_of_a_few_hours_has_nothing_to_compare(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", now=datetime(2026, 11, 1, 10, tzinfo=UTC))
    export(bot, tmp_path / "export.csv", hours(datetime(2026, 11, 1, 9, tzinfo=UTC)))
    with pytest.raises(NotEnoughData, match="No whole day of costs is stored yet: Nov 1 is still filling"):
        ask(tmp_path / "data")


def test_a_restatement_of_another_source_is_not_said(tmp_path: Path) -> None:
    bot = context(tmp_path / "data", now=datetime(2026, 12, 9, 10, tzinfo=UTC))
    export(bot, tmp_path / "export.csv", hours(datetime(2026, 11, 20, tzinfo=UTC)))
    rows = [restated(date(2026, 11, 18), 20.0, 24.0, noted_at=bot.clock.time)]
    assert "restated" not in str(ask(tmp_path / "data", now=bot.clock.time, restated=rows).blocks)
