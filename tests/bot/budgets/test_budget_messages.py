"""The messages of budgets as Slack gets them: golden blocks, every standing in words, limits."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.budgets import Cadence, Origin
from analysis.budgets.alerts import Level
from bot.blocks import budget_words
from bot.blocks.budget_alert import alert_reply
from bot.blocks.budget_modal import Origin as Opened
from bot.blocks.budget_modal import budget_modal
from bot.blocks.budget_report import BudgetReport, NotFollowed, card_reply, list_reply, removed_reply, set_reply
from bot.demo.slack.limits import check_message
from tests.bot.budgets.budget_factories import ec2, state

GOLDEN = Path(__file__).parents[2] / "golden" / "budgets.json"


def messages() -> dict[str, Any]:
    aws = state(
        budget=ec2(id="AWS-1F0C", label="prod & co", origin=Origin.AWS, by="", typed="prod (111122223333)",
                   remark="AWS also counts tax and support there"),
        spent=1200.0, expected=2000.0, low=1900.0, high=2100.0, chance=0.004, breach_day=None, drivers=(),
    )  # fmt: skip
    report = BudgetReport(
        states=[state(spent=5210.0, breach_day=date(2026, 11, 17), chance=1.0), aws],
        unmapped=[NotFollowed("ml <training>", "it filters by UsageType")],
        others=2,
        aws_problem="AWS refuses budgets:ViewBudget to costbot's own credentials.",
    )
    return {
        "list": list_reply(report).blocks,
        "card": card_reply(state(), may_set=True, command="/cost budget show B-1").blocks,
        "set": set_reply(ec2(), 3, actor="U0ANA", before=4000.0, state=state(), told_in=["C0COSTS"], here="C0X").blocks,
        "removed": removed_reply(ec2(), 4, actor="U0ANA").blocks,
        "alert": alert_reply(state(), Level.FORECAST_100).blocks,
        "dialog": budget_modal(Opened("C0COSTS"), "USD", "team"),
    }


def test_the_messages_are_as_they_were() -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    made = messages()
    if os.environ.get("COSTBOT_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert made == json.loads(GOLDEN.read_text("utf-8"))


def test_they_keep_slacks_limits() -> None:
    many = [state(budget=ec2(id=f"B-{n}", label="w" * 300), why="v" * 400) for n in range(40)]
    for reply in (
        list_reply(BudgetReport(many, [NotFollowed("x" * 200, "y" * 300)] * 40)),
        card_reply(many[0], may_set=True, command="/cost budget show B-1"),
        alert_reply(many[0], Level.ACTUAL_100),
    ):
        assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


UNKNOWN: dict[str, Any] = {"spent": None, "expected": None, "low": None, "high": None, "chance": None,
                           "breach_day": None, "until": None, "drivers": (), "days_gone": 0}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "news", "why"),
    [
        (
            {"spent": 5000.0, "breach_day": date(2026, 11, 18)},
            "EC2: over the November budget, $5,000 of $5,000 spent, reached on Nov 18",
            "$5,000 spent until Nov 18 (100 % of the budget, 60 % of November gone): 1.67 times an even pace.",
        ),
        (
            {"expected": 4100.0, "low": 4000.0, "high": 4200.0, "chance": 0.032, "breach_day": None},
            "EC2: November is expected to end close to its budget, about $4,100 of $5,000 (82 %)",
            "chance of ending above $5,000: 3.2 %.",
        ),
        (
            {"expected": 3000.0, "chance": 0.001, "breach_day": None},
            "EC2: on track, November is expected to end at about $3,000 of $5,000 (60 %)",
            "chance of ending above $5,000: under 1 %.",
        ),
        (
            UNKNOWN | {"why": "A forecast needs 28 days of costs; 12 are known."},
            "EC2: $5,000 a month, no forecast",
            "A forecast needs 28 days of costs; 12 are known.",
        ),
        (
            {"low": None, "high": None, "chance": None, "breach_day": None, "start": date(2026, 1, 1), "end":
             date(2027, 1, 1), "budget": ec2(cadence=Cadence.YEAR), "why": "The end is what this pace comes to."},
            "EC2: 2026 is expected to end over budget, about $6,450 of $5,000",
            "The end is what this pace comes to.",
        ),
        (
            {"unknown_days": 2},
            "EC2: November is expected to end over budget, about $6,450 of $5,000, crossed on about Nov 24",
            "Of 2 days something is missing: they count with what is expected of them, and not as spent.",
        ),
        (
            {"days_gone": 0, "spent": 0.0},
            "EC2: November is expected to end over budget, about $6,450 of $5,000, crossed on about Nov 24",
            "No day of November is complete yet.",
        ),
        (
            {"budget": ec2(cadence=Cadence.QUARTER), "start": date(2026, 10, 1), "end": date(2027, 1, 1),
             "breach_day": date(2026, 12, 24)},
            "EC2: Q4 2026 is expected to end over budget, about $6,450 of $5,000, crossed on about Dec 24",
            "$3,820 spent until Nov 18 (76 % of the budget, 20 % of Q4 2026 gone): 3.90 times an even pace.",
        ),
    ],
)  # fmt: skip
def test_every_standing_is_said_with_its_number_first_and_then_why(
    changed: dict[str, Any], news: str, why: str
) -> None:
    found = state(**changed)

    assert budget_words.headline(found) == news
    assert why in " ".join(budget_words.details(found))
