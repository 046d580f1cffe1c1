"""`governance.first_seen`: a service, region or usage type that is on the bill for the first time."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="G04",
    groups=(Group.GOVERNANCE,),
    resource="line of the bill",
    action=Action.STOP,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="{what} is a new {kind} on the bill since {since}: ${daily_cost:,.2f} a day",
    source="AWS, Cost Anomaly Detection: new services have no history to be compared with",
    words=Words(
        current="new since {since}",
        proposed="known to its owner",
        how="${daily_cost:,.2f} a day over {days_new:.0f} complete days; not billed on any of the {known_days:.0f} "
        "stored days before.",
        ignores="Days that are still filling, tax, credits and fees.",
        risk="It is a question, no change: somebody may have started it on purpose.",
        effect="Somebody says whose it is and how long it stays, or stops it. It costs ${monthly_cost:,.2f} a month as "
        "it is.",
        steps="Ask in {account_name} who started {what}; `/cost trend` shows its days, CloudTrail who created it.",
    ),
    evidence=(
        Fact("Cost a day", "daily_cost", "USD", "the stored bill"),
        Fact("Days without it before", "known_days", "days", "the stored bill"),
    ),
)
def first_seen(
    first_billed: DataFrame, *, new_days: float = 14, min_daily_cost: float = 1.0, min_known_days: float = 60
) -> Verdicts:
    """Service, region or usage type that is new on the bill.

    What has no history cannot be an anomaly yet, and is where forgotten trials and stolen keys show first. It is told
    for `new_days` from its first charge on, if enough days before it are stored to know that it was not there.
    """
    since = _spelled(first_billed["first_day"])
    cost = first_billed["daily_cost"]
    month = DataFrame({"monthly_cost": cost * DAYS_A_MONTH, "since": since})
    return verdicts(
        first_billed,
        saves=cost * float("nan"),
        fine=[
            (cost.lt(min_daily_cost), "New, but less than " + f"${min_daily_cost:g} a day."),
            (first_billed["days_new"].gt(new_days), "On the bill since " + since + ", no longer new."),
        ],
        insufficient=[
            (
                first_billed["known_days"].lt(min_known_days),
                "Whether it is new: fewer than " + f"{min_known_days:.0f} days before " + since + " are stored; "
                "`costbot refresh` brings older ones.",
            ),
            (cost.isna(), "What it costs: the bill does not tell; refresh it."),
        ],
        notice=(cost.ge(min_daily_cost), "New on the bill since " + since + "; ask whose it is."),
        details=month,
    )


def _spelled(days: Series[pd.Timestamp]) -> Series[str]:
    return days.map(lambda day: "an unknown day" if pd.isna(day) else f"{day:%b} {day.day}").astype("str")
