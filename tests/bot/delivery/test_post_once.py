"""A message is posted once; what Slack refused, and what has nothing to say, is left to be tried again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.delivery.post_once import is_out, post_once
from bot.errors import CostbotError
from bot.reply import Reply
from tests.bot.decisions_factories import context, slack_of

HELLO = Reply("Hello", [])


def test_it_is_out_once(tmp_path: Path) -> None:
    bot = context(tmp_path)

    ts = post_once(bot, "subject", "C0COSTS", lambda: HELLO)

    assert ts is not None
    assert is_out(bot, "subject", "C0COSTS")
    assert post_once(bot, "subject", "C0COSTS", lambda: HELLO) is None
    assert not is_out(bot, "subject", "C0OTHER")


def test_what_slack_refused_is_tried_again(tmp_path: Path) -> None:
    bot = context(tmp_path)
    slack_of(bot).refuses["C0COSTS"] = CostbotError("The channel is archived.", "Unarchive it.")

    with pytest.raises(CostbotError):
        post_once(bot, "subject", "C0COSTS", lambda: HELLO)

    slack_of(bot).refuses.clear()
    assert post_once(bot, "subject", "C0COSTS", lambda: HELLO) is not None


def test_a_drawing_that_fails_or_has_nothing_to_say_holds_no_claim(tmp_path: Path) -> None:
    bot = context(tmp_path)

    def fails() -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        post_once(bot, "subject", "C0COSTS", fails)
    assert post_once(bot, "subject", "C0COSTS", lambda: None) is None

    assert post_once(bot, "subject", "C0COSTS", lambda: HELLO) is not None
