"""`governance.guards`: nothing of AWS watches over costs, though it would for nothing."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts

#: What each guard is for, and the steps to switch it on.
_GUARDS = {
    "AWS Budgets": (
        "no cost budget tells anybody when a month goes wrong",
        "In the console: Billing and Cost Management, Budgets, Create budget: a monthly one, with a mail address.",
    ),
    "Cost Anomaly Detection": (
        "AWS's own detector has no monitor",
        "aws ce create-anomaly-monitor --region us-east-1 --anomaly-monitor "
        "MonitorName=services,MonitorType=DIMENSIONAL,MonitorDimension=SERVICE",
    ),
    "Compute Optimizer": (
        "its advice on instances, volumes and functions is not made",
        "aws compute-optimizer update-enrollment-status --region us-east-1 --status Active --include-member-accounts",
    ),
    "Cost Optimization Hub": (
        "its list of savings, with your own discounts in the figures, is not made",
        "aws cost-optimization-hub update-enrollment-status --region us-east-1 --status Active "
        "--include-member-accounts",
    ),
}


@check(
    catalogue="G02",
    groups=(Group.GOVERNANCE,),
    resource="guard of costs",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    risk=Risk.LOW,
    reason="{name} is not set up: {missing}",
    source="AWS Well-Architected, Cost Optimization: monitor cost proactively",
    words=Words(
        current="off",
        proposed="on",
        how="It saves nothing by itself; {name} was asked, and there is none.",
        ignores="Budgets and monitors of member accounts; only the account that costbot itself belongs to is asked.",
        risk="None to any resource. The first two budgets, detection and both advisers cost nothing; Compute Optimizer "
        "may read metrics of all accounts once it is on.",
        effect="AWS watches as well, from a day on.",
        steps="{steps}",
    ),
)
def guards(cost_guards: DataFrame, *, most_guards_missing: float = 0) -> Verdicts:
    """Budget, anomaly detection or a free adviser that is not switched on.

    They are free, and each sees what costbot does not: the console's own numbers, and discounts as AWS applies them.
    Told when more than `most_guards_missing` of them are off.
    """
    state, name = cost_guards["state"], cost_guards["name"]
    known = name.map(lambda guard: _GUARDS.get(guard, ("it is off", "Switch it on in the console.")))
    is_off = state.eq("off")
    missing = is_off.groupby(cost_guards["account_id"]).transform("sum")
    return verdicts(
        cost_guards,
        saves=pd.Series(float("nan"), index=cost_guards.index),
        fine=[
            (state.eq("on"), name + " is on."),
            (is_off & missing.le(most_guards_missing), name + " is off; others are on."),
        ],
        insufficient=(~state.isin(["on", "off"]), "Whether " + name + " is on: " + cost_guards["problem"]),
        notice=(is_off, name + " is off."),
        details=DataFrame(
            {
                "missing": pd.Series([pair[0] for pair in known], index=cost_guards.index, dtype="str"),
                "steps": pd.Series([pair[1] for pair in known], index=cost_guards.index, dtype="str"),
            }
        ),
    )
