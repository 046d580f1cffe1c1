"""Usage that has just fallen blocks a purchase for it, with what the look-back would have lost."""

from __future__ import annotations

from typing import Any

from tests.analysis.checks.check_factories import judged, table

CHECK = "commitments.stale_look_back"


def verdict(**changed: Any) -> Any:
    usual = {
        "recent": 10.0, "before": 10.5, "offer": "Compute Savings Plan", "aws_hourly": 6.0, "promised": 1000.0,
        "at_recent": 900.0,
    }  # fmt: skip
    [row] = judged(CHECK, {"commitment_parts": table("commitment_parts", usual | changed)}).to_dict("records")
    return row


def test_what_stands_is_fine() -> None:
    row = verdict()

    assert (row["verdict"], row["why"]) == ("fine", "Its last 7 days cost $10.00 an hour, its last 30 $10.50.")


def test_a_fall_is_a_conflict_with_the_loss_that_was_avoided() -> None:
    row = verdict(blocked="the last 7 days cost half", recent=5.0, at_recent=-650.0)

    assert row["verdict"] == "conflict"
    assert row["why"] == (
        "Buying is blocked: the last 7 days cost half. On the look-back AWS's method buys $6.00 an hour of Compute "
        "Savings Plan and promises $1,000.00 a month; at the level of the last 7 days it would lose $650.00 a month."
    )


def test_a_fall_that_still_saves_says_how_much_less() -> None:
    assert verdict(blocked="it fell", at_recent=12.5)["why"].endswith("it would save $12.50 a month.")


def test_too_few_days_are_no_evidence() -> None:
    row = verdict(blocked="9 days of hourly usage are known", aws_hourly=None)

    assert (row["verdict"], row["why"]) == (
        "insufficient",
        "How usage runs by the hour: 9 days of hourly usage are known",
    )


def test_without_hours_it_says_why() -> None:
    row = verdict(recent=None, problem="No export.")

    assert (row["verdict"], row["why"]) == ("insufficient", "How usage runs by the hour: No export.")


def test_what_nobody_would_have_bought_for_needs_no_guard() -> None:
    row = verdict(blocked="it fell", promised=4.99, at_recent=1.0)

    assert (row["verdict"], row["why"]) == (
        "fine",
        "It has just fallen, and AWS's method promises $4.99 a month for it.",
    )
    assert verdict(blocked="it fell", promised=5.0, at_recent=1.0)["verdict"] == "conflict"
