"""`ebs.on_stopped_instance`: a data volume that waits for an instance nobody has started for a month."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.attachments import is_root, owner_of
from analysis.storage.volume_charts import operations_charts
from analysis.storage.volume_commands import DELETE_ATTACHED, RESTORE_ATTACHED
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="B02",
    groups=(Group.STORAGE, Group.IDLE),
    resource="EBS volume",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{volume_type} volume of {size_gib:g} GiB on {instance_id}, which was stopped {stopped_days:.0f} days ago",
    source="AWS Well-Architected, Cost Optimization Pillar: decommission resources",
    words=Words(
        current="{volume_type} {size_gib:g} GiB",
        proposed="deleted",
        how="{size_gib:g} GiB × ${gib_month_usd:g} a GiB-month, and what it has provisioned on top; a volume costs the "
        "same while its instance is stopped.",
        ignores="The snapshot that the command takes first: at most {snapshot_usd:.2f} dollars a month, less where the "
        "volume is not full. The instance's other volumes.",
        risk="The instance lacks the volume when it is started again, and may not boot if /etc/fstab demands it.",
        effect="The volume is detached and deleted once its snapshot is complete; the instance stays stopped.",
        command=DELETE_ATTACHED,
        undo=RESTORE_ATTACHED,
    ),
    evidence=(
        Fact("Stopped for", "stopped_days", "days", "EC2 DescribeInstances, StateTransitionReason"),
        Fact("Size", "size_gib", "GiB", "EC2 DescribeVolumes"),
    ),
    chart=operations_charts,
)
def on_stopped_instance(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    min_stopped_days: float = 30,
) -> Verdicts:
    """EBS volume on an instance that has been stopped for long.

    Only data volumes: the root volume belongs to the instance and goes with it. A stopped instance costs nothing an
    hour, but its volumes cost what they cost while it runs.
    """
    attached = ebs_volumes["state"].eq("in-use")
    owner = owner_of(ebs_volumes, ec2_instances)
    stopped = owner["state"].eq("stopped")
    days: Series[float] = owner["stopped_days"]
    cost = prices.ebs_month(ebs_volumes)
    capacity = prices.unit(ebs_volumes, "ebs." + ebs_volumes["volume_type"] + ".gib_month")
    snapshot = prices.unit(ebs_volumes, "ebs.snapshot.gib_month")["usd"] * ebs_volumes["size_gib"]
    return verdicts(
        ebs_volumes,
        saves=cost.where(attached & stopped & days.ge(min_stopped_days)),
        fine=[
            (~attached, "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (owner["state"].ne("") & ~stopped, "Its instance " + ebs_volumes["instance_id"] + " is not stopped."),
            (stopped & is_root(ebs_volumes), "The root volume of its instance, which goes with it."),
            (ebs_volumes["multi_attach"], "Other instances may be attached to it as well."),
            (stopped & days.lt(min_stopped_days), "Stopped less than " + f"{min_stopped_days:.0f} days ago."),
        ],
        insufficient=[
            (
                owner["state"].eq(""),
                "Its instance: " + ebs_volumes["instance_id"] + " is not among the account's instances; look at the "
                "attachment in the console.",
            ),
            (
                days.isna(),
                "Since when its instance is stopped: EC2 does not tell it any more; CloudTrail's StopInstances does.",
            ),
            unpriced(ebs_volumes, cost, "of " + ebs_volumes["volume_type"] + " volumes"),
        ],
        plus_minus=snapshot,
        details=DataFrame(
            {
                "stopped_days": days,
                "gib_month_usd": capacity["usd"],
                "snapshot_usd": snapshot,
                "monthly_cost": cost,
                "price_source": capacity["price_source"],
                "price_date": capacity["price_date"],
            }
        ),
    )
