"""`governance.marketplace`: another vendor's product that began to be billed through AWS Marketplace."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="G07",
    groups=(Group.GOVERNANCE,),
    resource="Marketplace subscription",
    action=Action.STOP,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="{name} is new on the bill through AWS Marketplace since {since}: ${newest_cost:,.2f} in its last month",
    source="AWS Marketplace: charges of other vendors come on the AWS bill",
    words=Words(
        current="new since {since}",
        proposed="known to its owner",
        how="${cost:,.2f} since {since}; not billed in any of the six full months before this one until then. Billed "
        "(unblended) cost, billing entity AWS Marketplace.",
        ignores="Tax, credits and refunds, and what the vendor bills outside of AWS.",
        risk="It is a question, no change. A contract may go on until its end whether it is used or not.",
        effect="Somebody says who bought it and until when, or unsubscribes.",
        steps="Look in {account_name} under AWS Marketplace, Manage subscriptions, for {name}: who accepted it, is it "
        "a contract with an end or paid by use. It often comes with an image that runs: unsubscribing alone does not "
        "stop instances.",
    ),
    evidence=(Fact("Cost so far", "cost", "USD", "Cost Explorer, billing entity AWS Marketplace"),),
)
def marketplace(marketplace_charges: DataFrame, *, most_months_ago: float = 1, min_cost: float = 1.0) -> Verdicts:
    """Product of AWS Marketplace that is new on the bill.

    Its price is the vendor's, no discount or commitment of AWS covers it, and it hides among the services. Told in its
    first month and the `most_months_ago` after it.
    """
    rows = marketplace_charges
    since = rows["first_month"].map(lambda day: "an unknown month" if pd.isna(day) else f"{day:%B %Y}").astype("str")
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (rows["months_ago"].gt(most_months_ago), "On the bill since " + since + " at least."),
            (rows["cost"].lt(min_cost), "Less than " + f"${min_cost:g} so far."),
        ],
        insufficient=[
            (rows["problem"].ne(""), "What is billed through AWS Marketplace: " + rows["problem"]),
            (rows["months_ago"].isna(), "Since when it is billed: Cost Explorer did not tell."),
        ],
        notice=(rows["months_ago"].le(most_months_ago), "New on the bill since " + since + "."),
        details=DataFrame({"since": since, "monthly_cost": rows["newest_cost"]}),
    )
