"""`ebs.orphan_snapshot`: a snapshot whose volume is gone and that no image is made of."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.snapshots import COPIED, of_images, snapshot_month, source_exists
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="B08",
    groups=(Group.STORAGE, Group.IDLE),
    resource="EBS snapshot",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Snapshot of {size_gib:g} GiB, {age_days:.0f} days old: volume {volume_id} no longer exists",
    source="AWS Well-Architected, Cost Optimization Pillar: decommission resources",
    words=Words(
        current="{size_gib:g} GiB",
        proposed="deleted",
        how="At most {held_gib:g} GiB × ${gib_month_usd:g} a GiB-month. A snapshot holds only the blocks that differ "
        "from the one before, so it may cost less: {plus_minus:.2f} dollars a month of it are not certain.",
        ignores="Blocks that other snapshots of the same volume share: they stay, and stay paid for, with those.",
        risk="It may be the last copy of that data. An account it is shared with, a launch template or a script may "
        "name it; EC2 refuses to delete it only while an image uses it.",
        effect="The snapshot is deleted.",
        command=("aws ec2 delete-snapshot --snapshot-id {resource_id}",),
        undo=(),
    ),
    evidence=(
        Fact("Age", "age_days", "days", "EC2 DescribeSnapshots"),
        Fact("Size of its volume", "size_gib", "GiB", "EC2 DescribeSnapshots"),
        Fact("Blocks a restore reads", "full_gib", "GiB", "EC2 DescribeSnapshots"),
    ),
)
def orphan_snapshot(
    ebs_snapshots: DataFrame,
    ebs_volumes: DataFrame,
    ec2_images: DataFrame,
    prices: PriceBook,
    *,
    min_age_days: float = 30,
) -> Verdicts:
    """EBS snapshot of a volume that is gone.

    Its volume is no longer in the account and region, no image of the account is made of it, and no backup policy of
    AWS will delete it. A copy does not tell what it was made of, and is left alone.
    """
    cost = snapshot_month(ebs_snapshots, prices)
    image = of_images(ebs_snapshots, ec2_images)["image_id"]
    managed = ebs_snapshots["managed_by"]
    volume = ebs_snapshots["volume_id"]
    return verdicts(
        ebs_snapshots,
        saves=cost["usd"],
        fine=[
            (image.ne(""), "Image " + image + " is made of it."),
            (managed.ne(""), managed + " made it and deletes it by its own policy."),
            (source_exists(ebs_snapshots, ebs_volumes)["exists"], "Its volume " + volume + " exists."),
            (volume.eq(COPIED), "A copy: what it was made of is not told; `ebs.old_snapshot` looks at its age."),
            (ebs_snapshots["state"].isin(["pending", "recoverable", "recovering"]), "Not complete, or in the bin."),
            (
                ebs_snapshots["age_days"].lt(min_age_days),
                "Its volume is gone, but it is less than " + f"{min_age_days:.0f} days old.",
            ),
        ],
        insufficient=[
            (volume.eq(""), "The volume it was made of: EC2 does not tell it; look at the snapshot's description."),
            (ebs_snapshots["age_days"].isna(), "Its age: EC2 tells no start time; look again when it is complete."),
            unpriced(ebs_snapshots, cost["usd"], "of snapshots"),
        ],
        plus_minus=cost["plus_minus"],
        details=cost[["held_gib", "gib_month_usd", "price_source", "price_date"]].assign(monthly_cost=cost["usd"]),
    )
