"""AWS Budgets of the stand-in: page by page, amounts that stay, and what AWS refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.budgets import Budgets, planted
from bot.demo.aws.organisation import PAYER
from tests.demo.aws.ledger_factories import NOW, ledger

NAMES = ["Everything, each month", "Data platform, each quarter", "Databases, each year", "Training hours on GPUs",
         "S3 requests"]  # fmt: skip


def ask(**asked: Any) -> dict[str, Any]:
    return Budgets(ledger(), lambda: NOW).answer("DescribeBudgets", {"AccountId": PAYER.id} | asked, PAYER.id)


def test_they_are_told_page_by_page() -> None:
    names, more = [], {}
    for _ in range(3):
        page = ask(MaxResults=2, **more)
        names += [one["BudgetName"] for one in page["Budgets"]]
        more = {"NextToken": page["NextToken"]} if "NextToken" in page else {}

    assert names == NAMES
    assert more == {}


def test_filters_are_told_in_both_forms_where_the_newer_is_asked_for() -> None:
    without, with_it = ask()["Budgets"][1], ask(ShowFilterExpression=True)["Budgets"][1]

    assert "FilterExpression" not in without
    assert without["CostFilters"] == {"LinkedAccount": ["777788889999"]}
    assert with_it["FilterExpression"]["Dimensions"]["Values"] == ["777788889999"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"AccountId": "111122223333"}, "AccessDeniedException"),
        ({"MaxResults": 5000}, "InvalidParameterException"),
        ({"NextToken": "made up"}, "InvalidNextTokenException"),
    ],
)
def test_what_aws_refuses_is_refused(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError, match=code):
        ask(**asked)


def test_amounts_stay_while_what_is_spent_grows() -> None:
    later = [Budgets(ledger(), lambda at=NOW + timedelta(days=days): at) for days in (0, 5)]  # type: ignore[misc]
    told = [one.answer("DescribeBudgets", {"AccountId": PAYER.id}, PAYER.id)["Budgets"] for one in later]

    amounts, spent = (
        [[float(one[part][key]["Amount"] if key else one[part]["Amount"]) for one in page] for page in told]
        for part, key in (("BudgetLimit", ""), ("CalculatedSpend", "ActualSpend"))
    )
    assert amounts[0] == amounts[1]
    assert all(after > before for before, after in zip(spent[0][:3], spent[1][:3], strict=True))


def test_a_member_account_has_none() -> None:
    assert Budgets(ledger(), lambda: NOW).answer("DescribeBudgets", {"AccountId": "1"}, "1") == {"Budgets": []}


@pytest.mark.parametrize("day", [datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 4, 2, 10, tzinfo=UTC)])
def test_on_the_first_days_of_a_year_or_quarter_every_amount_is_above_nothing(day: datetime) -> None:
    assert all(one.amount > 0 for one in planted(ledger(now=day)))
