"""Rows, months and fakes for tests of stored costs."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.charges import charge_of
from bot.commands import Reply, Request
from bot.commands.trend import trend
from bot.cost_files import CostFiles
from bot.settings import CostView, FileEngine
from bot.spending import Spending
from bot.store import Observation, Restatement, Store

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
EC2 = "Amazon Elastic Compute Cloud - Compute"
EC2_OTHER = "EC2 - Other"
S3 = "Amazon Simple Storage Service"


def row(day: date | str, cost: float, **changed: Any) -> dict[str, Any]:
    """A usage row of the cut CHARGE; billed and effective are the same unless changed."""
    return {
        "date": pd.Timestamp(day),
        "cut": Cut.CHARGE.value,
        "provider": "AWS",
        "charge_category": "Usage",
        "service_name": S3,
        "billed_cost": cost,
        "effective_cost": cost,
        "currency": "USD",
        "estimated": False,
    } | changed


def full(day: date | str, cost: float, **changed: Any) -> dict[str, Any]:
    """A usage row of a billing export."""
    known = {
        "cut": Cut.FULL.value,
        "sub_account_id": "111122223333",
        "region_id": "us-east-1",
        "usage_type": "TimedStorage-ByteHrs",
        "tags": {"team": ""},
        "billing_account_id": "123456789012",
    }
    return row(day, cost, **(known | changed))


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(count)]


def store(costs: CostFiles, rows: Iterable[dict[str, Any]], source: str = "cost_explorer") -> None:
    """Store rows in the months of their days."""
    frame = DataFrame(list(rows))
    for month, part in frame.groupby(frame["date"].dt.strftime("%Y-%m-01")):
        costs.replace_month(source, date.fromisoformat(str(month)), part)


@dataclass
class FakeStore:
    """Records what is noted about sources and their days."""

    health: list[tuple[Any, ...]] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    restated: list[Restatement] = field(default_factory=list)

    def note_source(self, *facts: Any) -> None:
        self.health.append(facts)

    def note_observations(self, seen: Iterable[Observation], restated: Iterable[Restatement], now: datetime) -> None:
        self.seen += seen
        self.restated += restated

    def observations(self, source: str) -> list[Observation]:
        return [one for one in self.seen if one.source == source]

    def restatements(self, since: datetime, source: str | None = None) -> list[Restatement]:
        return [one for one in self.restated if one.noted_at >= since and source in (one.source, None)]


@dataclass
class FakeClock:
    """A clock that tests move."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    def today(self) -> date:
        return self.time.date()


class RecordingStore(Store):
    """A real store that also remembers what was noted about sources."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.health: list[tuple[Any, ...]] = []

    def note_source(self, *facts: Any) -> None:
        self.health.append(facts)
        super().note_source(*facts)


@dataclass
class Metered:
    """A fake Cost Explorer whose calls are booked as those of a real client."""

    explorer: Any
    meter: Any

    def get_cost_and_usage(self, **asked: Any) -> Any:
        booking = self.meter.book(charge_of("ce", "GetCostAndUsage", asked))
        try:
            return self.explorer.get_cost_and_usage(**asked)
        except Exception:
            self.meter.take_back(booking)
            raise


@dataclass
class FakeAws:
    """Hands out one Cost Explorer client."""

    explorer: Any = None
    meter: Any = None

    def client(self, service: str, **_: Any) -> Any:
        assert service == "ce"
        return Metered(self.explorer, self.meter)

    def caller_account(self) -> str:
        return "123456789012"


def context(data_dir: Path, *, explorer: Any = None, now: datetime = NOW, **settings: Any) -> Any:
    """A bot's context of real cost files and fakes for the rest; with an `explorer`, its store is real too."""
    restated = list(settings.pop("restated", ()))
    chosen: dict[str, Any] = {"tag_keys": ("team",), "history_days": 40, "cost_view": CostView.EFFECTIVE}
    chosen |= {
        "detail_months": 3,
        "engine": FileEngine.DUCKDB,
        "exports": (),
        "cost_explorer": True,
        "ce_requests_a_day": 12,
        "monthly_api_cap": 20.0,
    } | settings
    clock, its_settings = FakeClock(now), types.SimpleNamespace(**chosen)
    store = RecordingStore(data_dir / "costbot.db") if explorer is not None else FakeStore(restated=restated)
    return types.SimpleNamespace(
        clock=clock,
        costs=CostFiles(data_dir),
        settings=its_settings,
        aws=FakeAws(explorer, Spending(store, its_settings, clock.now)),  # type: ignore[arg-type]
        store=store,
    )


def ask(data_dir: Path, words: str = "", *, now: datetime = NOW, **settings: Any) -> Reply:
    """What `/cost trend <words>` answers."""
    return trend.answer(
        Request("trend", tuple(words.split()), "U0BEN", "C0COSTS"), context(data_dir, now=now, **settings)
    )


def texts(reply: Reply) -> str:
    """All text of a reply's blocks, tables included."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(str(node[key]) for key in ("text", "title", "name") if isinstance(node.get(key), str))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(reply.blocks)
    return "\n".join(found)


def blocks(reply: Reply, kind: str) -> list[dict[str, Any]]:
    return [block for block in reply.blocks if block["type"] == kind]
