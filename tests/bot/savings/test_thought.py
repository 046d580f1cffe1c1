"""Answers of a second round stand in the place of those of the first."""

from __future__ import annotations

from bot.tables import typed
from bot.workflows.think_savings import ROWS, Thought


def thought(*check_ids: str, **smaller: tuple[float, ...]) -> Thought:
    found = {name.replace("_", "."): savings for name, savings in smaller.items()}
    return Thought(typed([], ROWS), (), {check: frozenset() for check in check_ids}, smaller=found)


def test_small_savings_of_a_check_that_is_asked_again_count_once() -> None:
    first = thought("s3.archive", "ebs.gp3", s3_archive=(2.0, 1.0), ebs_gp3=(4.0,))

    assert first.small == (3, 7.0)
    assert first.joined(thought("s3.archive", s3_archive=(1.0,))).small == (2, 5.0)
    assert first.joined(thought("s3.archive")).small == (1, 4.0)
