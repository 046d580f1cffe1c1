"""`commitments.stale_look_back`: usage that has just fallen, for which a purchase on the look-back would lose."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="P06",
    groups=(Group.COMMITMENTS,),
    resource="Usage on demand",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    risk=Risk.LOW,
    reason="Buying is blocked: {blocked}",
    source="none found: AWS's proposals look back over 7, 30 or 60 days and do not see a fall at their end",
    words=Words(
        current="falling",
        proposed="nothing bought for it",
        how="On demand it cost ${recent:,.2f} an hour in the last 7 days and ${before:,.2f} in the last 30.",
        ignores="Whether it comes back.",
        risk="None.",
        effect="No commitment is proposed for it.",
        steps="Wait until its level has stood for a month.",
    ),
)
def stale_look_back(commitment_parts: DataFrame, *, min_promised: float = 5) -> Verdicts:
    """Usage whose past is no guide to what to buy.

    A part of the usage on demand (a family of a service in a region) whose last 7 days cost a fifth less than its last
    30, or that stopped. Nothing is bought for it, in `commitments.purchase` neither. The verdict says what AWS's
    method would have bought on the look-back, and what that loses a month at the level of the last days; where it
    promises less than `min_promised` dollars a month, nobody would have bought. It saves nothing and has no card.
    """
    rows = commitment_parts
    fell = rows["blocked"].ne("")
    avoided = (-rows["at_recent"]).map("it would lose ${:,.2f} a month".format).astype("str")
    less = rows["at_recent"].map("it would save ${:,.2f} a month".format).astype("str")
    then = avoided.where(rows["at_recent"].lt(0), less)
    of_aws = rows["aws_hourly"].map("${:,.2f} an hour".format).astype("str") + " of " + rows["offer"]
    promised = rows["promised"].map("${:,.2f}".format).astype("str")
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (
                rows["problem"].eq("") & ~fell & rows["recent"].notna(),
                "Its last 7 days cost "
                + rows["recent"].map("${:,.2f} an hour".format).astype("str")
                + rows["before"].map(", its last 30 ${:,.2f}.".format).astype("str"),
            ),
            (
                fell & rows["promised"].lt(min_promised),
                "It has just fallen, and AWS's method promises " + promised + " a month for it.",
            ),
        ],
        conflict=(
            fell & rows["aws_hourly"].notna() & rows["promised"].notna(),
            "Buying is blocked: "
            + rows["blocked"]
            + ". On the look-back AWS's method buys "
            + of_aws
            + " and promises "
            + promised
            + " a month; at the level of the last 7 days "
            + then
            + ".",
        ),
        insufficient=(
            fell | rows["problem"].ne("") | rows["recent"].isna(),
            "How usage runs by the hour: " + rows["problem"] + rows["blocked"],
        ),
    )
