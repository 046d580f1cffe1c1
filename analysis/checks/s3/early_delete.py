"""`s3.early_delete`: fees for objects that were moved to a cheaper class and deleted before its minimum was over."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group
from analysis.verdicts import Verdicts, verdicts

#: Part of the usage type → (class, its minimum in days).
_CLASSES = {
    "SIA": ("Standard-IA", 30),
    "ZIA": ("One Zone-IA", 30),
    "GIR": ("Glacier Instant Retrieval", 90),
    "Glacier": ("Glacier Flexible Retrieval", 90),
    "ByteHrs": ("Glacier Flexible Retrieval", 90),
    "GDA": ("Glacier Deep Archive", 180),
}


@check(
    catalogue="S08",
    groups=(Group.STORAGE,),
    resource="S3 usage type",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    reason="{cost:,.2f} dollars in 30 days for objects deleted from {title} before {min_days:.0f} days were over",
    source="AWS S3 pricing, minimum storage duration",
    words=Words(
        current="{title}, deleted early",
        proposed="kept in Standard, or for {min_days:.0f} days",
        how="{cost:,.2f} dollars on the bill of the last 30 days as {resource_id}. All of it stops if what lives "
        "shorter than {min_days:.0f} days is not moved to {title}.",
        ignores="What the same objects would cost in Standard instead while they live: the saving is at most the fee, "
        "and nothing at all for objects that come close to {min_days:.0f} days.",
        risk="None to the data. The bill does not name the bucket.",
        effect="Short-lived objects stay in Standard and are deleted from there without a fee.",
        steps="Find the bucket: Cost Explorer, filter usage type {resource_id} in account {account_id}, and group by "
        "the tag of your buckets; or S3 Storage Lens. Then delay its transition to {title} to a time that few objects "
        "reach before they are deleted, or exclude their prefix from the rule.",
    ),
    evidence=(
        Fact("Fee", "cost", "USD in 30 days", "your bill"),
        Fact("Paid and not used", "gb_months", "GB-months", "your bill"),
    ),
)
def early_delete(s3_early_deletes: DataFrame, *, min_monthly_fee: float = 10) -> Verdicts:
    """S3 early-deletion fees.

    An object in an infrequent class or an archive is paid for until its minimum is over, even if it is deleted before.
    The fee is an upper bound of the saving: in Standard those objects would cost something too while they live.
    """
    cost = s3_early_deletes["cost"]
    kind = s3_early_deletes["resource_id"].str.extract(r"EarlyDelete-?([A-Za-z]*)", expand=False)
    known = kind.map(_CLASSES)
    titles = known.map(lambda found: found[0], na_action="ignore").astype("object").fillna("its class").astype("str")
    days = known.map(lambda found: float(found[1]), na_action="ignore").astype("float64")
    return verdicts(
        s3_early_deletes,
        saves=cost,
        fine=(
            cost.lt(min_monthly_fee),
            written(cost, ".2f") + f" dollars in 30 days, less than {min_monthly_fee:g}.",
        ),
        insufficient=(cost.isna(), "What it costs: the bill tells none."),
        plus_minus=cost,
        details=DataFrame(
            {
                "title": titles,
                "min_days": days,
                "monthly_cost": cost,
                "price_source": pd.Series("your own bill, last 30 days", index=cost.index, dtype="str"),
                "price_date": Series(pd.NaT, index=cost.index),
            }
        ),
    )
