"""The window: whole days are compared, parts are named and left out, missing days are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.arrival_curve import ArrivalCurve
from analysis.completeness import Basis
from bot.cost_files import CostFiles, Window
from bot.cost_files.arrival import read_curves, write_curves
from bot.cost_files.database import cursor
from bot.cost_files.day_totals import COLUMNS, day_totals
from bot.cost_files.stored_days import StoredDay, stored_days
from bot.cost_files.summary import Stored
from bot.cost_files.window import window
from bot.errors import NotEnoughData
from tests.bot.completeness.completeness_factories import NOW, fetched, stored
from tests.bot.costs.cost_factories import days, full, row, store

FIRST = date(2026, 10, 1)
NOV = date(2026, 11, 1)
SLOW = ArrivalCurve((0, 48, 96, 120, 216), (0, 0, 0.5, 0.99, 1), (0, 0.1, 0.9, 1, 1), (0, 0.2, 1, 1, 1), 34)


def until(last: date) -> int:
    """Days from `FIRST` to a last day."""
    return (last - FIRST).days + 1


def november(day: int) -> date:
    return date(2026, 11, day)


def parts(found: Window) -> list[tuple[str, date, Basis]]:
    return [(part.provider, part.day, part.completeness.basis) for part in found.partial]


def explorer(last: date, **changed: Any) -> list[Stored]:
    """Cost Explorer's months as Amazon tells them: the whole running month is estimated."""
    return stored(FIRST, until(last), estimated_from=changed.pop("estimated_from", NOV), **changed)


@pytest.mark.parametrize(
    ("hour", "last_whole"),
    [(0, 22), (1, 22), (2, 23), (10, 23), (23, 23)],
)
def test_the_hour_of_the_refresh_decides(hour: int, last_whole: int) -> None:
    """A day may be compared fifty hours after it began: from two in the morning on, the day before yesterday."""
    at = datetime(2026, 11, 25, hour, 0, tzinfo=UTC)
    found = window(explorer(november(25)), {"cost_explorer": fetched(at, "2026-10", "2026-11")})
    assert found.complete_until == november(last_whole)
    assert [part.day for part in found.partial] == [november(day) for day in range(last_whole + 1, 26)]


def test_summer_time_is_nobody_s_business() -> None:
    """25 October 2026 has 25 hours in Berlin and 24 on the bill."""
    at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    found = window(stored(FIRST, 26, estimated_from=FIRST), {"cost_explorer": fetched(at, "2026-10")})
    assert found.complete_until == date(2026, 10, 24)


def test_on_the_first_of_a_month_the_last_days_of_the_old_one_are_still_filling() -> None:
    at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    facts = {"cost_explorer": fetched(at, "2026-11", "2026-12")}
    found = window(stored(FIRST, until(date(2026, 12, 1)), estimated_from=NOV), facts)
    assert found.complete_until == november(29)
    assert [part.day for part in found.partial] == [november(30), date(2026, 12, 1)]


def test_a_share_stands_beside_each_part() -> None:
    found = window(explorer(november(25)), {"cost_explorer": fetched(NOW, "2026-10", "2026-11")})
    assert [(part.completeness.low, part.completeness.high) for part in found.partial] == [(0.35, 0.80), (0.02, 0.25)]
    assert parts(found) == [("AWS", november(24), Basis.USUAL), ("AWS", november(25), Basis.USUAL)]


def test_a_learnt_curve_holds_a_slow_provider_back_longer() -> None:
    facts = {"cost_explorer": fetched(NOW, "2026-10", "2026-11")}
    found = window(explorer(november(25)), facts, curves={("cost_explorer", "AWS"): SLOW})
    assert found.complete_until == november(20)
    assert parts(found)[0] == ("AWS", november(21), Basis.LEARNT)


def test_the_curve_of_another_source_or_provider_is_not_taken() -> None:
    facts = {"cost_explorer": fetched(NOW, "2026-10", "2026-11")}
    curves = {("focus", "AWS"): SLOW, ("cost_explorer", "Microsoft"): SLOW}
    assert window(explorer(november(25)), facts, curves=curves).complete_until == november(23)


def test_missing_hours_make_the_newest_day_a_part_though_nobody_calls_it_estimated() -> None:
    found = window(stored(FIRST, until(november(20)), source="focus", hours=24, newest_hours=9), {})
    assert found.complete_until == november(19)
    assert found.partial[0].completeness.seen == (9, 24)
    assert found.partial[0].completeness.share == pytest.approx(9 / 24)


def test_an_old_export_that_ended_in_the_middle_of_a_day_still_does() -> None:
    facts = {"focus": fetched(NOW, "2026-10", "2026-11")}
    found = window(stored(FIRST, until(november(9)), source="focus", hours=24, newest_hours=9), facts)
    assert found.complete_until == november(8)


