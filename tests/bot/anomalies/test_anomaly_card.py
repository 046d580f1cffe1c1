"""The card as Slack gets it: golden blocks, escaping, every state."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly, AnomalyKind, Change, Chart, Contribution, Correction, DayCost, Phase, Series
from bot.blocks.anomaly_card import anomaly_card, anomaly_text, with_band
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


def days(**changed: Any) -> tuple[DayCost, ...]:
    """Eleven ordinary days and three of the incident."""
    first = date(2026, 11, 6)
    costs = (*(60.0 + n for n in range(11)), 302.0, 315.0, 420.5)
    known = {"expected": 68.0, "low": 48.5, "high": 90.0} | changed
    return tuple(DayCost(first + timedelta(days=n), cost, **known) for n, cost in enumerate(costs))


def resolved(tmp_path: Path, why: str = "back to normal", **changed: Any) -> Finding:
    store = Store(tmp_path / "costbot.db")
    return store.resolve(store.record(anomaly(**changed), NOW).id, NOW, why)


def shown(finding: Finding) -> str:
    return json.dumps(anomaly_card(finding), ensure_ascii=False)


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


def test_who_changed_what_is_a_line_that_says_it_is_a_hint(tmp_path: Path) -> None:
    change = Change(datetime(2026, 11, 16, 23, 41, tzinfo=UTC), "DeleteVpcEndpoints", ("vpce-1",), "role <@U0ANA>")
    blocks = anomaly_card(recorded(tmp_path, changes=(change,)))
    (hint,) = [block for block in blocks if "CloudTrail" in json.dumps(block)]
    assert hint["type"] == "context"
    assert hint["elements"][0]["text"] == (
        "Changed in the same hours, which may not be the cause (CloudTrail):\n"
        "Nov 16, 23:41 UTC: DeleteVpcEndpoints vpce-1 by role &lt;@U0ANA&gt;"
    )


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
    assert [(button["action_id"], button.get("value")) for button in actions["elements"]] == [
        ("decide.acknowledge", finding.id),
        ("decide.snooze", finding.id),
        ("decide.dismiss", finding.id),
        ("assign", None),
        ("run.0", f"/cost why {finding.id}"),
    ]
    assert actions["block_id"].endswith(f".{finding.id}"), "the list of people knows its finding by its block"


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


def test_a_hostile_line_of_the_bill_pings_nobody_in_the_explanation(tmp_path: Path) -> None:
    finding = recorded(tmp_path, explanation="<!channel> there: $421")
    assert "<!channel>" not in anomaly_text(finding) + shown(finding)


def test_it_says_how_many_days_and_that_it_grows(tmp_path: Path) -> None:
    growing = recorded(tmp_path, daily=days(), phase=Phase.GROWING)
    assert "*So far*\\n+$1,034 against expectation in 3 days; growing, +$352 on Nov 19" in shown(growing)


def test_it_says_since_when_it_is_ordinary_again(tmp_path: Path) -> None:
    settling = recorded(tmp_path, daily=days(), phase=Phase.SETTLING)
    assert "settling, ordinary since Nov 20" in shown(settling)


def test_a_level_that_stays_is_not_called_ordinary(tmp_path: Path) -> None:
    settling = shown(recorded(tmp_path, daily=days(), phase=Phase.SETTLING, stayed=True))
    assert "settling at its new level" in settling
    assert "ordinary since" not in settling


def test_a_resolved_one_says_so_with_its_total(tmp_path: Path) -> None:
    finding = resolved(tmp_path, daily=days())
    assert anomaly_card(finding)[0]["text"]["text"] == "NAT gateways in prod: over, +$1,034 in total"
    assert "*In total*\\n+$1,034 against expectation in 3 days" in shown(finding)
    assert "*Resolved* by costbot" in shown(finding)
    assert "+$1,034 in total" in anomaly_text(finding)
    assert "/cost acknowledge" not in shown(finding)


def test_a_resolved_one_whose_cost_stayed_says_what_it_costs_from_now_on(tmp_path: Path) -> None:
    title = anomaly_card(resolved(tmp_path, stayed=True))[0]["text"]["text"]
    assert title == "NAT gateways in prod: stays at +$344/day, +$1,034 in total"


def test_a_restated_bill_is_said_on_the_card(tmp_path: Path) -> None:
    fixed = Correction(date(2026, 11, 17), date(2026, 11, 18), 815.0, 740.0, date(2026, 11, 21))
    finding = recorded(tmp_path, corrected=fixed)
    sentence = "Corrected Nov 21: the bill was restated, Nov 17–18 cost $740, not $815."
    assert sentence in shown(finding)
    assert sentence in anomaly_text(finding)


def test_a_correction_of_cents_shows_them(tmp_path: Path) -> None:
    fixed = Correction(date(2026, 11, 17), date(2026, 11, 17), 120.4, 120.1, date(2026, 11, 21))
    assert "cost $120.10, not $120.40" in shown(recorded(tmp_path, corrected=fixed))


def test_the_detail_shows_the_band_and_keeps_the_rest_of_the_card(tmp_path: Path) -> None:
    finding = recorded(tmp_path, daily=days())
    card, detail = anomaly_card(finding), with_band(anomaly_card(finding), finding)
    assert types(card) == types(detail)
    (chart,) = [block["chart"] for block in detail if block["type"] == "data_visualization"]
    assert [line["name"] for line in chart["series"]] == ["Cost", "Expected", "Alerts above", "Alerts below"]
    assert [point["value"] for point in chart["series"][0]["data"]][-1] == 420.5
    assert {point["value"] for point in chart["series"][2]["data"]} == {90.0}


def test_a_lower_limit_that_no_cost_can_reach_is_not_drawn(tmp_path: Path) -> None:
    finding = recorded(tmp_path, daily=days(low=-5.0))
    (chart,) = [b["chart"] for b in with_band(anomaly_card(finding), finding) if b["type"] == "data_visualization"]
    assert [line["name"] for line in chart["series"]] == ["Cost", "Expected", "Alerts above"]


def test_an_unknown_band_is_left_out_not_drawn_as_zero(tmp_path: Path) -> None:
    finding = recorded(tmp_path, daily=days(low=None, high=None))
    (chart,) = [b["chart"] for b in with_band(anomaly_card(finding), finding) if b["type"] == "data_visualization"]
    assert [line["name"] for line in chart["series"]] == ["Cost", "Expected"]
    assert len(chart["axis_config"]["categories"]) == 14


def test_a_card_without_kept_days_keeps_its_own_chart(tmp_path: Path) -> None:
    finding = recorded(tmp_path)
    assert with_band(anomaly_card(finding), finding) == anomaly_card(finding)
