"""Stored costs, budgets and their states for the tests of budgets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from analysis.budgets import Budget, BudgetState, Cadence, Driver, Part
from analysis.models import Chart, Series
from bot.commands import Reply, Request
from bot.commands.budget import budget
from bot.context import Context
from bot.cost_files import CostFiles
from bot.words.flags import split
from tests.bot.decisions_factories import context as made_context


def made(tmp_path: Path, stored: Path, **settings: Any) -> Context:
    """A bot whose costs are shared with other tests and whose store is its own."""
    return made_context(tmp_path, settings={"data_dir": stored, **settings}, costs=CostFiles(stored))


def ask(context: Context, words: str = "", user: str = "U0BEN", trigger_id: str | None = None) -> Reply:
    """What `/cost budget <words>` answers."""
    return budget.answer(Request("budget", split(words), user, "C0COSTS", trigger_id), context)


def ec2(**changed: Any) -> Budget:
    values: dict[str, Any] = {
        "id": "B-1", "label": "EC2", "amount": 5000.0, "currency": "USD", "cadence": Cadence.MONTH,
        "scope": (Part("service", ("ec2",)),), "typed": "--service ec2", "by": "U0ANA", "channel": "C0COSTS",
    }  # fmt: skip
    return Budget(**(values | changed))


def state(**changed: Any) -> BudgetState:
    """Eighteen days of November are in, at a pace that goes over."""
    picture = Chart(
        "Spent, then expected: EC2",
        ("Nov 1", "Nov 18", "Nov 30"),
        (
            Series("Spent, then expected", (210.0, 3820.0, 6450.0)),
            Series("Even plan", (166.67, 3000.0, 5000.0)),
            Series("Budget", (5000.0, 5000.0, 5000.0)),
        ),
    )
    values: dict[str, Any] = {
        "budget": ec2(), "start": date(2026, 11, 1), "end": date(2026, 12, 1), "until": date(2026, 11, 18),
        "view": "effective", "spent": 3820.0, "days_gone": 18, "expected": 6450.0, "low": 6100.0, "high": 6800.0,
        "low95": 5900.0, "high95": 7050.0, "chance": 0.9999, "breach_day": date(2026, 11, 24),
        "drivers": (Driver("NAT gateway traffic", 20.0, 61.0), Driver("m5.large", 150.0, 144.5)),
        "compared": "Oct 1–18", "chart": picture,
    }  # fmt: skip
    return BudgetState(**(values | changed))