def test_days_of_ten_hours_are_whole_where_all_days_have_ten() -> None:
    assert window(stored(FIRST, 50, source="focus", hours=10), {}).complete_until == november(19)


def test_an_export_is_as_old_as_it_says_not_as_its_ingestion() -> None:
    told_at = datetime(2026, 11, 20, 6, 0, tzinfo=UTC).isoformat()
    facts = {"focus": fetched(NOW, "2026-10", "2026-11", told_at=told_at)}
    rows = stored(FIRST, until(november(20)), source="focus", hours=24, estimated_from=november(19))
    assert window(rows, facts).complete_until == november(18)
    assert window(rows, facts).fetched_at == NOW


def test_a_provider_that_is_a_few_days_late_holds_the_sum_back_and_is_named() -> None:
    facts = {"cost_explorer": fetched(NOW, "2026-10", "2026-11"), "focus": fetched(NOW, "2026-10", "2026-11")}
    azure = stored(FIRST, until(november(21)), provider="Microsoft", source="focus", hours=24)
    found = window([*explorer(november(25)), *azure], facts)
    assert (found.last_day, found.complete_until) == (november(25), november(21))
    assert parts(found)[:2] == [("Microsoft", november(22), Basis.NOTHING), ("Microsoft", november(23), Basis.NOTHING)]
    assert ("AWS", november(24), Basis.USUAL) in parts(found)
    assert [(feed.provider, feed.complete_until) for feed in found.feeds] == [
        ("AWS", november(23)),
        ("Microsoft", november(21)),
    ]


def test_of_two_sources_of_a_provider_each_month_is_as_old_as_its_own() -> None:
    """October from an export that ended on its last day, November from Cost Explorer."""
    october = stored(FIRST, 31, source="focus", hours=24)
    november_ = stored(NOV, 25, estimated_from=NOV)
    facts = {
        "focus": fetched(datetime(2026, 11, 3, tzinfo=UTC), "2026-10"),
        "cost_explorer": fetched(NOW, "2026-11"),
    }
    found = window([*october, *november_], facts)
    assert found.complete_until == november(23)
    assert found.missing == ()


def test_a_month_that_was_read_in_its_last_days_holds_nothing_back_for_ever() -> None:
    """October's export of the 31st at noon was never read again: its last day stays a part, and is said."""
    facts = {
        "focus": {
            "months": fetched(datetime(2026, 10, 31, 12, tzinfo=UTC), "2026-10")["months"]
            | fetched(NOW, "2026-11")["months"]
        }
    }
    found = window(stored(FIRST, until(november(22)), source="focus"), facts)
    assert found.complete_until == november(22)
    assert [(part.day, part.completeness.basis) for part in found.missing] == [(date(2026, 10, 31), Basis.USUAL)]


def test_a_day_that_a_source_skips_is_missing_and_not_zero() -> None:
    found = window(stored(FIRST, until(november(20)), source="focus", hours=24, without=[november(12)]), {})
    assert found.complete_until == november(20)
    assert [(part.day, part.completeness.basis) for part in found.missing] == [(november(12), Basis.NOTHING)]


def test_a_provider_that_is_used_now_and_then_has_no_holes() -> None:
    rare = [day for day in days(FIRST, 50) if day.day % 7]
    assert window(stored(FIRST, 50, source="focus", without=rare), {}).missing == ()


def test_the_months_before_the_first_stored_one_are_no_hole() -> None:
    old = stored(date(2024, 9, 1), 30, source="focus")
    found = window([*old, *stored(FIRST, 50, source="focus", without=[november(12)])], {})
    assert [part.day for part in found.missing] == [november(12)]
    assert found.first_day == FIRST


def test_a_day_from_the_future_is_a_wrong_date() -> None:
    rows = [*explorer(november(25)), *stored(date(2026, 12, 24), 1)]
    found = window(rows, {"cost_explorer": fetched(NOW, "2026-10", "2026-11", "2026-12")})
    assert (found.last_day, found.complete_until) == (november(25), november(23))


def test_a_clock_that_was_behind_is_believed_no_further_than_it_went() -> None:
    """Stamped two days too early: fewer days count as whole, none too many."""
    found = window(explorer(november(25)), {"cost_explorer": fetched(NOW - timedelta(days=2), "2026-10", "2026-11")})
    assert (found.last_day, found.complete_until) == (november(23), november(21))


def test_before_any_day_is_whole_there_is_nothing_to_compare() -> None:
    at = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    with pytest.raises(NotEnoughData, match=r"No whole day of costs is stored yet: Nov 1 is still filling\."):
        window(stored(NOV, 2, estimated_from=NOV), {"cost_explorer": fetched(at, "2026-11")})


