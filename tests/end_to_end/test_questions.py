"""A person asks: trend in place, share, help for a typo, and the same in a terminal."""

import csv
import io
import json
import re
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

#: One worker for all of them: they share the running demo.
pytestmark = pytest.mark.xdist_group("demo")

COSTS = "C0COSTS"


def test_trend_is_answered_to_the_asker_alone_and_changes_in_place(ana, ben):
    ana.say(COSTS, "/cost trend ec2 --days 30")
    asked = ana.wait_for_message(COSTS, "against the 30 days before")
    assert asked["ephemeral"] is True
    assert any(block["type"] == "data_visualization" for block in asked["blocks"])
    ana.click(COSTS, "7 days", message_ts=asked["ts"])
    changed = ana.wait_for(
        lambda state: next(
            (m for m in state["messages"][COSTS] if m["ts"] == asked["ts"] and "the 7 days before" in m["text"]), None
        )
    )
    assert changed["ephemeral"] is True
    assert asked["ts"] not in {m["ts"] for m in ben.messages(COSTS)}


def test_share_shows_the_answer_to_everybody_and_says_who_shared(ana, ben):
    ana.say(COSTS, "/cost trend s3")
    asked = ana.wait_for_message(COSTS, "S3 ")
    ana.click(COSTS, "Share", message_ts=asked["ts"])
    shared = ben.wait_for_message(COSTS, "Shared by <@U0ANA>")
    assert shared["ephemeral"] is False
    assert '"share.0"' not in json.dumps(shared)


def test_a_typo_gets_a_suggestion(guest):
    guest.say(COSTS, "/cost tredn")
    answer = guest.wait_for_message(COSTS, "There is no command")
    assert "Did you mean `/cost trend`?" in answer["text"]


def test_an_unknown_service_names_what_there_is(guest):
    guest.say(COSTS, "/cost trend ec3")
    assert "or ec2?" in guest.wait_for_message(COSTS, "No service is called “ec3”")["text"]


def test_a_command_that_is_delivered_twice_has_one_effect(ana, ben):
    ana.say("C0PAYMENTS", "/cost help")
    ana.fault("duplicate_next")
    ana.say("C0PAYMENTS", "/cost digest now")
    ben.wait_for_message("C0PAYMENTS", "digest")
    time.sleep(1)
    assert len([m for m in ben.messages("C0PAYMENTS") if not m["ephemeral"]]) == 1


def test_the_terminal_gives_the_same_payload_as_slack(demo, ana):
    ana.say(COSTS, "/cost trend rds --days 14")
    shown = ana.wait_for(
        lambda state: next(
            (m for m in state["messages"][COSTS] if m["text"].startswith("RDS") and "14 days before" in m["text"]), None
        )
    )
    asked = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "/cost trend rds --days 14", "--json"],
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["text"] == shown["text"]


def test_top_is_answered_to_the_asker_and_its_file_is_posted_in_a_thread(demo, ana, ben):
    ana.say(COSTS, "/cost top accounts --days 7")
    asked = ana.wait_for_message(COSTS, "All accounts: ")
    assert asked["ephemeral"] is True
    ana.click(COSTS, "CSV", message_ts=asked["ts"])
    described = ben.wait_for_message(COSTS, "rows of daily costs")
    total = float(re.match(r"\$([\d,.]+) in ", described["text"])[1].replace(",", ""))
    with_file = ben.wait_for(
        lambda state: next(
            (m for m in state["messages"][COSTS] if m.get("thread_ts") == described["ts"] and m["files"]), None
        )
    )
    with urlopen(demo.url + with_file["files"][0]["url"], timeout=60) as answer:
        lines = list(csv.DictReader(io.StringIO(answer.read().decode("utf-8"), newline="")))
    assert sum(float(line["cost (USD)"]) for line in lines) == pytest.approx(total, abs=0.005)
    assert {line["account name"] for line in lines} >= {"prod", "staging"}
