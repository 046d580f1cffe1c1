"""Where a month ends is one figure: whoever tells it counts the same known changes and the same missing days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.blocks.elements import money
from bot.budgets import budget_states, known_budget_states
from bot.budgets.think import think
from bot.commands import Reply, Request
from bot.commands.forecast import forecast
from bot.context import Context
from bot.cost_files import CostFiles
from bot.reports.gather import gather_report
from bot.reports.scope import Length, Scope
from bot.words.flags import split
from bot.workflows.month_end import computed_month_end, known_month_end
from bot.workflows.send_digest import gather_digest
from tests.bot.budgets.budget_factories import ask as ask_budget
from tests.bot.budgets.budget_factories import made
from tests.bot.forecast.forecast_factories import bill

ADD = "known add ec2 -$90/day from 2026-11-22"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("costs")
    bill(120).store(CostFiles(folder))
    return folder


@pytest.fixture
def context(tmp_path: Path, stored: Path) -> Context:
    found = made(tmp_path, stored)
    for words in ("set 9000", "set 8000 --service ec2", "set 25000 --service ec2 --period quarter", "set 900 s3"):
        ask_budget(found, words)
    return found


def ask(context: Context, words: str) -> Reply:
    return forecast.answer(Request("forecast", split(words), "U0ANA", "C0COSTS"), context)


def ends(context: Context) -> dict[str, float]:
    """The expected end by budget."""
    return {state.budget.id: state.expected or 0.0 for state in budget_states(context)}


def test_everybody_tells_the_same_end_of_a_month_with_a_known_change(context: Context) -> None:
    before = ends(context)
    ask(context, ADD)

    after = ends(context)
    shown = money(after["B-1"], "USD")
    window = context.costs.window()
    report = gather_report(context, Scope(), Length.WEEK)
    home, digest = computed_month_end(context, window), gather_digest(context).summary.month_end
    assert after["B-1"] == pytest.approx(before["B-1"] - 9 * 90, rel=0.01), "nine days of November are moved"
    assert f"at about {shown}" in ask(context, "").text
    assert f"November ends at {shown};" in report.section("forecast").lines[0]
    assert "It counts the known change K-1." in report.section("forecast").lines
    assert home is not None
    assert digest is not None
    assert home.mean == pytest.approx(after["B-1"])
    assert digest.mean == pytest.approx(after["B-1"])


def test_a_budget_counts_what_falls_into_it_alone_and_says_so(context: Context) -> None:
    before = ends(context)
    ask(context, ADD)

    after = ends(context)
    known = {state.budget.id: state.known for state in budget_states(context)}
    assert f"at about {money(after['B-2'], 'USD')}" in ask(context, "ec2").text
    assert after["B-3"] == pytest.approx(before["B-3"] - 40 * 90, rel=0.02), "forty days of the quarter are moved"
    assert after["B-4"] == before["B-4"]
    assert known == {"B-1": ("K-1",), "B-2": ("K-1",), "B-3": ("K-1",), "B-4": ()}
    assert (
        "The expected end counts the known change K-1: `/cost forecast known`." in ask_budget(context, "show B-2").text
    )


def test_a_change_that_is_told_or_taken_back_makes_what_is_kept_old(context: Context) -> None:
    before, window = ends(context), context.costs.window()
    computed_month_end(context, window)
    ask(context, ADD)
    assert known_budget_states(context) is None
    assert known_month_end(context, window) is None

    ends(context)
    ask(context, "known remove K-1")
    assert known_budget_states(context) is None
    assert ends(context) == before


def test_what_changes_while_budgets_are_worked_out_is_not_taken_for_known(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*asked: Any) -> Any:
        found = think(*asked)
        ask(context, ADD)
        return found

    monkeypatch.setattr("bot.budgets.kept.think", slow)
    ask_budget(context, "set 9500")
    assert known_budget_states(context) is None, "these figures are without the change"


def test_a_day_that_is_missing_counts_with_what_is_expected_of_it_everywhere(context: Context, tmp_path: Path) -> None:
    lost = pd.Timestamp("2026-11-10")
    holed = bill(120)
    holed.rows = [row for row in holed.rows if row["date"] != lost]
    holed.store(CostFiles(tmp_path / "holed"))
    whole, bot = ends(context)["B-1"], made(tmp_path / "holed", tmp_path / "holed")
    ask_budget(bot, "set 9000")

    end, window = ends(bot)["B-1"], bot.costs.window()
    report, home = gather_report(bot, Scope(), Length.WEEK), computed_month_end(bot, window)
    digest = gather_digest(bot).summary.month_end
    assert [part.day for part in window.missing] == [lost.date()]
    assert end == pytest.approx(whole, rel=0.005), "a day is 3.6 % of the month"
    assert f"November ends at {money(end, 'USD')};" in report.section("forecast").lines[0]
    assert f"at about {money(end, 'USD')}" in ask(bot, "").text
    assert home is not None
    assert digest is not None
    assert (home.mean, digest.mean) == pytest.approx((end, end))
