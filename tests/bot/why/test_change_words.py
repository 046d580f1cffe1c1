"""Who changed what, as it is said: a hint that says it is one, and pings nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from analysis.models import Change
from bot.causes.change_words import change_lines, change_words


def change(**changed: Any) -> Change:
    values: dict[str, Any] = {
        "at": datetime(2026, 11, 17, 9, 12, tzinfo=UTC), "event": "CreateNatGateway", "resources": ("nat-0abc",),
        "who": "role deploy", "via": "CloudFormation",
    }  # fmt: skip
    return Change(**(values | changed))


def test_nothing_is_not_said() -> None:
    assert change_lines(()) == ""


def test_it_says_when_what_and_who() -> None:
    assert change_words(change()) == (
        "Nov 17, 09:12 UTC: CreateNatGateway nat-0abc by role deploy (via CloudFormation)"
    )


def test_it_says_that_it_may_not_be_the_cause() -> None:
    head, line = change_lines([change()]).split("\n")
    assert "may not be the cause" in head
    assert line == change_words(change())


def test_what_is_not_known_is_left_out() -> None:
    assert change_words(change(resources=(), via="")) == "Nov 17, 09:12 UTC: CreateNatGateway by role deploy"


def test_many_resources_and_alike_changes_are_counted() -> None:
    said = change_words(change(resources=("i-1", "i-2", "i-3", "i-4"), more=11))
    assert "i-1, i-2 and 2 more by role deploy" in said
    assert said.endswith(", and 11 more alike")


def test_foreign_names_ping_nobody_and_stay_on_their_line() -> None:
    hostile = "<!channel>\n<@U0ANA> & \u202e" + "x" * 500
    said = change_words(change(event=hostile, resources=(hostile,), who=hostile, via=hostile))
    assert "<" not in said
    assert "\n" not in said
    assert "\u202e" not in said
    assert len(said) < 600
