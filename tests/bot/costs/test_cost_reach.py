"""How far queries reach: what lags never looks like a cost of nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cost_files import CostFiles
from bot.cost_files.reach import NEVER, Reach, in_common, read_reaches
from bot.workflows.refresh_costs import refresh
from tests.bot.costs.cost_factories import ask, context, days, full, row, store, texts
from tests.bot.costs.fake_explorer import FakeExplorer, charge

ASKED = datetime(2026, 11, 24, 10, tzinfo=UTC)


def reach(**changed: Any) -> Reach:
    known: dict[str, Any] = {
        "first": date(2026, 10, 1),
        "until": date(2026, 11, 25),
        "open_from": date(2026, 11, 14),
        "complete_until": date(2026, 11, 22),
        "asked_at": ASKED,
    }
    return Reach(**(known | changed))


def stored(tmp_path: Path, **reaches: Reach) -> CostFiles:
    """Every cut of two months, with what was noted about some of them."""
    costs = CostFiles(tmp_path)
    rows = [row(day, 10.0) for day in days(date(2026, 10, 1), 54)]
    rows += [row(day, 10.0, cut="service,account", sub_account_id="1") for day in days(date(2026, 10, 1), 54)]
    rows += [
        row(day, 10.0, cut="service,tag", tag_key="team", tag_value="payments") for day in days(date(2026, 10, 1), 54)
    ]
    store(costs, rows)
    names = {"charge": "charge,service", "account": "service,account", "team": "service,tag:team"}
    noted = {names[name]: known.as_facts() for name, known in reaches.items()}
    months = {"2026-11": {"fetched_at": ASKED.isoformat()}}
    costs.months.note_facts("cost_explorer", {"queries": noted, "months": months})
    return costs


def test_reaches_are_read_as_they_were_written() -> None:
    known = {"a": reach(), "b": reach(asked_at=NEVER, older=(date(2026, 4, 1), date(2026, 5, 3)))}
    assert read_reaches({"queries": {name: one.as_facts() for name, one in known.items()}}) == known


def test_nothing_noted_limits_nothing(tmp_path: Path) -> None:
    costs = stored(tmp_path)
    assert costs.window() == costs.window(by=("tag:team",))
    assert costs.window().first_day == date(2026, 10, 1)


def test_a_tag_that_lags_ends_the_questions_that_name_it_and_no_other(tmp_path: Path) -> None:
    lagging = reach(until=date(2026, 11, 23), complete_until=date(2026, 11, 20), asked_at=ASKED - timedelta(days=2))
    costs = stored(tmp_path, charge=reach(), account=reach(), team=lagging)
    assert (costs.window().complete_until, costs.window().note) == (date(2026, 11, 23), None)
    window = costs.window(by=("tag:team",))
    assert (window.complete_until, window.last_day) == (date(2026, 11, 20), date(2026, 11, 22))
    assert window.note == (
        "Costs by tag team are complete until Nov 20 only: Cost Explorer was not asked for them since."
    )


def test_a_cut_that_lags_ends_every_question(tmp_path: Path) -> None:
    lagging = reach(until=date(2026, 11, 24), complete_until=date(2026, 11, 21), asked_at=ASKED - timedelta(days=1))
    costs = stored(tmp_path, charge=reach(), account=lagging)
    assert costs.window().complete_until == date(2026, 11, 21)


def test_history_that_only_some_cuts_have_is_not_there_yet(tmp_path: Path) -> None:
    costs = stored(tmp_path, charge=reach(), account=reach(first=date(2026, 11, 1)))
    assert costs.window().first_day == date(2026, 11, 1)


def test_days_of_an_export_are_not_cut_off_by_what_cost_explorer_reached_once(tmp_path: Path) -> None:
    old = reach(until=date(2026, 11, 25), complete_until=date(2026, 11, 22))
    costs = stored(tmp_path, charge=old, account=old)
    store(costs, [full(day, 1.0) for day in days(date(2026, 12, 1), 20)], source="focus")
    window = costs.window()
    assert (window.first_day, window.last_day) == (date(2026, 10, 1), date(2026, 12, 20))


def test_what_all_queries_have_in_common_ends_where_one_that_lags_still_changes() -> None:
    bill = reach()
    assert in_common({"charge,service": bill, "b": reach(first=date(2026, 11, 3))}) == (
        date(2026, 11, 3),
        date(2026, 11, 25),
    )
    lagging = reach(until=date(2026, 11, 20), open_from=date(2026, 11, 10), asked_at=ASKED - timedelta(days=5))
    assert in_common({"charge,service": bill, "b": lagging}) == (date(2026, 10, 1), date(2026, 11, 10))
    assert in_common({}) is None
    assert in_common({"charge,service": bill, "b": reach(first=date(2026, 11, 25))}) is None


def test_notes_of_the_first_version_are_understood() -> None:
    month = {"cuts": ["charge,service", "service,tag:team"], "fetched_at": ASKED.isoformat(), "open_from": None}
    facts = {
        "months": {
            "2026-09": month | {"from": "2026-09-01", "until": "2026-10-01", "cuts": ["charge,service"]},
            "2026-10": month | {"from": "2026-10-01", "until": "2026-11-01"},
            "2026-11": month | {"from": "2026-11-01", "until": "2026-11-25", "open_from": "2026-11-14"},
        }
    }
    assert read_reaches(facts) == {
        "charge,service": reach(first=date(2026, 9, 1)),
        "service,tag:team": reach(),
    }


def test_a_data_directory_of_the_first_version_goes_on_where_it_was(tmp_path: Path) -> None:
    aws = FakeExplorer([charge(day, 10.0) for day in days(date(2026, 10, 15), 42)])
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    facts = bot.costs.months.facts("cost_explorer")
    del facts["queries"]
    bot.costs.months.note_facts("cost_explorer", facts)
    assert refresh(bot).requests == 0
    bot.clock.time += timedelta(days=1)
    aws.requests.clear()
    refresh(bot)
    assert {asked["TimePeriod"]["Start"] for asked in aws.requests} == {"2026-11-01", "2026-11-14"}


def test_trend_by_a_tag_that_lags_ends_where_it_ends_and_says_why(tmp_path: Path) -> None:
    aws = FakeExplorer([charge(day, 10.0) for day in days(date(2026, 10, 15), 46)])
    bot = context(tmp_path, explorer=aws, tag_keys=("team", "env"), ce_requests_a_day=8)
    refresh(bot, history=False)
    bot.clock.time += timedelta(days=3)
    bot.settings.ce_requests_a_day = 6
    refresh(bot, history=False)
    by_team = ask(tmp_path, "--by tag:team --days 14", now=bot.clock.time, tag_keys=("team", "env"))
    assert "steady at $10.00/day" in by_team.text
    assert "Data until Nov 22" in by_team.text
    assert "Costs by tag team are complete until Nov 22 only" in texts(by_team)
    by_service = ask(tmp_path, "--days 14", now=bot.clock.time)
    assert "Data until Nov 26" in by_service.text
