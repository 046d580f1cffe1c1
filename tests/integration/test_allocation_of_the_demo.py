"""Allocation end to end: the stand-in's Cost Explorer and Organizations over HTTP, and a message that is the bill."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.aws import Aws
from bot.commands import Request
from bot.commands.allocation import allocation
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.organisation import ACCOUNT_TAGS
from bot.demo.aws.server import AwsStandIn
from bot.jobs import jobs
from bot.settings import Settings
from bot.store import Store
from bot.work import Work
from bot.workflows.read_account_tags import AccountTags, recall
from bot.workflows.read_account_tags import refresh as read_tags
from bot.workflows.refresh_costs import refresh
from tests.bot.allocation.allocation_bills import table

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def today(self, zone: Any = None) -> date:
        return self.time.date()


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsStandIn]:
    stand_in = AwsStandIn(clock=MovedClock(), inventory=False)  # type: ignore[arg-type]
    stand_in.start()
    stand_in.wait_until_seeded(60)
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module", autouse=True)
def environment(aws: AwsStandIn) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            patch.setenv(name, value)
        yield


@contextmanager
def made(aws: AwsStandIn, folder: Path) -> Iterator[Context]:
    """A bot at `START` over a folder."""
    clock: Any = aws.clock
    clock.time = START
    aws.calls.clear()
    store = Store(folder / "costbot.db")
    settings = Settings(data_dir=folder, history_days=60, tag_keys=("team", "env"))
    yield Context(settings, clock, store, CostFiles(folder), Aws(settings), Work())
    store.close()
    aws.faults.clear()


@pytest.fixture
def bot(aws: AwsStandIn, tmp_path: Path) -> Iterator[Context]:
    with made(aws, tmp_path) as bot:
        yield bot


@pytest.fixture(scope="module")
def stored(aws: AwsStandIn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a bot after its first refresh."""
    folder = tmp_path_factory.mktemp("stored")
    with made(aws, folder) as bot:
        assert refresh(bot).error is None
    return folder


@pytest.fixture
def refreshed(aws: AwsStandIn, stored: Path, tmp_path: Path) -> Iterator[Context]:
    """A bot of its own that goes on after the first refresh."""
    shutil.copytree(stored, tmp_path, dirs_exist_ok=True)
    with made(aws, tmp_path) as bot:
        yield bot


def asked(aws: AwsStandIn) -> int:
    calls = (call for call in aws.calls.shown() if call["operation"] == "ListTagsForResource")
    return sum(call["count"] for call in calls)


def test_the_tags_of_all_accounts_are_read_once_a_day(aws: AwsStandIn, bot: Context) -> None:
    assert recall(bot.store) == AccountTags()
    assert read_tags(bot) == recall(bot.store) == AccountTags(ACCOUNT_TAGS, START, None)
    assert asked(aws) == len(ACCOUNT_TAGS)
    bot.clock.time += timedelta(hours=23)  # type: ignore[attr-defined]
    jobs()["account_tags"].run(bot, START)
    assert asked(aws) == len(ACCOUNT_TAGS)
    bot.clock.time += timedelta(hours=1)  # type: ignore[attr-defined]
    jobs()["account_tags"].run(bot, START)
    assert asked(aws) == 2 * len(ACCOUNT_TAGS)


def test_a_refusal_is_kept_with_the_tags_there_were_and_asked_again(aws: AwsStandIn, bot: Context) -> None:
    read_tags(bot)
    bot.clock.time += timedelta(days=1)  # type: ignore[attr-defined]
    aws.faults.add(Fault("organizations", Failure.ACCESS_DENIED, "ListTagsForResource"))
    refused = read_tags(bot)
    assert refused.tags == ACCOUNT_TAGS
    assert "AWS refuses organizations:ListTagsForResource to costbot's own credentials." in str(refused.problem)
    assert asked(aws) == len(ACCOUNT_TAGS) + 1
    aws.faults.clear()
    assert read_tags(bot).problem is None


def test_an_account_that_is_not_of_the_organisation_has_no_tags(bot: Context) -> None:
    settings = Settings(data_dir=bot.settings.data_dir, accounts=("777788889999", "999999999999"))
    other = Context(settings, bot.clock, bot.store, bot.costs, Aws(settings), bot.work)
    assert read_tags(other) == AccountTags({"777788889999": ACCOUNT_TAGS["777788889999"]}, START, None)


def bill(aws: AwsStandIn, start: date, end: date) -> float:
    """The stand-in's own total of a period, without any grouping."""
    asked_for: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["NetAmortizedCost"],
    }
    rows = aws.cost_explorer.answer("GetCostAndUsage", asked_for, "123456789012")["ResultsByTime"]
    return sum(float(row["Total"]["NetAmortizedCost"]["Amount"]) for row in rows)


def test_every_grouping_shows_the_bill_of_the_month(aws: AwsStandIn, refreshed: Context) -> None:
    bot = refreshed
    read_tags(bot)
    aws.calls.clear()
    expected = f"${bill(aws, date(2026, 10, 1), date(2026, 11, 1)):,.2f}"
    for by in ("team", "env", "owner", "category"):
        reply = allocation.answer(Request("allocation", ("--by", by), "U0BEN", "C0COSTS"), bot)
        assert reply.text.startswith(f"October: {expected}")
        assert table(reply)["Total"]["Total"] == expected
    assert aws.calls.shown() == []


def test_the_owner_of_an_account_owns_what_has_no_tag(refreshed: Context) -> None:
    bot = refreshed
    before = table(allocation.answer(Request("allocation", (), "U0BEN", "C0COSTS"), bot))
    read_tags(bot)
    after = table(allocation.answer(Request("allocation", (), "U0BEN", "C0COSTS"), bot))
    assert "Untagged" not in before["data"]
    assert after["data"]["Untagged"].startswith("$")
    assert after["Total"]["Direct"] == before["Total"]["Direct"]
    assert after["unallocated"]["Total"].startswith("≈ $")
