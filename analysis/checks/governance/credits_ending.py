"""`governance.credits_ending`: credits that ran out or soon will, after which the whole bill is to be paid."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts

#: With a credit on so many of 35 days it is taken off day by day, not once a month.
_DAILY_FROM = 25


@check(
    catalogue="G06",
    groups=(Group.GOVERNANCE,),
    resource="AWS credits",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="Credits {going}: the bill rises by up to ${monthly_cost:,.0f} a month",
    source="AWS, Applying AWS credits: they end with their balance or their date",
    words=Words(
        current="${monthly_cost:,.0f} a month taken off",
        proposed="known to who pays",
        how="Credits took off ${daily_told:,.2f} a day before, ${daily_recent:,.2f} a day in the last seven complete "
        "days. {going_how}",
        ignores="The balance and the end date, which no bill tells: look under Billing and Cost Management, Credits.",
        risk="None to any resource.",
        effect="Whoever pays knows the date, and what runs on credits is reviewed before it costs money.",
        steps="Look under Billing and Cost Management, Credits, for the balance and the date it expires; tell who "
        "pays. `/cost trend` shows the bill before credits.",
    ),
    evidence=(
        Fact("Credits a day, last week", "daily_recent", "USD", "the stored bill"),
        Fact("Credits a day, 35 days", "daily", "USD", "the stored bill"),
    ),
)
def credits_ending(
    credits_used: DataFrame,
    *,
    most_days_left: float = 45,
    min_daily: float = 1.0,
    most_fall_percent: float = 50,
    min_days: float = 35,
) -> Verdicts:
    """Credits that end.

    Told where they stopped, where the last seven days have half of what the days before had, or where their daily fall
    reaches zero within `most_days_left`. What is booked once a month is told when a month came without it.
    """
    rows = credits_used
    daily, recent, before = rows["daily"], rows["daily_recent"], rows["daily_before"]
    told = pd.concat([daily, before], axis=1).max(axis=1)
    by_day = rows["credit_days"].ge(_DAILY_FROM)
    was_by_day = by_day | (recent.gt(0) & rows["credit_days"].ge(7))
    stopped_month = daily.eq(0) & before.ge(min_daily)
    # A credit of every day that ended within the window leaves a quiet last week behind it.
    stopped = stopped_month | (recent.eq(0) & rows["credit_days"].ge(7))
    fell = was_by_day & recent.gt(0) & recent.lt(told * (1 - most_fall_percent / 100))
    left = (-recent / rows["slope"].where(rows["slope"].lt(0))).where(by_day)
    ends = left.le(most_days_left) & recent.gt(0)
    going = pd.Series("are as they were", index=rows.index, dtype="object")
    going = going.mask(ends, left.map(lambda days: "" if pd.isna(days) else f"reach zero in about {days:.0f} days"))
    going = going.mask(fell, "fell by more than half").mask(stopped, "have stopped")
    how = left.map(lambda days: "" if pd.isna(days) else f"Going on like that they reach zero in {days:.0f} days.")
    once = rows["credit_days"].gt(0) & ~was_by_day & ~stopped
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (rows["days"].ge(min_days) & told.lt(min_daily), "Less than " + f"${min_daily:g} a day."),
            (
                rows["days"].ge(min_days) & once,
                "Booked once a month, and this month's came; no bill tells the balance.",
            ),
            (
                rows["days"].ge(min_days) & by_day & ~(stopped | fell | ends),
                "They go on as they were; no bill tells the balance.",
            ),
        ],
        insufficient=[
            (
                rows["days"].lt(min_days) | rows["days"].isna(),
                "How credits go: fewer than " + f"{min_days:.0f} complete days are stored.",
            ),
            (~(stopped | fell | ends), "How credits go: they came too irregularly to tell."),
        ],
        notice=(stopped | fell | ends, "Credits " + going.astype("str") + "."),
        details=DataFrame(
            {
                "going": going.astype("str"),
                "going_how": how.astype("str"),
                "daily_told": told,
                "monthly_cost": told * DAYS_A_MONTH,
            }
        ),
    )
