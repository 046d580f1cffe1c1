"""`/cost anomalies` and `/cost anomaly ID`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands import Reply, Request
from bot.commands.anomalies import anomalies
from bot.commands.anomaly import anomaly
from bot.context import Context
from bot.errors import CostbotError, NotEnoughData, UsageError
from tests.bot.costs.cost_factories import row, store
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


def keep_costs(context: Context, days: int) -> None:
    store(context.costs, [row(NOW.date() - timedelta(days=back), 5.0) for back in range(days)])


def ran(context: Context, error: str | None = None) -> None:
    context.store.claim_job("anomaly_scan", NOW, NOW)
    context.store.finish_job("anomaly_scan", NOW, NOW, error)


def test_without_costs_nothing_can_be_unusual(context: Context) -> None:
    with pytest.raises(NotEnoughData, match=r"No costs are stored yet.*costbot refresh"):
        ask(context, "anomalies")


def test_a_short_history_is_not_called_normal(context: Context) -> None:
    keep_costs(context, 5)
    ran(context)
    assert ask(context, "anomalies").text.startswith("Only 5 days of costs are stored; anomalies need 28.")


def test_before_the_first_scan_nothing_is_called_normal(context: Context) -> None:
    keep_costs(context, 40)
    assert ask(context, "anomalies").text.startswith("No scan for anomalies has run yet. `costbot run`")
    context.store.claim_job("anomaly_scan", NOW, NOW)
    assert "not finished yet" in ask(context, "anomalies").text


def test_a_failed_scan_is_not_called_normal(context: Context) -> None:
    keep_costs(context, 40)
    ran(context, "AWS gave no answer.")
    assert ask(context, "anomalies").text.startswith("The last scan for anomalies failed.")


def test_nothing_unusual_is_said_so(context: Context) -> None:
    keep_costs(context, 40)
    ran(context)
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
