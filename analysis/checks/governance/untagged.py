"""`governance.untagged`: money that nobody can be asked about, because its resources do not say whose they are."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="G01",
    groups=(Group.GOVERNANCE,),
    resource="cost allocation tag",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="{share:.0%} of the bill has no tag {name}: ${monthly_cost:,.0f} a month that nobody owns{rise}",
    source="AWS, Best practices for tagging AWS resources; FinOps Foundation, Allocation",
    words=Words(
        current="{share:.0%} without {name}",
        proposed="{most_untagged_percent:g} % or less",
        how="${untagged:,.2f} of ${cost:,.2f} of usage in {days:.0f} complete days. Most of it a day: {largest}.",
        ignores="That some usage cannot be tagged, such as most data transfer and requests. Tax, credits, support and "
        "fees are left out.",
        risk="Tags change nothing about a resource; a policy or a script that goes by them may.",
        effect="Costs get owners, from the day on that they are tagged: AWS does not rewrite the past by itself.",
        steps="Tag what is named above with {name}, in the console under Resource Groups, Tag Editor, or in the "
        "templates that make it; enforce it with a tag policy of AWS Organizations. `/cost allocation` can share out "
        "what cannot be tagged.",
    ),
    evidence=(
        Fact("Without the tag", "untagged", "USD", "the stored bill"),
        Fact("Of all usage", "cost", "USD", "the stored bill"),
    ),
)
def untagged(
    untagged_costs: DataFrame,
    *,
    most_untagged_percent: float = 10,
    most_rise_points: float = 5,
    min_days: float = 28,
) -> Verdicts:
    """Usage without a value of a tag that costs are allocated by.

    Told where its share is above `most_untagged_percent`, or has risen by `most_rise_points` against as many days
    before.
    """
    share = _share(untagged_costs["untagged"], untagged_costs["cost"])
    before = _share(untagged_costs["untagged_before"], untagged_costs["cost_before"])
    rise = (share - before) * 100
    rises = rise.ge(most_rise_points)
    is_much = share.mul(100).gt(most_untagged_percent)
    days = untagged_costs["days"]
    name = untagged_costs["name"]
    told = share.map(lambda value: "" if pd.isna(value) else f"{value:.0%}").astype("str")
    return verdicts(
        untagged_costs,
        saves=share * float("nan"),
        fine=(
            days.ge(min_days) & share.notna() & ~is_much & ~rises,
            told + " of the bill has no tag " + name + ", and it has not risen.",
        ),
        insufficient=[
            (days.lt(min_days) | days.isna(), "Whole weeks: fewer than " + f"{min_days:.0f} complete days are stored."),
            (share.isna(), "Costs by this tag: none are stored of these days; `costbot refresh` brings them."),
        ],
        notice=(is_much | rises, told + " of the bill has no tag " + name + "."),
        details=DataFrame(
            {
                "share": share,
                "monthly_cost": untagged_costs["untagged"] / days * DAYS_A_MONTH,
                "rise": rise.map(lambda points: f", {points:.0f} points more than before" if points >= 1 else ""),
            }
        ),
    )


def _share(part: Series[float], whole: Series[float]) -> Series[float]:
    return part / whole.where(whole.gt(0))
