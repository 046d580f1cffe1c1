"""`ec2.previous_generation`: an instance of a family that AWS has replaced by a cheaper and faster one."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing import counterpart
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE, CHANGE_BACK, EFFECT, HOW, IGNORES
from analysis.rightsizing.demand import credits
from analysis.rightsizing.families import SUCCESSORS
from analysis.rightsizing.fit import specified
from analysis.verdicts import Verdicts, verdicts

_NITRO = "nitro"


@check(
    catalogue="E07",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="{instance_type} is of a previous generation; {target} gives no less and costs less",
    source="AWS, Previous generation instances",
    words=Words(
        current="{instance_type}",
        proposed="{target}",
        how=HOW,
        ignores=IGNORES,
        risk="{target} runs on Nitro: volumes show up as /dev/nvme…, so a mount by device name in /etc/fstab must be "
        "by UUID, and the image needs the NVMe driver.",
        effect=EFFECT,
        command=CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("vCPUs", "vcpu", "of {instance_type}", "EC2 DescribeInstanceTypes"),
        Fact("vCPUs then", "target_vcpu", "of {target}", "EC2 DescribeInstanceTypes"),
        Fact("Memory", "memory_gib", "GiB of {instance_type}", "EC2 DescribeInstanceTypes"),
        Fact("Memory then", "target_memory_gib", "GiB of {target}", "EC2 DescribeInstanceTypes"),
    ),
    moves=instance_hours("target", "target_hourly_usd"),
)
def previous_generation(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_savings: float = 1.0,
) -> Verdicts:
    """EC2 instance of a previous generation.

    The proposal is the smallest type of the family's successor, offered in the instance's zone, that has no fewer vCPUs
    and no less memory. A burstable instance whose credits ran out is left alone: its successor would bill for what it
    now goes without.
    """
    current = counterpart.with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(credits(ec2_instances, ec2_metrics))
    current["has_counterpart"] = family_of(current["instance_type"]).isin(SUCCESSORS)
    current = current.join(
        counterpart.counterparts(current, SUCCESSORS, instance_types, instance_offerings, ec2_metrics, prices)
    )
    drained = current["burstable"].eq(True) & current["drained_days"].gt(0)
    to_nitro = current["hypervisor"].ne(_NITRO)
    saving = current["saving"]
    return verdicts(
        current,
        saves=saving.where(saving.ge(min_monthly_savings)),
        fine=[
            *counterpart.out_of_scope(current, "Of a current generation."),
            (saving.lt(min_monthly_savings), "Its successor " + current["target"].fillna("") + " is not cheaper."),
        ],
        conflict=[
            *counterpart.conflicts(current),
            (
                drained,
                "Its burst credits ran out: "
                + current["target"].fillna("a successor")
                + " is unlimited from the start and would bill for what it now goes without; decide its size first.",
            ),
        ],
        insufficient=[
            *counterpart.unknown(current),
            (
                current["target"].isna(),
                "A type to go to: DescribeInstanceTypeOfferings names none of "
                + family_of(current["instance_type"]).map(SUCCESSORS).fillna("its successor")
                + " in its zone that gives no less.",
            ),
            (
                to_nitro & ~current["ena_support"],
                "Whether its image has the ENA driver that Nitro types need: EnaSupport of the instance says no.",
            ),
            counterpart.untold(current),
        ],
        details=DataFrame(
            {
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
                "needs": pd.Series("", index=current.index, dtype="str"),
            }
        ),
    )
