"""People decide: approvers only, one winner, the card says who and when, and a killed bot forgets nothing."""

import json
import re
import sqlite3
import time

import pytest

from bot.demo.launcher import message_kinds, start_bot

#: One worker for all of them: they share the running demo.
pytestmark = pytest.mark.xdist_group("demo")

COSTS = "C0COSTS"


def cards(person, kind, *, open_only=True):
    return [m for m in person.messages(COSTS) if kind in message_kinds(m) and not m["ephemeral"]]


def machine_card(person):
    """The first card of an instance that is too large."""
    return next(m for m in cards(person, "recommendation") if "ec2.rightsizing" in json.dumps(m))


def buttons(message):
    return {
        e["text"]["text"]: (b["block_id"], e)
        for b in message["blocks"]
        if b["type"] == "actions"
        for e in b["elements"]
        if e["type"] == "button"
    }


def current(person, ts):
    return next(m for m in person.messages(COSTS) if m["ts"] == ts)


def audit(demo, finding):
    with sqlite3.connect(demo.data_dir / "costbot.db") as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(audit)")]
        rows = [dict(zip(columns, row, strict=True)) for row in db.execute("SELECT * FROM audit")]
    db.close()
    return [row for row in rows if finding in map(str, row.values())]


def test_a_guest_may_not_approve_and_the_card_stays(guest):
    card = machine_card(guest)
    block, button = buttons(card)["Approve"]
    guest.act(COSTS, card["ts"], block, button)
    refusal = guest.wait_for(
        lambda s: next((m for m in s["messages"][COSTS] if m["ephemeral"] and "approve" in m["text"]), None)
    )
    assert "S0FINOPS" in refusal["text"] or "finops" in refusal["text"]
    assert "Approve" in buttons(current(guest, card["ts"]))


def test_the_approve_button_asks_first_and_names_resource_account_and_effect(ana):
    card = machine_card(ana)
    text = buttons(card)["Approve"][1]["confirm"]["text"]["text"]
    name, account = re.search(
        r"\*([^*]+)\* `i-\w+` · ([\w-]+) \(", json.dumps(card["blocks"], ensure_ascii=False)
    ).groups()
    assert text.startswith(f"{name} in account {account}")
    assert "starts again as" in text
    assert "executes nothing" in text


def test_an_approval_is_drawn_on_the_card_with_the_command_and_its_undo_in_the_thread(ana, demo):
    card = machine_card(ana)
    block, button = buttons(card)["Approve"]
    ana.act(COSTS, card["ts"], block, button)
    drawn = ana.wait_for(
        lambda s: next((m for m in s["messages"][COSTS] if m["ts"] == card["ts"] and "Approve" not in buttons(m)), None)
    )
    assert "<@U0ANA>" in json.dumps(drawn)
    everything = json.dumps(
        [m for m in ana.messages(COSTS) if m.get("thread_ts") == card["ts"] or m["ts"] == card["ts"]]
    )
    assert "aws ec2 modify-instance-attribute" in everything
    assert "executes nothing" in everything
    approvals = [row for row in audit(demo, button["value"]) if "approve" in map(str, row.values())]
    assert len(approvals) == 1


def test_a_second_click_on_an_old_copy_of_the_card_is_answered_politely(ana, ben):
    card = machine_card(ana)
    approve = buttons(card)["Approve"]
    ana.act(COSTS, card["ts"], *approve)
    ana.wait_for(lambda s: "Approve" not in buttons(next(m for m in s["messages"][COSTS] if m["ts"] == card["ts"])))
    ben.act(COSTS, card["ts"], *approve)
    answer = ben.wait_for(
        lambda s: next((m for m in s["messages"][COSTS] if m["ephemeral"] and "lready" in m["text"]), None)
    )
    assert "<@U0ANA>" in answer["text"]


def test_one_acknowledgement_delivered_twice_has_one_effect(ben, demo):
    card = cards(ben, "anomaly")[0]
    block, button = buttons(card)["Acknowledge"]
    ben.fault("duplicate_next")
    ben.act(COSTS, card["ts"], block, button)
    ben.wait_for(lambda s: "Acknowledge" not in buttons(next(m for m in s["messages"][COSTS] if m["ts"] == card["ts"])))
    taken = [row for row in audit(demo, button["value"]) if "acknowledge" in map(str, row.values())]
    assert len(taken) == 1


def test_a_killed_bot_comes_back_with_every_decision_and_repeats_no_card(ana, demo):
    time.sleep(1)  # the line in the thread of the last decision is on its way
    before = [m["text"] for m in ana.messages(COSTS) if not m["ephemeral"]]
    demo.bot.kill()
    demo.bot.wait()
    ana.wait_for(lambda s: not s["bot_connected"])
    demo.bot = start_bot(demo.environment, demo.data_dir)
    ana.wait_for(lambda s: s["bot_connected"])
    ana.say(COSTS, "/cost savings")
    ana.wait_for_message(COSTS, "a month")
    after = [m["text"] for m in ana.messages(COSTS) if not m["ephemeral"]]
    assert after == before
