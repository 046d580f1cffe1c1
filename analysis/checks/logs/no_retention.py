"""`logs.no_retention`: a log group that keeps every event for ever, and pays for it every month."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: The only retentions that CloudWatch Logs takes, in days (AWS: PutRetentionPolicy).
RETENTIONS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
#: Words in a name that speak of evidence somebody may have to keep.
_EVIDENCE = r"audit|trail|security|guard|compliance|flow-?logs"


@check(
    catalogue="O01",
    groups=(Group.OBSERVABILITY, Group.STORAGE),
    resource="log group",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="{stored_gb:,.0f} GB of logs over {days_old:.0f} days, and nothing is ever deleted",
    source="AWS, CloudWatch Logs: Change log data retention",
    words=Words(
        current="for ever",
        proposed="{keep_days:d} days",
        how="{stored_gb:,.0f} GB × ${gb_month_usd:g} a GB-month × {older_share:.1%}, the share of its {days_old:.0f} "
        "days that is older than {keep_days:d} days, as if the same came in every day.",
        ignores="How old the events really are: AWS tells the total only. Had the logs grown steadily from nothing, it "
        "would be {plus_minus:.2f} dollars less. GB are 10⁹ bytes; where AWS counts 2³⁰, it is 7 % less.",
        risk="Events older than {keep_days:d} days are deleted for good; ask who needs them by law or for audits, and "
        "export those to S3 first.",
        effect="CloudWatch Logs deletes what is older than {keep_days:d} days within about three days, and from then "
        "on every day.",
        command=("aws logs put-retention-policy --log-group-name {resource_id} --retention-in-days {keep_days}",),
        undo=("aws logs delete-retention-policy --log-group-name {resource_id}",),
    ),
    evidence=(
        Fact("Stored", "stored_gb", "GB", "CloudWatch Logs DescribeLogGroups"),
        Fact("Age", "days_old", "days", "creationTime"),
    ),
)
def no_retention(
    log_groups: DataFrame, prices: PriceBook, *, keep_days: float = 90, min_stored_gb: float = 1.0
) -> Verdicts:
    """Log group without a retention.

    A new log group keeps everything for ever. Of what it stores only the total and its own age are known, so what is
    older than `keep_days` is taken as its share of that age. `keep_days` is rounded up to a retention that AWS takes.
    """
    keep = next((days for days in RETENTIONS if days >= keep_days), RETENTIONS[-1])
    stored, age = log_groups["stored_gb"], log_groups["days_old"]
    price = prices.unit(log_groups, "logs.storage.gb_month")
    cost = stored * price["usd"]
    older = ((age - keep) / age.where(age.gt(0))).clip(lower=0.0)
    saving = cost * older
    kept = log_groups["retention_days"]
    is_evidence = log_groups["name"].str.contains(_EVIDENCE, case=False, regex=True)
    return verdicts(
        log_groups,
        saves=saving,
        plus_minus=saving - saving * older,
        fine=[
            (kept.notna(), "It keeps " + _whole(kept) + " days."),
            (log_groups["log_class"].eq("DELIVERY"), "AWS deletes what is in a group of class DELIVERY by itself."),
            (stored.lt(min_stored_gb), "It keeps everything, but stores less than " + f"{min_stored_gb:g} GB."),
            (age.le(keep), "It keeps everything, but is only " + _whole(age) + " days old."),
        ],
        insufficient=[
            (stored.isna(), "How much it stores: DescribeLogGroups did not tell; ask again tomorrow."),
            (age.isna(), "How old it is: DescribeLogGroups did not tell; ask again tomorrow."),
            unpriced(log_groups, price["usd"], "of stored logs"),
        ],
        details=DataFrame(
            {
                "keep_days": pd.Series(keep, index=log_groups.index, dtype="int64"),
                "older_share": older,
                "gb_month_usd": price["usd"],
                "monthly_cost": cost,
                "price_source": price["price_source"],
                "price_date": price["price_date"],
                "risk": is_evidence.map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}),
            }
        ),
    )


def _whole(days: Series[float]) -> Series[str]:
    return days.map(lambda value: "?" if pd.isna(value) else f"{value:.0f}").astype("str")
