"""`/cost owners`: what has no owner and what it costs, and how one is known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError, NotEnoughData, UsageError
from bot.store import ChannelSettings
from tests.bot.allocation.allocation_bills import DATA, SANDBOX, Line, cuts, export
from tests.bot.costs.cost_factories import store
from tests.bot.decisions_factories import NOW, slack_of
from tests.bot.decisions_factories import context as a_context

NOV = date(2026, 11, 12)
BILL = [
    Line(600.0, "payments", day=NOV),
    Line(100.0, "'; <!channel>", day=NOV),
    Line(50.0, "", DATA, day=NOV),
    Line(30.0, "", SANDBOX, day=NOV),
    Line(20.0, "ben@example.com", day=NOV),
]
FILE = f'[tags]\npayments = "U0BEN"\nold = "gone@example.com"\n[accounts]\n"{DATA}" = "S0DATA"\n'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("owners")
    path = folder / "owners.toml"
    path.write_text(FILE)
    bot = a_context(folder, settings={"owners_file": path})
    store(bot.costs, export(BILL), "focus")
    directory = slack_of(bot).directory
    directory.emails, directory.handles = {"ben@example.com": "U0BEN"}, {"data": "S0DATA"}
    directory.names = {"U0BEN": "Ben Example"}
    return bot


def asked(context: Context, *words: str, channel: str = "C0COSTS") -> Reply:
    return commands()["owners"].answer(Request("owners", words, user_id="U0ANA", channel_id=channel), context)


def rows(reply: Reply) -> list[list[str]]:
    (table,) = [block for block in reply.blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"][1:]]


def test_what_has_no_owner_comes_first_with_what_it_costs(world: Context) -> None:
    reply = asked(world)

    assert reply.text == "$130 of $800 this month (16 %) has no owner in Slack."
    assert rows(reply) == [
        ["'; <!channel>", "$100", "nobody", "–"],
        ["untagged in sandbox", "$30.00", "nobody", "–"],
        ["payments", "$600", "Ben Example", "the tag payments in the owners file"],
        ["untagged in data-platform", "$50.00", "@data", f"the account {DATA} in the owners file"],
        ["ben@example.com", "$20.00", "Ben Example", "the e-mail address in the tag"],
    ]
    said = json.dumps([block for block in reply.blocks if block["type"] != "table"])
    assert "<!channel>" not in said
    assert "The owners file names gone@example.com: Slack knows nobody by that." in said
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


def test_cost_explorer_tells_no_accounts_with_tags(tmp_path: Path) -> None:
    bot = a_context(tmp_path, settings={"default_owner": "U0BEN"})
    store(bot.costs, cuts(BILL))
    reply = asked(bot)
    assert reply.text == "All usage this month, $800, has an owner in Slack."
    assert ["untagged", "$80.00", "u0ben", "the default owner"] in rows(reply)


def test_a_broken_file_and_a_missing_scope_are_said(tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("kind,value,owner\ntag,x,nobody\n")
    bot = a_context(tmp_path, settings={"owners_file": path})
    store(bot.costs, export(BILL), "focus")
    slack_of(bot).refuses["ask"] = CostbotError("costbot lacks the Slack permission users:read.email.", "Add it.")
    said = json.dumps(asked(bot).blocks, ensure_ascii=False)
    assert "owners.csv, line 2: “nobody” is nobody in Slack." in said
    assert "lacks the Slack permission users:read.email" in said


def test_without_costs_nothing_is_said_to_be_owned(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        asked(a_context(tmp_path))


@pytest.mark.parametrize(
    ("word", "told", "how"),
    [
        (
            "team=Payments",
            "team=Payments belongs to <@U0BEN>. It cost $600 in November up to Nov",
            "in the owners file",
        ),
        ("payments", "team=payments belongs to <@U0BEN>.", "the tag payments in the owners file"),
        ("account=data-platform", "account=data-platform belongs to <!subteam^S0DATA>.", f"the account {DATA}"),
        (DATA, f"account={DATA} belongs to <!subteam^S0DATA>.", "the account"),
        ("team=<!channel>", "Nobody in Slack is known to own team=&lt;!channel&gt;.", "docs/owners.md"),
        ("service=rds", "Nobody in Slack is known to own service=rds.", "docs/owners.md"),
    ],
)
def test_one_thing_is_looked_up(world: Context, word: str, told: str, how: str) -> None:
    reply = asked(world, word)
    assert reply.text.startswith(told)
    assert how in json.dumps(reply.blocks)


def test_a_channel_that_wants_no_mentions_reads_a_name(world: Context) -> None:
    world.store.channels.set("C0QUIET", ChannelSettings(mentions=False), NOW)
    assert "belongs to Ben Example." in asked(world, "payments", channel="C0QUIET").text


@pytest.mark.parametrize("words", [("a", "b"), ("colour=red",), ("team=",)])
def test_what_cannot_be_read_is_said(world: Context, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        asked(world, *words)
