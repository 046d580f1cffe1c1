"""`/cost savings` and `/cost saving ID`: the total first, by owner, and never "nothing" of what was not looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.errors import CostbotError, UsageError
from bot.savings.last_scan import LAST_SCAN
from tests.bot.decisions_factories import anomaly
from tests.bot.decisions_factories import context as a_context
from tests.bot.savings.savings_factories import recorded, saving


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path)


def ask(context: Context, name: str, *words: str) -> Reply:
    return commands()[name].answer(Request(name, words, "U0BEN", "C0COSTS"), context)


def scanned(context: Context) -> None:
    counts = {"saves": 2, "fine": 30, "insufficient": 4, "conflict": 1}
    now = context.clock.now()
    context.store.remember(LAST_SCAN, json.dumps({"at": now.isoformat(), "counts": counts, "had_bill": True}), now)


def rows(reply: Reply) -> list[list[str]]:
    table = next(block for block in reply.blocks if block["type"] == "table")
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_before_the_first_scan_it_does_not_say_that_nothing_can_be_saved(context: Context) -> None:
    assert ask(context, "savings").text == "Nothing has been scanned for savings yet."


def test_names_what_was_not_looked_at(context: Context) -> None:
    scanned(context)
    sentence = "No ec2:DescribeInstances in account 4 (us-east-1). Add it to role costbot-read."
    context.store.note_source("ec2", "4", "us-east-1", False, sentence, context.clock.now())

    reply = ask(context, "savings")

    assert reply.text == "There are no open savings."
    assert sentence in json.dumps(reply.blocks)
    assert "37 verdicts, 2 save, 30 fine, 4 without enough evidence, 1 in conflict" in json.dumps(reply.blocks)


def test_an_organisation_that_is_not_listed_is_told_before_any_region(context: Context) -> None:
    scanned(context)
    for n in range(6):
        context.store.note_source("ec2", "4", f"region-{n}", False, f"Region {n} does not answer.", context.clock.now())
    context.store.note_source("organizations", None, None, False, "Accounts could not be listed.", context.clock.now())

    told = json.dumps(ask(context, "savings").blocks)

    assert 0 < told.index("Accounts could not be listed.") < told.index("Region 0 does not answer.")


def test_total_first_then_the_owner_who_could_save_most(context: Context) -> None:
    scanned(context)
    recorded(context, saving(1, owner="data", monthly_savings=100.0))
    recorded(context, saving(2, owner="search", monthly_savings=90.0))
    recorded(context, saving(3, owner="search", monthly_savings=50.0))
    recorded(context, saving(4, owner=None, monthly_savings=7.5))

    reply = ask(context, "savings")

    assert reply.text == "$248 a month could be saved: 4 savings to decide."
    assert [row[0] for row in rows(reply)[1:]] == ["search", "search", "data", "no owner"]
    assert [row[2] for row in rows(reply)[1:]] == ["$90.00", "$50.00", "$100", "$7.50"]


def test_what_is_approved_is_not_counted_again_but_still_shown(context: Context) -> None:
    recorded(context, saving(1, monthly_savings=100.0))
    done = recorded(context, saving(2, monthly_savings=60.0))
    context.store.decide(done.id, "approve", actor="U0ANA", now=context.clock.now())

    reply = ask(context, "savings", "rightsizing")

    assert reply.text == "$100 a month could be saved: 1 saving to decide. 1 approved waits to be carried out."
    assert rows(reply)[2][3] == "m5.4xlarge → m5.2xlarge (approved)"


def test_a_hostile_owner_rings_nobody(context: Context) -> None:
    recorded(context, saving(owner="<!channel> & <script>"))

    texts = [b["text"]["text"] for b in ask(context, "savings").blocks if b["type"] == "section"]

    assert not [text for text in texts if "<!channel>" in text]
    assert [text for text in texts if "&lt;!channel&gt;" in text]


def test_a_long_list_is_cut_and_says_so(context: Context) -> None:
    for number in range(1, 51):
        recorded(context, saving(number))

    reply = ask(context, "savings")

    assert len(rows(reply)) == 41
    assert "10 more are not listed" in json.dumps(reply.blocks)


@pytest.mark.parametrize("words", [("bitcoin",), ("rightsizing", "now")])
def test_an_unknown_group_is_answered_with_what_can_be_typed(context: Context, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="rightsizing, idle, storage"):
        ask(context, "savings", *words)


def test_shows_one_saving_by_its_id(context: Context) -> None:
    finding = recorded(context, saving())

    reply = ask(context, "saving", finding.id.lower())

    assert reply.text.startswith(f"{finding.id}: Save $279/month on api-1")
    assert reply.blocks[0]["text"]["text"] == "Save $279/month: m5.4xlarge → m5.2xlarge"


def test_an_anomaly_is_no_saving(context: Context) -> None:
    finding = context.store.record(anomaly(), context.clock.now())

    with pytest.raises(UsageError, match="/cost anomal"):
        ask(context, "saving", finding.id)


def test_an_unknown_id_is_an_error_with_a_next_step(context: Context) -> None:
    with pytest.raises(CostbotError, match="/cost savings"):
        ask(context, "saving", "S-0000")


def test_of_two_savings_on_one_resource_one_is_counted_and_both_are_listed_on_demand(context: Context) -> None:
    better = recorded(context, saving(1, monthly_savings=100.0))
    other = recorded(context, saving(1, check_id="ec2.graviton", monthly_savings=60.0))
    recorded(context, saving(2, check_id="ec2.undersized", monthly_savings=0.0))

    short, whole = ask(context, "savings"), ask(context, "savings", "--all")

    assert short.text == whole.text == "$100 a month could be saved: 1 saving to decide."
    assert "1 alternative on the same resources and 1 notice" in json.dumps(short.blocks)
    assert [row[1] for row in rows(short)[1:]] == [better.id]
    assert [row[3].rpartition(" ")[2] for row in rows(whole)[1:]] == ["m5.2xlarge", "(alternative)", "(notice)"]
    assert "is counted in the totals" in json.dumps(ask(context, "saving", other.id).blocks)


def test_the_alternative_counts_once_the_better_one_is_dismissed(context: Context) -> None:
    better = recorded(context, saving(1, monthly_savings=100.0))
    recorded(context, saving(1, check_id="ec2.graviton", monthly_savings=60.0))

    context.store.decide(better.id, "dismiss", actor="U0ANA", now=context.clock.now(), reason="accepted")

    assert ask(context, "savings").text == "$60.00 a month could be saved: 1 saving to decide."


def test_notices_are_listed_where_there_is_nothing_else(context: Context) -> None:
    recorded(context, saving(1, monthly_savings=0.0))

    reply = ask(context, "savings")

    assert reply.text == "No open savings."
    assert rows(reply)[1][2:4] == ["–", "m5.4xlarge → m5.2xlarge (notice)"]


def test_says_what_commitments_take_off_the_total_where_they_take_anything(context: Context) -> None:
    recorded(context, saving(resource_id="i-1"))
    assert "Commitments that are paid on" not in json.dumps(ask(context, "savings").blocks)

    recorded(context, saving(resource_id="i-2", monthly_savings=120.0, before_commitments=280.32, commitments="…"))

    assert "Commitments that are paid on take $160 a month off these savings" in json.dumps(
        ask(context, "savings").blocks
    )
