"""`ebs.unattached_volume`: a volume that no instance uses and that is paid for as if one did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.volume_commands import DELETE_UNATTACHED, RESTORE
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Read": ("VolumeReadOps", "Sum"), "Written": ("VolumeWriteOps", "Sum")}
    return daily_charts(rows, tables["ebs_metrics"], lines, title="Operations a day", unit="operations")


@check(
    catalogue="B01",
    groups=(Group.STORAGE, Group.IDLE),
    resource="EBS volume",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="{volume_type} volume of {size_gib:g} GiB, unattached for {at_least}{detached_days:.0f} days",
    source="AWS Trusted Advisor, Underutilized Amazon EBS Volumes",
    words=Words(
        current="{volume_type} {size_gib:g} GiB",
        proposed="deleted",
        how="{size_gib:g} GiB × ${gib_month_usd:g} a GiB-month, and what it has provisioned on top.",
        ignores="A snapshot, if you keep one: at most {snapshot_usd:.2f} dollars a month for {size_gib:g} GiB.",
        risk="Nothing reads it now; whoever wants the data later needs the snapshot that the command takes first.",
        effect="The volume is deleted once its snapshot is complete.",
        command=DELETE_UNATTACHED,
        undo=RESTORE,
    ),
    evidence=(Fact("Size", "size_gib", "GiB", "EC2 DescribeVolumes"), Fact("Age", "age_days", "days", "CreateTime")),
    chart=_charts,
)
def unattached_volume(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_detached_days: float = 7,
) -> Verdicts:
    """EBS volume attached to nothing.

    An `available` volume bills for what it has provisioned as if it were in use. EC2 does not tell since when; a volume
    publishes metrics only while it is attached, so the days since its last one are known, and are at least the days
    looked at where there is none.
    """
    available = ebs_volumes["state"].eq("available")
    detached = detached_days(ebs_volumes, ebs_metrics)
    capacity = prices.unit(ebs_volumes, "ebs." + ebs_volumes["volume_type"] + ".gib_month")
    snapshot = prices.unit(ebs_volumes, "ebs.snapshot.gib_month")
    cost = prices.ebs_month(ebs_volumes)
    lately = detached["days"].lt(min_detached_days)
    return verdicts(
        ebs_volumes,
        saves=cost.where(available),
        fine=[
            (~available, "Attached to " + ebs_volumes["instance_id"] + "."),
            (lately, "Detached less than " + f"{min_detached_days:.0f} days ago."),
        ],
        insufficient=unpriced(ebs_volumes, cost, "of " + ebs_volumes["volume_type"] + " volumes"),
        details=DataFrame(
            {
                "detached_days": detached["days"],
                "at_least": detached["at_least"].map({True: "at least ", False: ""}),
                "gib_month_usd": capacity["usd"],
                "snapshot_usd": snapshot["usd"] * ebs_volumes["size_gib"],
                "monthly_cost": cost,
                "price_source": capacity["price_source"],
                "price_date": capacity["price_date"],
            }
        ),
    )


def detached_days(ebs_volumes: DataFrame, ebs_metrics: DataFrame) -> DataFrame:
    """Days since each volume's last metric, which end with its attachment.

    Returns:
        Same index: `days`, and `at_least`: it was detached before the days looked at, or never attached.
    """
    last = ebs_metrics.groupby(KEY)["time"].max()
    end, start = ebs_metrics["time"].max(), ebs_metrics["time"].min()
    own: Series[Any] = last.reindex(ebs_volumes.set_index(KEY).index).set_axis(ebs_volumes.index)
    since = (end - own).dt.days.astype("float64")
    window = float((end - start).days + 1) if len(ebs_metrics) else 0.0
    unseen = own.isna()
    # The looked-at days are whole days of the region; without any metric in it, only the age is known.
    bound = ebs_volumes["age_days"].clip(upper=window) if window else ebs_volumes["age_days"]
    return DataFrame({"days": since.where(~unseen, bound), "at_least": unseen & ebs_volumes["age_days"].gt(bound)})
