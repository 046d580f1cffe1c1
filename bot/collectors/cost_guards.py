"""The table `cost_guards`: whether anything of AWS watches over costs: a budget, detection, two free advisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pandas import DataFrame

from bot.aws import reading
from bot.collectors.asked_weekly import asked_weekly
from bot.collectors.scopes import Scope
from bot.complete_days import payer
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS = (
    "budgets:ViewBudget",
    "ce:GetAnomalyMonitors",
    "compute-optimizer:GetEnrollmentStatus",
    "cost-optimization-hub:ListEnrollmentStatuses",
)
#: It is of the organisation, not of each account, and reads what was kept: asked once a scan, in costbot's own account.
SCOPE = Scope.BILL
FACT = "savings.anomaly_monitors"
BUDGET, DETECTION, COMPUTE_OPTIMIZER, HUB = (
    "AWS Budgets", "Cost Anomaly Detection", "Compute Optimizer", "Cost Optimization Hub",
)  # fmt: skip

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` and `name` are the guard
    "state": "str",  # on, off, unknown
    "problem": "str",  # why it is unknown
}


def read(context: Context) -> DataFrame:
    """One row per guard, with `COLUMNS`; none where there are no working credentials."""
    own_id, own_name = payer(context)
    if not own_id:
        return typed([], COLUMNS)
    guards: dict[str, Callable[[], bool]] = {
        BUDGET: lambda: _has_budget(context, own_id),
        DETECTION: lambda: _has_monitor(context),
        COMPUTE_OPTIMIZER: lambda: _has_optimizer(context),
        HUB: lambda: _has_hub(context),
    }
    return typed([_row(name, is_on, own_id, own_name) for name, is_on in guards.items()], COLUMNS)


def _row(name: str, is_on: Callable[[], bool], account_id: str, account_name: str) -> dict[str, object]:
    try:
        state, problem = ("on" if is_on() else "off"), ""
    except SourceUnavailable as error:
        state, problem = "unknown", str(error)
    return {
        "account_id": account_id,
        "account_name": account_name,
        "region": "",
        "resource_id": name,
        "name": name,
        "owner": "",
        "env": "",
        "ignored": False,
        "state": state,
        "problem": problem,
    }


def _has_budget(context: Context, account_id: str) -> bool:
    with reading("budgets:ViewBudget"):
        found = context.aws.client("budgets").describe_budgets(AccountId=account_id, MaxResults=100)
    return any(budget["BudgetType"] == "COST" for budget in found.get("Budgets", ()))


def _has_monitor(context: Context) -> bool:
    def ask() -> list[dict[str, Any]]:
        with reading("ce:GetAnomalyMonitors"):
            found = context.aws.client("ce").get_anomaly_monitors()
        return [{"name": monitor["MonitorName"]} for monitor in found["AnomalyMonitors"]]

    answer = asked_weekly(context, FACT, ask)
    if answer.problem:
        raise SourceUnavailable(answer.problem, "costbot asks again at the next scan.")
    return bool(answer.rows)


def _has_optimizer(context: Context) -> bool:
    with reading("compute-optimizer:GetEnrollmentStatus"):
        client = context.aws.client("compute-optimizer", region="us-east-1")
        return bool(client.get_enrollment_status()["status"] in ("Active", "Pending"))


def _has_hub(context: Context) -> bool:
    with reading("cost-optimization-hub:ListEnrollmentStatuses"):
        items = context.aws.client("cost-optimization-hub").list_enrollment_statuses().get("items", ())
    return any(item.get("status") == "Active" for item in items)
