"""`rds.old_snapshot`: manual snapshots of databases that have been kept for long, or outlived their database."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.databases.prices import RDS
from analysis.models import Action, Effort, Group, Risk
from analysis.prices.units import OWN_SOURCE
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_KEY = ["account_id", "region", "source_id"]


@check(
    catalogue="R08",
    groups=(Group.DATABASE, Group.STORAGE),
    resource="RDS snapshot",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Manual snapshot of {source_id}, {age_days:.0f} days old{gone}",
    source="AWS, backup storage of Amazon RDS: manual snapshots stay, and are billed, until they are deleted",
    words=Words(
        current="{size_gib:g} GiB",
        proposed="deleted",
        how="At most {size_gib:g} GiB × ${gib_usd:g} a GiB-month: RDS tells the size of the database then, not what "
        "the snapshot stores beside others of it.",
        ignores="The backup storage that is free of charge: as much as all databases of the region have allocated.",
        risk="{last}Rules on keeping records may ask for it.",
        effect="The snapshot is deleted; other snapshots of the same database stay whole.",
        command=("aws rds delete-db-snapshot --db-snapshot-identifier {resource_id}",),
    ),
    evidence=(
        Fact("Size", "size_gib", "GiB", "RDS DescribeDBSnapshots", "allocated"),
        Fact("Age", "age_days", "days", "SnapshotCreateTime"),
    ),
)
def old_snapshot(
    rds_snapshots: DataFrame,
    rds_instances: DataFrame,
    prices: PriceBook,
    *,
    min_age_days: float = 90,
    min_orphan_days: float = 30,
) -> Verdicts:
    """Manual RDS snapshot older than anybody is likely to want.

    A snapshot of a database that is gone counts earlier. The saving is an upper bound and may be nothing: backups are
    free up to the allocated storage, and where the bill shows the account's databases and no charge for backups,
    nothing is saved.
    """
    price = prices.unit(rds_snapshots, "rds.backup.gib_month")
    cost = rds_snapshots["size_gib"] * price["usd"]
    age = rds_snapshots["age_days"]
    there = pd.MultiIndex.from_frame(rds_instances[["account_id", "region", "resource_id"]])
    gone = pd.Series(~pd.MultiIndex.from_frame(rds_snapshots[_KEY]).isin(there), index=rds_snapshots.index)
    newest = rds_snapshots.groupby(_KEY)["age_days"].transform("min").eq(age)
    last = gone & newest
    limit = gone.map({True: min_orphan_days, False: min_age_days}).astype("float64")
    free = _known_to_be_free(rds_snapshots, prices) & price["price_source"].ne(OWN_SOURCE)
    risk = last.map({True: Risk.HIGH.value, False: Risk.MEDIUM.value})
    only = "It is the last snapshot of a database that is gone: its data exists nowhere else. "
    return verdicts(
        rds_snapshots,
        saves=cost.where(age.ge(limit)),
        fine=[
            (rds_snapshots["status"].eq("creating"), "It is being made."),
            (age.lt(limit), "Younger than " + limit.astype("int64").astype("str") + " days."),
            (free, "Your bill charges nothing for backups of RDS there: they are within what is free."),
        ],
        insufficient=[
            (age.isna(), "When it was made: RDS does not tell."),
            unpriced(rds_snapshots, cost, "of backup storage of RDS"),
        ],
        plus_minus=cost,
        details=DataFrame(
            {
                "gone": gone.map({True: ", of a database that is gone", False: ""}),
                "last": last.map({True: only, False: ""}),
                "risk": risk,
                "gib_usd": price["usd"],
                "monthly_cost": cost,
            }
        ).join(price[["price_source", "price_date"]]),
    )


def _known_to_be_free(rds_snapshots: DataFrame, prices: PriceBook) -> Series[bool]:
    """Whether the account's bill shows databases in that region."""
    billed = prices.units.own[prices.units.own["service"].eq(RDS)]
    known = pd.MultiIndex.from_frame(billed[["account_id", "region"]])
    return pd.Series(pd.MultiIndex.from_frame(rds_snapshots[["account_id", "region"]]).isin(known), rds_snapshots.index)
