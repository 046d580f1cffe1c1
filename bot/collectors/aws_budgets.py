"""AWS Budgets of costbot's own account: asked page by page, and only read. Asking costs nothing."""

from __future__ import annotations

from typing import Any

from bot.aws import reading
from bot.context import Context

ACTIONS = ("budgets:ViewBudget",)
PAGE = 100


def fetch(context: Context) -> list[dict[str, Any]]:
    """Every budget, as `DescribeBudgets` tells it.

    Raises:
        SourceUnavailable: AWS refuses, or cannot be asked.
    """
    account = context.aws.caller_account()
    asked: dict[str, Any] = {"AccountId": account, "MaxResults": PAGE, "ShowFilterExpression": True}
    found: list[dict[str, Any]] = []
    with reading(ACTIONS[0], account):
        client = context.aws.client("budgets")
        while True:
            page = client.describe_budgets(**asked)
            found += page.get("Budgets") or []
            if not page.get("NextToken"):
                return found
            asked["NextToken"] = page["NextToken"]
