"""The saving card as Slack gets it: golden blocks, escaping, every state."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.checks.words import NO_UNDO
from analysis.models import Evidence
from bot.blocks.cards import card, card_text
from bot.blocks.decision_line import instructions
from bot.commands import Block
from bot.context import Context
from tests.bot.decisions_factories import context as a_context
from tests.bot.savings.savings_factories import recorded, saving

GOLDEN = Path(__file__).parents[2] / "golden" / "recommendation_card.json"
HOSTILE = "<!channel> *&* `rm -rf`"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path)


def buttons(blocks: list[Block]) -> list[Block]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def written(blocks: list[Block]) -> str:
    return json.dumps(blocks, ensure_ascii=False)


def test_foreign_text_can_neither_ring_a_channel_nor_break_out(context: Context) -> None:
    value = saving(resource_name=HOSTILE, owner=HOSTILE, account_name=HOSTILE, reason=HOSTILE, effect=HOSTILE)
    finding = recorded(context, value)

    marked_up = [
        text["text"]
        for block in card(finding, undo=False)
        for text in [block.get("text", {}), *block.get("fields", []), *block.get("elements", [])]
        if isinstance(text.get("text"), str) and text.get("type") == "mrkdwn"
    ]
    assert marked_up
    assert not [text for text in marked_up if "<!channel>" in text]
    assert "<!channel>" not in card_text(finding)


def test_long_names_stay_within_slacks_limits(context: Context) -> None:
    finding = recorded(context, saving(resource_name="n" * 256, account_name="a" * 256, owner="o" * 256))

    approve = buttons(card(finding, undo=False))[0]

    assert len(approve["confirm"]["text"]["text"]) <= 300
    assert len(approve["confirm"]["title"]["text"]) <= 100
    assert "executes nothing" in approve["confirm"]["text"]["text"]


def test_an_open_card_is_decided_by_its_buttons(context: Context) -> None:
    finding = recorded(context, saving())

    found = buttons(card(finding, undo=False))

    assert [(b.get("text", b.get("placeholder"))["text"], b["action_id"], b.get("value")) for b in found] == [
        ("Approve", "decide.approve", finding.id),
        ("Dismiss…", "decide.dismiss", finding.id),
        ("Snooze…", "decide.snooze", finding.id),
        ("Assign to…", "assign", None),
        ("Show commands", "run.0", f"/cost saving {finding.id} --commands"),
    ]
    question = found[0]["confirm"]["text"]["text"]
    assert "api-1 in account prod (111122223333)" in question
    assert "costbot records your decision and executes nothing" in question


def test_an_approved_card_shows_the_command_and_its_undo_and_no_approve(context: Context) -> None:
    finding = recorded(context, saving())
    approved = context.store.decide(finding.id, "approve", actor="U0ANA", now=context.clock.now())

    blocks = card(approved, undo=True)

    assert [b["action_id"] for b in buttons(blocks)] == ["decide.reopen"]
    assert "<@U0ANA>" in written(blocks)
    assert "costbot executes nothing" in written(blocks)
    for command in (finding.value.command, finding.value.undo):  # type: ignore[union-attr]
        assert command in written(blocks)
    assert not buttons(card(approved, undo=False))


def test_steps_are_words_and_only_their_commands_are_shown_as_such(context: Context) -> None:
    steps = "Look at `x` & think.\naws ce list-it --region us-east-1\naws ce buy-it --id OFFERING_ID\nThen wait."
    finding = recorded(context, saving(command="", undo=NO_UNDO, steps=steps))
    assert "Show steps" in written(card(finding, undo=False))

    assert instructions(finding.value).splitlines()[1:] == [
        "What to do:",
        "Look at `x` &amp; think.",
        "```aws ce list-it --region us-east-1```",
        "```aws ce buy-it --id OFFERING_ID```",
        "Then wait.",
        NO_UNDO,
    ]


@pytest.mark.parametrize("verb", ["dismiss", "snooze"])
def test_a_settled_card_keeps_its_commands_to_itself(context: Context, verb: str) -> None:
    finding = recorded(context, saving())
    now = context.clock.now()
    until = now + timedelta(days=1) if verb == "snooze" else None
    settled = context.store.decide(finding.id, verb, actor="U0ANA", now=now, reason="accepted", until=until)

    assert "aws ec2" not in written(card(settled, undo=False))


def test_reads_as_a_sentence_without_blocks(context: Context) -> None:
    finding = recorded(context, saving())

    assert card_text(finding) == (
        f"{finding.id}: Save $279/month on api-1: m5.4xlarge → m5.2xlarge. Waiting for a decision."
    )


def test_the_card_is_what_it_was(context: Context) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    blocks = card(recorded(context, saving()), undo=False)
    if os.environ.get("COSTBOT_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(blocks, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    assert blocks == json.loads(GOLDEN.read_text("utf-8"))


def test_the_card_says_what_becomes_of_the_commitment_that_covers_it(context: Context) -> None:
    words = "At list price $280.32 a month; after your commitments $120.00: the Compute Savings Plan covers it."
    value = saving(monthly_savings=120.0, before_commitments=280.32, commitments=words)

    blocks = card(recorded(context, value), undo=False)

    assert blocks[0]["text"]["text"].startswith("Save $120/month")
    assert blocks[1]["text"]["text"].endswith(f"\n{words}")


def test_what_too_little_is_left_of_is_a_notice_that_says_so(context: Context) -> None:
    value = saving(monthly_savings=0.0, before_commitments=280.32, commitments="At list price <$280.32> a month.")

    blocks = card(recorded(context, value), undo=False)

    assert blocks[0]["text"]["text"] == "EC2 instance: m5.4xlarge → m5.2xlarge"
    assert blocks[1]["text"]["text"].endswith("a month.\nAt list price &lt;$280.32&gt; a month.")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1168.0, "USD a month", "$1,168 a month"),
        (2.24, "USD a day", "$2.24 a day"),
        (0.0416, "USD an hour, mean", "$0.0416 an hour, mean"),
        (0.5, "USD an hour", "$0.50 an hour"),
        (-12.0, "USD", "−$12.00"),
        (17.96, "% of m5.4xlarge", "18 % of m5.4xlarge"),
    ],
)
def test_money_among_the_evidence_is_written_as_money(context: Context, value: float, unit: str, shown: str) -> None:
    fact = Evidence("Cost", "", value, unit, "the stored bill")
    finding = recorded(context, saving(evidence=(fact,)))

    assert f"*Cost*\\n{shown}" in written(card(finding, undo=False))
