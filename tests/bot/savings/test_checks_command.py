"""`/cost checks`: what is looked for, what was found, what is missing, and what did not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.checks import checks
from bot.commands import Reply, Request, commands
from bot.context import Context
from bot.errors import UsageError
from bot.savings.last_scan import LAST_SCAN
from tests.bot.decisions_factories import context as a_context

SCANNED = {
    "at": "2026-11-20T10:00:00+00:00",
    "counts": {"saves": 2, "fine": 9, "insufficient": 1, "conflict": 0, "notice": 0},
    "by_check": {"ebs.unattached_volume": {"saves": 2, "fine": 9, "insufficient": 1}},
    "missing_facts": {"The price of <gp9> volumes": 1},
}


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path, settings={"checks_off": "network.idle_address"})


def ask(context: Context, *words: str) -> Reply:
    return commands()["checks"].answer(Request("checks", words, user_id="U0ANA", channel_id="C0COSTS"), context)


def scanned(context: Context) -> None:
    context.store.remember(LAST_SCAN, json.dumps(SCANNED), context.clock.now())


def test_an_unknown_word_is_answered_with_what_can_be_typed(context: Context) -> None:
    with pytest.raises(UsageError, match="rightsizing, idle, storage"):
        ask(context, "bitcoin")


def test_before_the_first_scan_nothing_was_looked_at(context: Context) -> None:
    reply = ask(context)

    assert reply.text == f"{len(checks())} checks: nothing was looked at yet"
    assert "No scan has finished yet." in json.dumps(reply.blocks)


def test_all_checks_are_counted_by_group_and_the_missing_fact_is_named_harmlessly(context: Context) -> None:
    scanned(context)

    reply = ask(context)

    assert reply.text.endswith("2 save, 9 fine, 1 no evidence")
    shown = json.dumps(reply.blocks)
    assert "1 \\u00d7 The price of &lt;gp9&gt; volumes" in shown
    assert "/cost checks storage" in shown


def test_a_group_lists_its_checks_and_which_are_off(context: Context) -> None:
    scanned(context)

    shown = json.dumps(ask(context, "network").blocks)

    assert "network.idle_address (off)" in shown
    assert "Switched off by COSTBOT_CHECKS_OFF: network.idle_address." in shown
    assert "ebs.unattached_volume" not in shown


def test_one_check_says_what_it_reads_and_from_whom_it_comes(context: Context) -> None:
    scanned(context)

    reply = ask(context, "ebs.unattached_volume")

    shown = json.dumps(reply.blocks)
    assert reply.text == "EBS volume attached to nothing (ebs.unattached_volume)"
    for said in ("min_detached_days 7", "ec2:DescribeVolumes", "AWS Trusted Advisor", "2 save, 9 fine, 1 no evidence"):
        assert said in shown