def test_without_a_word_from_the_source_the_two_newest_days_are_parts() -> None:
    found = window(stored(FIRST, 50, estimated_from=FIRST), {})
    assert found.complete_until == november(17)
    assert [part.completeness.share for part in found.partial] == [None, None]


def test_curves_are_read_from_beside_the_months(tmp_path: Path) -> None:
    write_curves(tmp_path, "focus", {"AWS": SLOW})
    assert read_curves(tmp_path, ["focus", "cur"]) == {("focus", "AWS"): SLOW}
    assert [path.name for path in (tmp_path / "focus").iterdir()] == ["arrival.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"AWS": "{}"}', '{"AWS": 3}', '{"AWS": "{\\"ages\\": 1}"}'])
def test_a_damaged_curve_is_none(tmp_path: Path, text: str) -> None:
    write_curves(tmp_path, "focus", {"AWS": SLOW})
    (tmp_path / "focus" / "arrival.json").write_text(text)
    assert read_curves(tmp_path, ["focus"]) == {}


def test_stored_costs_use_what_was_learnt(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(day, 1.0, estimated=True) for day in days(FIRST, until(november(25)))])
    for month in ("2026-10", "2026-11"):
        facts = costs.months.facts("cost_explorer")
        noted = facts.get("months", {}) | fetched(NOW, month)["months"]
        costs.months.note_facts("cost_explorer", {"months": noted})
    assert costs.window().complete_until == november(23)
    write_curves(costs.months.folder, "cost_explorer", {"AWS": SLOW})
    assert costs.window().complete_until == november(20)


def test_which_source_answers_for_a_month(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 1.0), row(FIRST, 1.0)])
    store(costs, [full(NOV, 1.0)], "focus")
    assert costs.source_of("AWS", NOV) == "focus"
    assert costs.source_of("AWS", FIRST) == "cost_explorer"
    assert costs.source_of("Oracle", NOV) is None


def with_hours(folder: Path, hours: int) -> Path:
    """A month as a source writes it that counts hours: two rows of one day, the second with fewer."""
    path = folder / "2026-11.parquet"
    with cursor() as own:
        own.execute(
            "COPY (SELECT DATE '2026-11-01' AS date, 'AWS' AS provider, 'Usage' AS charge_category, 'full' AS cut, "
            "1.5 AS billed_cost, NULL::DOUBLE AS effective_cost, 'USD' AS currency, false AS estimated, "
            f"unnest([{hours}, 2])::SMALLINT AS hours_seen) TO '{path}' (FORMAT parquet)"
        )
    return path


def test_the_hours_of_a_day_are_those_of_its_fullest_row(tmp_path: Path) -> None:
    with cursor() as own:
        assert stored_days(own, with_hours(tmp_path, 19)) == {"AWS": (StoredDay(NOV, False, 19),)}


def test_a_month_without_hours_does_not_know_them_and_tax_is_no_usage(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 1.0), row(november(3), 9.0, charge_category="Tax", estimated=True)])
    with cursor() as own:
        path = costs.months.path("cost_explorer", NOV)
        assert stored_days(own, path) == {"AWS": (StoredDay(NOV, False, None),)}


def test_day_totals_are_the_usage_that_is_shown(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    lines = [
        row(NOV, 7.0, effective_cost=5.0),
        row(NOV, 2.0, effective_cost=None, service_name="X", estimated=True),
        row(NOV, 50.0, charge_category="Tax"),
        row(NOV, 9.0, cut="service,account", sub_account_id="1"),
        row(november(2), 3.0, provider="Microsoft"),
    ]
    store(costs, lines)
    found = day_totals(costs.months, "cost_explorer", NOV)
    assert tuple(found.columns) == COLUMNS
    shown = found[["provider", "billed_cost", "effective_cost", "estimated"]].to_numpy().tolist()
    assert shown == [["AWS", 9.0, 7.0, True], ["Microsoft", 3.0, 3.0, False]]
    assert found["hours_seen"].isna().all()


def test_day_totals_know_hours_where_they_are_stored(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    path = costs.months.path("cur", NOV)
    path.parent.mkdir(parents=True)
    with_hours(path.parent, 21)
    found = day_totals(costs.months, "cur", NOV)
    assert found[["billed_cost", "effective_cost", "hours_seen"]].to_numpy().tolist() == [[3.0, 3.0, 21]]


def test_a_month_that_is_not_stored_has_no_totals(tmp_path: Path) -> None:
    found = day_totals(CostFiles(tmp_path).months, "focus", NOV)
    assert (found.empty, tuple(found.columns)) == (True, COLUMNS)
