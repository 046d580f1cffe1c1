"""`/cost anomalies` and `/cost anomaly ID`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.commands import Reply, Request
from bot.commands.anomalies import anomalies
from bot.commands.anomaly import anomaly
from bot.context import Context
from bot.errors import CostbotError, UsageError
from tests.bot.decisions_factories import NOW, recommendation
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import context as made_context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return made_context(tmp_path)


def ask(context: Context, name: str, *words: str) -> Reply:
    command = {"anomalies": anomalies, "anomaly": anomaly}[name]
    return command.answer(Request(name, words, "U0BEN", "C0COSTS"), context)


def rows(reply: Reply) -> list[list[str]]:
    (table,) = [block for block in reply.blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]][1:]


def record(context: Context, **changed: Any) -> str:
    return context.store.record(made(**changed), NOW).id


def test_nothing_unusual_is_said_so(context: Context) -> None:
    assert ask(context, "anomalies").text == "Nothing unusual in the stored costs."


@pytest.mark.parametrize("words", [("closed",), ("open", "all"), ("<!channel>",)])
def test_other_words_are_refused_with_a_way_that_works(context: Context, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="/cost anomalies all") as refused:
        ask(context, "anomalies", *words)
    assert "<!channel>" not in str(refused.value)


def test_open_ones_are_listed_dearest_first(context: Context) -> None:
    small = record(context, account_id="1", account_name="small", impact_per_day=12.0)
    large = record(context, impact_per_day=344.5)
    reply = ask(context, "anomalies")
    assert [row[0] for row in rows(reply)] == [large, small]
    assert reply.text == "2 open anomalies, +$356/day above expectation."
    assert not reply.in_channel


def test_decided_ones_are_only_in_all(context: Context) -> None:
    finding = record(context)
    context.store.decide(finding, "dismiss", actor="U0ANA", now=NOW, reason="expected")
    assert ask(context, "anomalies").text == "Nothing unusual in the stored costs."
    assert [row[-1] for row in rows(ask(context, "anomalies", "all"))] == ["dismissed"]


def test_an_acknowledged_one_is_not_open_but_not_over(context: Context) -> None:
    finding = record(context)
    context.store.decide(finding, "acknowledge", actor="U0ANA", now=NOW)
    assert ask(context, "anomalies").text == "No anomaly is open."


def test_one_anomaly_is_its_card(context: Context) -> None:
    finding = record(context)
    reply = ask(context, "anomaly", finding.lower())
    assert reply.blocks[0]["type"] == "header"
    assert reply.text.startswith(finding)


def test_an_unknown_id_is_answered_with_a_remedy(context: Context) -> None:
    with pytest.raises(CostbotError, match="/cost anomalies"):
        ask(context, "anomaly", "A-0000")


def test_without_an_id_the_usage_is_shown(context: Context) -> None:
    with pytest.raises(UsageError, match="A-7K2M"):
        ask(context, "anomaly")


def test_a_saving_is_shown_elsewhere(context: Context) -> None:
    saving = context.store.record(recommendation(), NOW).id
    with pytest.raises(UsageError, match=f"/cost saving {saving}"):
        ask(context, "anomaly", saving)
