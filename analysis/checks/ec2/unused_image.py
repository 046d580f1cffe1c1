"""`ec2.unused_image`: an image that nothing was launched from for half a year, and the snapshots it keeps."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_IMAGE = ["account_id", "region", "image_id"]
_KEY = ["account_id", "region", "resource_id"]


@check(
    catalogue="E16",
    groups=(Group.STORAGE, Group.IDLE),
    resource="EC2 image",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Image of {age_days:.0f} days, {last_launch}, in no launch template, keeps {snapshot_count:.0f} snapshots "
    "of up to {size_gib:g} GiB",
    source="AWS, Identify and deregister unused AMIs (LastLaunchedTime)",
    words=Words(
        current="image, up to {size_gib:g} GiB",
        proposed="deregistered",
        how="At most {size_gib:g} GiB × ${gib_month_usd:g} a GiB-month: EC2 does not tell how much of its volumes the "
        "snapshots hold, so this is an upper bound.",
        ignores="Data that its snapshots share with later ones of the same volume; it stays, and stays billed.",
        risk="A pipeline, a script or another account it is shared with may name it: nothing that EC2 lists does.",
        effect="No instance can be launched from it any more, and its snapshots are deleted. Instances that run stay.",
        command=(
            "aws ec2 deregister-image --image-id {resource_id}",
            'for snapshot in {snapshot_ids:raw}; do aws ec2 delete-snapshot --snapshot-id "$snapshot" --region '
            "{region}; done",
        ),
    ),
    evidence=(
        Fact("Age", "age_days", "days", "EC2 DescribeImages, CreationDate"),
        Fact("Last launch", "launched_days", "days ago", "EC2 DescribeImages, LastLaunchedTime"),
    ),
)
def unused_image(
    ec2_images: DataFrame,
    ec2_instances: DataFrame,
    launch_images: DataFrame,
    prices: PriceBook,
    *,
    min_unused_days: float = 180.0,
) -> Verdicts:
    """Image that nobody launches.

    An image is unused when it is old, no instance of the account (running or stopped) comes from it, no launch
    template (newest, default, or the version a group holds on to) and no launch configuration names it, and EC2 knows
    of no launch in `min_unused_days`. EC2 has recorded launches for longer than that, so none recorded is none.
    """
    key = pd.MultiIndex.from_frame(ec2_images[_KEY])
    by_instance = key.isin(pd.MultiIndex.from_frame(ec2_instances[_IMAGE]))
    by_template = key.isin(pd.MultiIndex.from_frame(launch_images[_IMAGE]))
    month = prices.unit(ec2_images, "ebs.snapshot.gib_month")
    cost = month["usd"] * ec2_images["size_gib"]
    snapshots = [ids.split() for ids in ec2_images["snapshot_ids"]]
    count = pd.Series([float(len(ids)) for ids in snapshots], index=ec2_images.index)
    index = ec2_images.index
    launched = [
        "never launched as far as EC2 knows" if pd.isna(days) else f"last launched {days:.0f} days ago"
        for days in ec2_images["launched_days"]
    ]
    unpriced_rows, why_unpriced = unpriced(ec2_images, month["usd"], "of snapshots")
    return verdicts(
        ec2_images,
        saves=cost,
        fine=[
            (ec2_images["ignored"], "Left alone by its tag costbot:ignore."),
            (pd.Series(by_instance, index=index), "An instance was launched from it."),
            (pd.Series(by_template, index=index), "A launch template or configuration starts instances from it."),
            (ec2_images["shared"], "Shared with everybody: who launches it is not known."),
            (ec2_images["age_days"].lt(min_unused_days), f"Made less than {min_unused_days:.0f} days ago."),
            (ec2_images["launched_days"].lt(min_unused_days), f"Launched in the last {min_unused_days:.0f} days."),
            (count.eq(0), "It has no snapshot, so it costs nothing."),
        ],
        insufficient=[
            (ec2_images["age_days"].isna(), "When it was made: DescribeImages tells no CreationDate."),
            (ec2_images["size_gib"].isna(), "How large its volumes are: DescribeImages tells no VolumeSize."),
            (unpriced_rows, why_unpriced),
        ],
        details=DataFrame(
            {
                "last_launch": launched,
                "snapshot_count": count,
                "covers": snapshots,
                "gib_month_usd": month["usd"],
                "monthly_cost": cost,
                "price_source": month["price_source"],
                "price_date": month["price_date"],
            },
            index=index,
        ),
    )
