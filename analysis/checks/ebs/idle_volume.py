"""`ebs.idle_volume`: a volume attached to a running instance that neither reads nor writes it."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.attachments import is_root, owner_of
from analysis.storage.volume_charts import operations_charts
from analysis.storage.volume_commands import DELETE_ATTACHED, RESTORE_ATTACHED
from analysis.storage.volume_load import few_days, volume_load
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="B06",
    groups=(Group.STORAGE, Group.IDLE),
    resource="EBS volume",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{volume_type} volume of {size_gib:g} GiB on {instance_id}: {operations:.0f} operations in {days:.0f} days",
    source="AWS Compute Optimizer, idle resources: less than one operation a day",
    words=Words(
        current="{volume_type} {size_gib:g} GiB",
        proposed="deleted",
        how="{size_gib:g} GiB × ${gib_month_usd:g} a GiB-month, and what it has provisioned on top.",
        ignores="The snapshot that the command takes first: at most {snapshot_usd:.2f} dollars a month, less where the "
        "volume is not full.",
        risk="Something may read it once a quarter. Unmount it in {instance_id} and take it out of /etc/fstab before "
        "the command detaches it.",
        effect="The volume is detached and deleted once its snapshot is complete.",
        command=DELETE_ATTACHED,
        undo=RESTORE_ATTACHED,
    ),
    evidence=(
        Fact("Operations", "operations", "", "CloudWatch, VolumeReadOps and VolumeWriteOps", "Sum"),
        Fact("Measured", "days", "days", "CloudWatch"),
    ),
    chart=operations_charts,
)
def idle_volume(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 13,
    most_operations_a_day: float = 1,
) -> Verdicts:
    """EBS volume that is attached and not used.

    Measured zeros count, silence does not: a volume on a Nitro instance publishes its metrics always, one on an older
    instance only while it is used, and one on a stopped instance never.
    """
    attached = ebs_volumes["state"].eq("in-use")
    load = volume_load(ebs_volumes, ebs_metrics)
    owner = owner_of(ebs_volumes, ec2_instances)
    cost = prices.ebs_month(ebs_volumes)
    capacity = prices.unit(ebs_volumes, "ebs." + ebs_volumes["volume_type"] + ".gib_month")
    snapshot = prices.unit(ebs_volumes, "ebs.snapshot.gib_month")["usd"] * ebs_volumes["size_gib"]
    used = load["operations"].ge(most_operations_a_day * load["days"])
    return verdicts(
        ebs_volumes,
        saves=cost,
        fine=[
            (~attached, "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (is_root(ebs_volumes), "The root volume of its instance."),
            (ebs_volumes["multi_attach"], "Attached to several instances; each of them may need it."),
            (used, "Used: " + written(load["operations"]) + " operations in " + written(load["days"]) + " days."),
            (owner["state"].eq("stopped"), "Its instance is stopped: `ebs.on_stopped_instance` looks at it."),
        ],
        insufficient=[
            (
                owner["state"].ne("running"),
                "Its instance: " + ebs_volumes["instance_id"] + " is not among those that run; look at the attachment "
                "in the console.",
            ),
            (load["days"].lt(min_days), few_days(load["days"], min_days)),
            unpriced(ebs_volumes, cost, "of " + ebs_volumes["volume_type"] + " volumes"),
        ],
        plus_minus=snapshot,
        details=DataFrame(
            {
                "operations": load["operations"],
                "days": load["days"],
                "gib_month_usd": capacity["usd"],
                "snapshot_usd": snapshot,
                "monthly_cost": cost,
                "price_source": capacity["price_source"],
                "price_date": capacity["price_date"],
            }
        ),
    )
