"""`s3.early_delete`: a fee on the bill, and an upper bound of what stops it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "s3.early_delete"


def fee(usage_type: str = "EarlyDelete-SIA", **changed: Any) -> dict[str, Any]:
    return {"resource_id": usage_type, "name": usage_type, "cost": 42.0, "gb_months": 3360.0} | changed


def verdict(row: dict[str, Any]) -> Any:
    return judged(CHECK, {"s3_early_deletes": table("s3_early_deletes", row)}).iloc[0]


@pytest.mark.parametrize(("cost", "found"), [(9.99, "fine"), (10.0, "saves"), (None, "insufficient")])
def test_ten_dollars_a_month_are_worth_a_word(cost: float | None, found: str) -> None:
    assert verdict(fee(cost=cost))["verdict"] == found


@pytest.mark.parametrize(
    ("usage_type", "title", "days"),
    [
        ("EarlyDelete-SIA", "Standard-IA", 30),
        ("EUW1-EarlyDelete-ZIA", "One Zone-IA", 30),
        ("EarlyDelete-GIR-SmObjects", "Glacier Instant Retrieval", 90),
        ("EarlyDelete-ByteHrs", "Glacier Flexible Retrieval", 90),
        ("USW2-EarlyDelete-GDA", "Glacier Deep Archive", 180),
    ],
)
def test_the_usage_type_names_the_class(usage_type: str, title: str, days: float) -> None:
    found = verdict(fee(usage_type))

    assert (found["title"], found["min_days"]) == (title, days)


def test_the_fee_is_an_upper_bound() -> None:
    (made,) = cards(CHECK, {"s3_early_deletes": table("s3_early_deletes", fee())})

    assert (made.monthly_savings, made.plus_minus) == (42.0, 42.0)
    assert made.reason == "42.00 dollars in 30 days for objects deleted from Standard-IA before 30 days were over"
    assert "filter usage type EarlyDelete-SIA in account 111122223333" in made.steps
