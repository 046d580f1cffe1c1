"""`/cost status`: the verdict first, each thing once, in a channel and in a terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.blocks.digest import MissingSource
from bot.blocks.status_report import Status, sources_reply, status_reply
from bot.commands import Request
from bot.commands.status import status
from bot.context import Context
from bot.data_lock import sole_owner
from bot.demo.slack.limits import check_message
from bot.errors import UsageError
from bot.spending import Standing
from bot.store import SourceHealth
from bot.store.watch import JobRecord
from bot.terminal import render
from bot.watch import verdicts
from bot.watch.facts import AccountAge, ChannelProblem, Disk
from bot.watch.judge import judge
from bot.workflows.send_digest import gather_digest
from tests import forked
from tests.bot.decisions_factories import NOW, clock_of
from tests.bot.watch.test_judge import failed
from tests.bot.watch.watch_factories import FEED, SCAN, WINDOW, facts, job, run, running

OLD = date(2026, 11, 12)
GOLDEN = Path(__file__).parents[2] / "golden"


def well() -> Status:
    health = (SourceHealth("cost_explorer", None, None, True, "", NOW, NOW - timedelta(minutes=70), NOW),)
    accounts = (
        AccountAge("111122223333", "prod", date(2026, 11, 18)),
        AccountAge("444455556666", "<!channel>", date(2026, 11, 3)),
    )
    given = facts(health=health, accounts=accounts)
    return Status(given, judge(given), "0.1.0", "/cost status")


def worst() -> Status:
    """Everything that can be wrong while it runs."""
    given = facts(
        jobs=(failed(3), job(SCAN, next_at=None)),
        window=replace(WINDOW, complete_until=OLD, feeds=(replace(FEED, last=OLD, complete_until=OLD),)),
        stale=("The last complete day is 8 days ago", "`costbot doctor` says why no newer ones come."),
        missing=tuple(MissingSource(f"EC2 of <!here> {n}", "No <right>.", NOW, f"ec2.{n}") for n in range(9)),
        channels=(ChannelProblem("C0COSTS", "The channel <#C0COSTS> is archived. Unarchive it.", True, NOW),),
        disk=Disk(20_000_000_000, 30_000_000, 312_000_000),
        standing=Standing(12, 12, 20.0, 20.0),
    )
    return Status(given, judge(given), "0.1.0", "/cost status")


@pytest.mark.parametrize(("name", "made"), [("status", well), ("status_worst", worst)])
def test_the_answer_is_what_it_was(name: str, made) -> None:  # type: ignore[no-untyped-def]
    """After a wanted change COSTBOT_GOLDEN=1 writes the new blocks; look at the difference."""
    reply = status_reply(made())
    assert check_message({"channel": "C0COSTS", "text": reply.text, "blocks": reply.blocks}) == []
    path = GOLDEN / f"{name}.json"
    if os.environ.get("COSTBOT_GOLDEN"):
        path.write_text(json.dumps([reply.text, reply.blocks], indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert json.loads(path.read_text("utf-8")) == [reply.text, reply.blocks]


def test_what_a_verdict_says_is_not_said_again() -> None:
    text = render(status_reply(worst()))
    for once in ("days ago", "on AWS calls", "$20.00", "30 MB", "archived", "No ce:GetCostAndUsage"):
        assert text.count(once) == 1, once


@pytest.mark.parametrize(("broke_off", "told"), [(False, "runs for 2 h"), (True, "broke off, began 2 h ago")])
def test_a_run_that_broke_off_does_not_run(broke_off: bool, told: str) -> None:
    last = replace(run(), finished_at=None, broke_off=broke_off)
    given = facts(jobs=(job(record=JobRecord(last, None, 0, 1, 0)),))
    assert told in render(status_reply(Status(given, [], "0.1.0", "/cost status")))


def test_sources_are_told_by_account_failing_ones_first() -> None:
    health = [
        SourceHealth("ec2", "111122223333", region, ok, "", NOW, NOW, NOW - timedelta(hours=3) if ok else None)
        for region, ok in (("eu-west-1", True), ("us-east-1", True))
    ] + [SourceHealth("cloudwatch", "444455556666", None, False, "No.", NOW - timedelta(days=2), NOW, None)]
    given = facts(health=tuple(health), accounts=(AccountAge("111122223333", "prod", date(2026, 11, 18)),))
    reply = sources_reply(Status(given, (), "0.1.0", "/cost status sources"))
    assert reply.text == "2 sources and accounts were asked, 1 of them do not answer."
    rows = [[cell["text"] for cell in row] for row in reply.blocks[1]["rows"]]
    assert rows[1:] == [
        ["CloudWatch metrics", "444455556666", "–", "never", "refuses since Nov 18"],
        ["EC2 inventory", "prod", "2", "3 h ago", "answers"],
    ]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    made = running(tmp_path)
    yield made
    made.store.close()


def ask(bot: Context, *words: str) -> str:
    return render(status.answer(Request("status", words, "U0ANA", "C0COSTS"), bot))


def test_a_running_costbot_is_well(bot: Context, tmp_path: Path) -> None:
    with sole_owner(tmp_path):
        assert verdicts(bot) == []
        text = ask(bot)
    assert text.startswith("All is well, costs until Nov 18: 2 jobs run on time, every source answers.")
    assert "data until Nov 18 (2 days ago)" in text
    assert "1 account has costs until Nov 18" in text


def test_costs_are_old_for_the_status_when_they_are_for_the_digest(bot: Context, tmp_path: Path) -> None:
    with sole_owner(tmp_path):
        for at in (datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)):
            clock_of(bot).at = at
            said = gather_digest(bot).stale_reason
            told = [one for one in verdicts(bot) if one.key == "costs.old"]
            assert bool(said) is bool(told) is (at.day == 23)
    age = "The last complete day is 5 days ago"
    assert said is not None
    assert said.startswith(age)
    assert told[0].sentence == f"Costs are old. {age}."


def test_a_terminal_tells_that_no_costbot_runs(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}
    ended = forked.costbot("ask", "/cost status", "--json", "--data-dir", str(tmp_path), environment=environment)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["text"].startswith(
        "2 things are wrong with costbot: No costbot runs on this data directory. Start it with"
    )
    assert json.dumps(json.loads(ended.stdout)["blocks"]).count("No costs are stored") == 1


def test_other_words_are_refused_in_a_sentence(bot: Context) -> None:
    with pytest.raises(UsageError, match="does not know “everything”"):
        ask(bot, "everything")
