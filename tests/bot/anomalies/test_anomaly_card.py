"""The card as Slack gets it: golden blocks, escaping, every state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly, AnomalyKind, Chart, Contribution, Series
from bot.blocks.anomaly_card import anomaly_card, anomaly_text
from bot.commands import Block
from bot.store import Store
from bot.store.rows import Finding
from tests.bot.decisions_factories import NOW
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import recommendation as saving

GOLDEN = Path(__file__).parents[2] / "golden" / "anomaly_card.json"


def anomaly(**changed: Any) -> Anomaly:
    labels = tuple(f"Nov {day}" for day in range(6, 20))
    actual = (*(60.0 + day for day in range(11)), 402.0, 415.0, 420.5)
    values: dict[str, Any] = {
        "service": "ec2",
        "service_name": "NAT gateways",
        "top_usage_types": (
            Contribution("NatGateway-Bytes", 320.0, "more used, 1,070 → 8,180 GB a day"),
            Contribution("NatGateway-Hours", 12.5),
        ),
        "chart": Chart(
            "Cost per day, actual and expected", labels, (Series("Actual", actual), Series("Expected", (68.0,) * 14))
        ),
        "explanation": "EC2 - Other there: $421 on Thursday, Nov 19, against $64–$70 on the eight Thursdays before.",
    }
    return made(**(values | changed))


def recorded(tmp_path: Path, **changed: Any) -> Finding:
    return Store(tmp_path / "costbot.db").record(anomaly(**changed), NOW)


def types(blocks: list[Block]) -> list[str]:
    return [block["type"] for block in blocks]


def test_a_saving_is_no_anomaly(tmp_path: Path) -> None:
    finding = Store(tmp_path / "costbot.db").record(saving(), NOW)
    with pytest.raises(TypeError):
        anomaly_card(finding)


def test_the_card_is_as_agreed(tmp_path: Path) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    assert anomaly_card(recorded(tmp_path)) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_foreign_text_pings_nobody(tmp_path: Path) -> None:
    hostile = "<!channel> & <@U0ANA>"
    finding = recorded(tmp_path, service_name=hostile, account_name=hostile, owner=hostile, region=hostile)
    blocks = [block for block in anomaly_card(finding) if block["type"] not in ("header", "table")]
    assert "<!channel>" not in json.dumps(blocks)
    assert "<@U0ANA>" not in json.dumps(blocks)
    assert "<!channel>" not in anomaly_text(finding)
    assert "&lt;!channel&gt;" in anomaly_text(finding)


def test_what_is_unknown_is_said_so(tmp_path: Path) -> None:
    shown = json.dumps(anomaly_card(recorded(tmp_path, owner=None, region=None)))
    assert "unknown (untagged)" in shown
    assert "several" in shown


def test_a_new_cost_has_no_percent(tmp_path: Path) -> None:
    shown = json.dumps(
        anomaly_card(recorded(tmp_path, kind=AnomalyKind.NEW, pct=None, expected=0.0)), ensure_ascii=False
    )
    assert "No cost before → $412/day" in shown
    assert "%" not in shown.split("Why you see this")[0]


def test_without_usage_types_or_a_chart_it_is_shorter(tmp_path: Path) -> None:
    one_day = Chart("Cost", ("Nov 19",), (Series("Actual", (1.0,)),))
    assert types(anomaly_card(recorded(tmp_path, top_usage_types=(), chart=one_day))) == [
        "header", "section", "actions", "context",
    ]  # fmt: skip


def test_an_open_card_has_three_decisions_that_carry_only_the_id_and_one_question(tmp_path: Path) -> None:
    finding = recorded(tmp_path)
    (actions,) = [block for block in anomaly_card(finding) if block["type"] == "actions"]
    assert [(button["action_id"], button["value"]) for button in actions["elements"]] == [
        ("decide.acknowledge", finding.id),
        ("decide.snooze", finding.id),
        ("decide.dismiss", finding.id),
        ("run.0", f"/cost why {finding.id}"),
    ]


def test_a_decided_card_says_who_and_when(tmp_path: Path) -> None:
    store = Store(tmp_path / "costbot.db")
    finding = store.record(anomaly(), NOW)
    decided = store.decide(finding.id, "dismiss", actor="U0ANA", now=NOW, reason="expected")
    shown = json.dumps(anomaly_card(decided))
    assert "decide.acknowledge" not in shown
    assert "*Dismissed* by <@U0ANA>" in shown


def test_the_text_reads_as_a_sentence(tmp_path: Path) -> None:
    finding = recorded(tmp_path)
    assert anomaly_text(finding) == (
        f"{finding.id}: NAT gateways +$344/day in prod (high). EC2 - Other there: $421 on Thursday, Nov 19, "
        "against $64–$70 on the eight Thursdays before."
    )


def test_an_incident_that_ended_says_until_when(tmp_path: Path) -> None:
    finding = recorded(tmp_path)
    assert isinstance(finding.value, Anomaly)
    over = replace(finding, value=replace(finding.value, last_day=finding.value.first_day))
    assert "Nov 17\\n" in json.dumps(anomaly_card(over))
    assert "since Nov 17" not in json.dumps(anomaly_card(over))
