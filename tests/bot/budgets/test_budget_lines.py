"""Budgets beside other news: the digest's month to date, and the Home tab before and after they are computed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.budgets import BudgetState, Part
from bot.blocks.budget_lines import against_budget, home_budgets
from bot.cost_files import CostFiles
from bot.listeners.home import answer_opened
from bot.workflows.send_digest import digest_reply
from tests.bot.budgets.budget_factories import ask, ec2, made, state
from tests.bot.costs.cost_factories import texts
from tests.bot.decisions_factories import slack_of
from tests.bot.forecast.forecast_factories import bill

EVERYTHING = ec2(id="B-2", label="All costs", amount=9000.0, scope=(), typed="")
HOLDS: dict[str, Any] = {"expected": 3000.0, "chance": 0.0, "breach_day": None}


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], []),
        ([state(**HOLDS)], ["the one budget holds: `/cost budget`"]),
        ([state(expected=None)], ["1 budget: 1 without a forecast: `/cost budget`"]),
        (
            [state(expected=None), state(**HOLDS)],
            ["2 budgets: 1 on track, 1 without a forecast: `/cost budget`"],
        ),
        ([state()], ["1 budget over or expected to be: `/cost budget`"]),
        ([state(), state(**HOLDS)], ["1 of 2 budgets over or expected to be: `/cost budget`"]),
        ([state(budget=EVERYTHING, **HOLDS)], ["42 % of the budget of $9,000, 60 % of days gone"]),
        (
            [state(), state(budget=EVERYTHING, spent=9100.0)],
            [
                "101 % of the budget of $9,000, 60 % of days gone",
                "1 other budget over or expected to be: `/cost budget`",
            ],
        ),
        (
            [state(), state(), state(budget=EVERYTHING, **HOLDS)],
            [
                "42 % of the budget of $9,000, 60 % of days gone",
                "2 of 2 other budgets over or expected to be: `/cost budget`",
            ],
        ),
        (
            [state(budget=EVERYTHING, start=date(2026, 12, 1), end=date(2027, 1, 1), **HOLDS)],
            ["the one budget holds: `/cost budget`"],
        ),
    ],
)
def test_the_month_to_date_stands_against_its_budget(states: list[BudgetState], said: list[str]) -> None:
    assert against_budget(states, date(2026, 11, 1)) == said


def test_of_a_team_only_its_own_budgets_are_told() -> None:
    of_team = ec2(id="B-3", label="team data", scope=(Part("tag:team", ("data",)),), amount=4000.0)

    said = against_budget([state(), state(budget=of_team)], date(2026, 11, 1), {"tag:team": "data"})

    assert said == ["96 % of the budget of $4,000, 60 % of days gone"]
    assert against_budget([state()], date(2026, 11, 1), {"tag:team": "data"}) == []


def test_the_home_tab_names_the_gravest_and_counts_the_rest() -> None:
    (block,) = home_budgets([state()] * 5 + [state(**HOLDS)])

    lines = block["text"]["text"].split("\n")
    assert lines[0] == "*6 budgets: 5 expected to go over, 1 on track*"
    assert lines[-1] == "• and 3 more: `/cost budget`"
    assert home_budgets([]) == ()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("costs")
    bill(60).store(CostFiles(folder))
    return folder


def test_the_digest_says_it(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored)
    ask(bot, "set 6000")

    assert "86 % of the budget of $6,000, 63 % of days gone" in texts(digest_reply(bot, in_channel=False))


def test_the_home_tab_is_there_before_budgets_are_computed(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored)
    bot.store.budgets.set(ec2(id=""), actor="U0ANA", now=bot.clock.now(), channel=None)

    answer_opened(bot, "U0BEN")

    first, second = (str(call["view"]) for call in slack_of(bot).of("publish_home"))
    assert "1 budget" not in first
    assert "1 budget: 1 expected to go over" in second
