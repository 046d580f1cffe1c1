"""One made-up bill, as a billing export and as Cost Explorer's cuts have it, and the command that reads it."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.costs import Cut
from bot.commands import Reply, Request
from bot.commands.allocation import allocation
from bot.cost_files import CostFiles
from bot.settings import Settings
from bot.workflows.read_account_tags import FACT
from tests.bot.costs.cost_factories import EC2, NOW, S3, FakeClock, full, row

PROD, DATA, SANDBOX = "111122223333", "777788889999", "222233334444"
NAMES = {PROD: "prod", DATA: "data-platform", SANDBOX: "sandbox"}
OCT = date(2026, 10, 5)


@dataclass(frozen=True)
class Line:
    """One charge of a day."""

    cost: float
    team: str = ""
    account: str = PROD
    service: str = EC2
    usage: str = "BoxUsage:m5.large"
    category: str = "Usage"
    day: date = OCT
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_tags(self) -> dict[str, str]:
        return {"team": self.team, **self.tags}


def export(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as a billing export has them."""
    return [
        full(
            line.day,
            line.cost,
            service_name=line.service,
            sub_account_id=line.account,
            sub_account_name=NAMES.get(line.account),
            usage_type=line.usage,
            charge_category=line.category,
            tags=line.all_tags,
        )
        for line in lines
    ]


def cuts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as Cost Explorer's cuts have them: the same dollars once per cut."""
    found = []
    for line in lines:
        service = {"service_name": line.service}
        found.append(row(line.day, line.cost, **service, charge_category=line.category))
        if line.category != "Usage":
            continue
        account = {"sub_account_id": line.account, "sub_account_name": NAMES.get(line.account)}
        usage = {"usage_type": line.usage}
        found += [
            row(line.day, line.cost, cut=Cut.ACCOUNT.value, **service, **account),
            row(line.day, line.cost, cut=Cut.USAGE_TYPE.value, **service, **usage),
            row(line.day, line.cost, cut=Cut.ACCOUNT_USAGE_TYPE.value, service_name=None, **account, **usage),
            row(line.day, line.cost, cut=Cut.REGION.value, **service, region_id="us-east-1"),
        ]
        for key, value in line.all_tags.items():
            found.append(row(line.day, line.cost, cut=Cut.TAG.value, **service, tag_key=key, tag_value=value))
    return found


@dataclass
class Facts:
    """A store of small facts."""

    kept: dict[str, str] = field(default_factory=dict)

    def recall(self, key: str) -> str | None:
        return self.kept.get(key)

    def remember(self, key: str, value: str, now: datetime) -> None:
        self.kept[key] = value


def account_facts(problem: str | None = None, **tags: Mapping[str, str]) -> Facts:
    """What the job noted of accounts; `prod={"team": "x"}`, `data=…`, `sandbox=…`."""
    by_id = {{"prod": PROD, "data": DATA, "sandbox": SANDBOX}[name]: dict(own) for name, own in tags.items()}
    return Facts({FACT: json.dumps({"at": NOW.isoformat(), "tags": by_id, "problem": problem})})


def bot(data_dir: Path, facts: Facts | None = None, *, now: datetime = NOW, **settings: Any) -> Any:
    """A bot's context of real cost files and settings, and fakes for the rest."""
    return types.SimpleNamespace(
        clock=FakeClock(now),
        costs=CostFiles(data_dir),
        settings=Settings(data_dir=data_dir, **settings),
        store=facts or account_facts(),
    )


def ask(data_dir: Path, words: str = "", facts: Facts | None = None, **changed: Any) -> Reply:
    """What `/cost allocation <words>` answers."""
    request = Request("allocation", tuple(words.split()), "U0BEN", "C0COSTS")
    return allocation.answer(request, bot(data_dir, facts, **changed))


def table(reply: Reply) -> dict[str, dict[str, str]]:
    """The message's table: owner → column → cell."""
    rows = next((block["rows"] for block in reply.blocks if block["type"] == "table"), [])
    texts = [[cell["text"] for cell in cells] for cells in rows]
    return {line[0]: dict(zip(texts[0], line, strict=True)) for line in texts[1:]}


def totals(reply: Reply) -> dict[str, str]:
    return {owner: cells["Total"] for owner, cells in table(reply).items()}


__all__ = ["DATA", "EC2", "NOW", "OCT", "PROD", "S3", "SANDBOX", "Facts", "Line", "account_facts", "ask", "bot", "cuts",
           "export", "table", "totals"]  # fmt: skip
