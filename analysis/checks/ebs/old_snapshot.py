"""`ebs.old_snapshot`: a snapshot that no policy deletes and that is older than anybody restores."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.snapshots import COPIED, of_images, snapshot_month, source_exists
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="B09",
    groups=(Group.STORAGE,),
    resource="EBS snapshot",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Snapshot of {size_gib:g} GiB is {age_days:.0f} days old, and no backup policy deletes it",
    source="AWS Well-Architected, Cost Optimization Pillar: data retention policies",
    words=Words(
        current="{size_gib:g} GiB",
        proposed="deleted",
        how="At most {held_gib:g} GiB × ${gib_month_usd:g} a GiB-month. A snapshot holds only the blocks that differ "
        "from the one before, so it may cost less: {plus_minus:.2f} dollars a month of it are not certain.",
        ignores="Retention that a law or a contract asks for. What must be kept for 90 days or more can be archived "
        "(aws ec2 modify-snapshot-tier): the archive holds a full copy of {held_gib:g} GiB for at most "
        "{archived_usd:.2f} dollars a month; that pays only if the snapshot's own blocks are over a quarter of it.",
        risk="{risk_words}",
        effect="The snapshot is deleted; later ones of the volume keep the blocks that they need.",
        command=("aws ec2 delete-snapshot --snapshot-id {resource_id}",),
        undo=(),
    ),
    evidence=(
        Fact("Age", "age_days", "days", "EC2 DescribeSnapshots"),
        Fact("Size of its volume", "size_gib", "GiB", "EC2 DescribeSnapshots"),
        Fact("Snapshots of the same volume", "siblings", "", "EC2 DescribeSnapshots"),
    ),
)
def old_snapshot(
    ebs_snapshots: DataFrame,
    ebs_volumes: DataFrame,
    ec2_images: DataFrame,
    prices: PriceBook,
    *,
    min_age_days: float = 90,
) -> Verdicts:
    """EBS snapshot that has been kept longer than backups are.

    Its volume still exists, or it is a copy. The newest snapshot of a volume may be its only backup: deleting that is
    a high risk, and the card says so.
    """
    cost = snapshot_month(ebs_snapshots, prices)
    archived = prices.unit(ebs_snapshots, "ebs.snapshot_archive.gib_month")["usd"] * cost["held_gib"]
    image = of_images(ebs_snapshots, ec2_images)["image_id"]
    managed = ebs_snapshots["managed_by"]
    copied = ebs_snapshots["volume_id"].eq(COPIED)
    exists = source_exists(ebs_snapshots, ebs_volumes)["exists"]
    of_volume = ebs_snapshots.groupby(["account_id", "region", "volume_id"])["age_days"]
    newest = ebs_snapshots["age_days"].eq(of_volume.transform("min")) & ~copied
    return verdicts(
        ebs_snapshots,
        saves=cost["usd"],
        fine=[
            (image.ne(""), "Image " + image + " is made of it."),
            (managed.ne(""), managed + " made it and deletes it by its own policy."),
            (ebs_snapshots["state"].isin(["pending", "recoverable", "recovering"]), "Not complete, or in the bin."),
            (ebs_snapshots["age_days"].lt(min_age_days), "Less than " + f"{min_age_days:.0f} days old."),
            (
                ~exists & ~copied & ebs_snapshots["volume_id"].ne(""),
                "Its volume is gone: `ebs.orphan_snapshot` looks at it.",
            ),
        ],
        insufficient=[
            (
                ebs_snapshots["volume_id"].eq(""),
                "The volume it was made of: EC2 does not tell it; look at the snapshot's description.",
            ),
            (ebs_snapshots["age_days"].isna(), "Its age: EC2 tells no start time; look again when it is complete."),
            unpriced(ebs_snapshots, cost["usd"], "of snapshots"),
        ],
        plus_minus=cost["plus_minus"],
        details=cost[["held_gib", "gib_month_usd", "price_source", "price_date"]].assign(
            monthly_cost=cost["usd"],
            archived_usd=archived,
            siblings=of_volume.transform("size").mask(copied).astype("float64"),
            risk=newest.map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}),
            risk_words=newest.map(
                {
                    True: "It is the newest snapshot of a volume that exists: without it there may be no backup of the "
                    "volume at all. Take a new one first if somebody relies on it.",
                    False: "Newer snapshots of the volume remain; only the state of that day is lost. An account it is "
                    "shared with, or a script, may name it.",
                }
            ),
        ),
    )
