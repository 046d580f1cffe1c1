"""What the thread of an approved saving says: the exact change, and its way back where there is one."""

from __future__ import annotations

from analysis.checks.words import NO_UNDO
from bot.blocks.decision_line import instructions
from tests.bot.decisions_factories import recommendation


def test_the_way_back_is_a_command_to_copy() -> None:
    said = instructions(recommendation(undo="aws ec2 start-instances --instance-ids i-1"))

    assert said.endswith("To undo it:\n```aws ec2 start-instances --instance-ids i-1```")


def test_that_there_is_no_way_back_is_said_and_is_no_command() -> None:
    said = instructions(recommendation(undo=NO_UNDO))

    assert said.endswith(f"```\n{NO_UNDO}")
    assert "To undo it" not in said
