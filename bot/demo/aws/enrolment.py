"""AWS's own watchers over costs: none is switched on in the demo organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.demo.aws.shapes import checked

if TYPE_CHECKING:
    from bot.demo.aws.cost_explorer_view import View

OPERATIONS = frozenset(
    {("compute-optimizer", "GetEnrollmentStatus"), ("cost-optimization-hub", "ListEnrollmentStatuses")}
)


def answer(operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
    """Compute Optimizer's GetEnrollmentStatus and Cost Optimization Hub's ListEnrollmentStatuses."""
    if operation == "GetEnrollmentStatus":
        status = {"status": "Inactive", "memberAccountsEnrolled": False, "numberOfMemberAccountsOptedIn": 0}
        return checked("compute-optimizer", operation, status)
    items = [{"accountId": account_id, "status": "Inactive"}]
    return checked("cost-optimization-hub", operation, {"items": items, "includeMemberAccounts": False})


def anomaly_monitors(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """Cost Explorer's GetAnomalyMonitors."""
    return {"AnomalyMonitors": []}
