"""Ledgers and Cost Explorer calls for the tests of the AWS stand-in's money side."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from bot.demo.aws.cost_explorer import CostExplorer
from bot.demo.aws.ledger import Ledger, Statement
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.resources import resources

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = NOW.date()


@lru_cache(maxsize=8)
def ledger(seed: int = 7, now: datetime = NOW) -> Ledger:
    return Ledger(seed, now, resources(seed))


def statement(now: datetime = NOW) -> Statement:
    return ledger().at(now)


def explorer(now: datetime = NOW, groups_a_page: int = 5000) -> CostExplorer:
    return CostExplorer(ledger(), lambda: now, groups_a_page=groups_a_page)


def dimension(key: str) -> dict[str, str]:
    return {"Type": "DIMENSION", "Key": key}


def tag(key: str) -> dict[str, str]:
    return {"Type": "TAG", "Key": key}


def request(first: date | str = "2026-10-20", end: date | str = "2026-11-21", **more: Any) -> dict[str, Any]:
    """A GetCostAndUsage request: daily unblended cost, unless `more` says otherwise."""
    return {
        "TimePeriod": {"Start": str(first), "End": str(end)},
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost"],
        **more,
    }


def ask(params: dict[str, Any], *, account_id: str = PAYER.id, now: datetime = NOW, groups_a_page: int = 5000) -> Any:
    """All pages of GetCostAndUsage as one list of rows."""
    service, rows, token = explorer(now, groups_a_page), [], None
    while True:
        asked = params if token is None else {**params, "NextPageToken": token}
        answer = service.answer("GetCostAndUsage", asked, account_id)
        rows += answer["ResultsByTime"]
        token = answer.get("NextPageToken")
        if token is None:
            return rows


def totals(rows: Any, metric: str = "UnblendedCost") -> dict[str, float]:
    """Start of the period → dollars, over all groups."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        for part in [row["Total"], *(group["Metrics"] for group in row["Groups"])]:
            if part:
                sums[row["TimePeriod"]["Start"]] += float(part[metric]["Amount"])
    return dict(sums)


def by_group(rows: Any, metric: str = "UnblendedCost") -> dict[tuple[str, ...], float]:
    """Group keys → dollars, over all periods."""
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for row in rows:
        for group in row["Groups"]:
            sums[tuple(group["Keys"])] += float(group["Metrics"][metric]["Amount"])
    return dict(sums)


def daily(found: Statement, metric: str = "UnblendedCost", **where: object) -> Any:
    """Dollars a day of the lines whose attributes are as given."""
    rows = [all(getattr(line, name) == value for name, value in where.items()) for line in found.lines]
    return found.values[metric][np.array(rows)].sum(axis=0)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)
