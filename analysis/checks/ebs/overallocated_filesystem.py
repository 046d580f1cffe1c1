"""`ebs.overallocated_filesystem`: a volume of which less than a third is filled, and which cannot shrink."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import daily_charts, over_days
from analysis.figures import written
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.attachments import is_root
from analysis.verdicts import Verdicts, verdicts

_METRIC = ("disk_used_percent", "Maximum")
_STEP_GIB = 10
#: The smallest volume of a type, and the most IOPS it may have for each GiB.
_SMALLEST_GIB = {"st1": 125.0, "sc1": 125.0, "io1": 4.0, "io2": 4.0}
_IOPS_A_GIB = {"gp3": 500.0, "io1": 50.0, "io2": 500.0}
#: Both volumes are paid for while the data is copied and the new one proves itself.
_SIDE_BY_SIDE_DAYS, _MONTH_DAYS = 7, 30


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    return daily_charts(
        rows, tables["ebs_filesystems"], {"Used": _METRIC}, title="Fullest moment of each day", unit="%"
    )


@check(
    catalogue="B07",
    groups=(Group.STORAGE, Group.RIGHTSIZING),
    resource="EBS volume",
    action=Action.RIGHTSIZE,
    effort=Effort.HIGH,
    risk=Risk.HIGH,
    reason="{volume_type} volume of {size_gib:g} GiB was never fuller than {used_percent:.0f} % in {days:.0f} days",
    source="CloudWatch agent, disk_used_percent",
    words=Words(
        current="{size_gib:g} GiB",
        proposed="{needed_gib:g} GiB",
        how="{used_gib:.0f} GiB are used at most; with {free_percent:g} % left free that is {needed_gib:g} GiB, which "
        "cost {needed_cost:.2f} dollars a month as {volume_type} with the same performance, instead of "
        "{monthly_cost:.2f}.",
        ignores="The work, and {migration_usd:.2f} dollars once for both volumes side by side for a week.",
        risk="A volume cannot shrink: the data is copied to a new one while nothing writes, which is a stop of the "
        "service or a careful switch. A smaller gp2 volume has fewer IOPS too. It may fill up later: EBS can grow it "
        "again at any time.",
        effect="A smaller volume takes over; the old one is deleted once it is no longer needed.",
        steps="1. aws ec2 create-volume --size {needed_gib:g} --volume-type {volume_type} --availability-zone {az} "
        "--region {region}. 2. Attach it to {instance_id}, make a filesystem. 3. Stop what writes, copy (rsync -aHAX), "
        "mount the new one in its place and change /etc/fstab. 4. Watch it for a week, take a snapshot of "
        "{resource_id} and delete it. The way back until then: mount the old one again.",
    ),
    evidence=(
        Fact("Filesystem used", "used_percent", "%", "CloudWatch agent, disk_used_percent", "Maximum"),
        Fact("Measured", "days", "days", "CloudWatch agent"),
        Fact("Size", "size_gib", "GiB", "EC2 DescribeVolumes"),
    ),
    chart=_charts,
)
def overallocated_filesystem(
    ebs_volumes: DataFrame,
    ebs_filesystems: DataFrame,
    prices: PriceBook,
    *,
    most_used_percent: float = 30,
    free_percent: float = 30,
    min_days: float = 30,
) -> Verdicts:
    """EBS volume that is much larger than what lies on it.

    EBS cannot shrink a volume and EC2 cannot see how full it is: the CloudWatch agent tells, and a copy is the only
    way. The volume keeps its type and its performance; its size becomes the fullest moment and a third more.
    """
    used = over_days(ebs_volumes, ebs_filesystems, *_METRIC, "max")
    days = over_days(ebs_volumes, ebs_filesystems, *_METRIC, "count")
    kind = ebs_volumes["volume_type"]
    used_gib = ebs_volumes["size_gib"] * used / 100
    needed = np.ceil(used_gib / (1 - free_percent / 100) / _STEP_GIB) * _STEP_GIB
    needed = np.maximum(needed, kind.map(_SMALLEST_GIB).astype("float64").fillna(_STEP_GIB))
    for_iops = (ebs_volumes["iops"] / kind.map(_IOPS_A_GIB).astype("float64")).fillna(0.0)
    needed = np.maximum(needed, np.ceil(for_iops / _STEP_GIB) * _STEP_GIB)
    cost = prices.ebs_month(ebs_volumes)
    needed_cost = prices.ebs_month(ebs_volumes.assign(size_gib=needed))
    capacity = prices.unit(ebs_volumes, "ebs." + kind + ".gib_month")
    return verdicts(
        ebs_volumes,
        saves=cost - needed_cost,
        fine=[
            (ebs_volumes["state"].ne("in-use"), "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (is_root(ebs_volumes), "The root volume of its instance: it comes from its image."),
            (used.ge(most_used_percent), "It was " + written(used) + " % full."),
            ((cost - needed_cost).le(0), "It needs its size for its performance, or is small already."),
        ],
        insufficient=[
            (
                used.isna(),
                "How full its filesystem is: no CloudWatch agent tells it (disk_used_percent), or its disk cannot be "
                "told from the instance's others.",
            ),
            (days.lt(min_days), f"How full it is over {min_days:.0f} days: the agent told of " + written(days) + "."),
            unpriced(ebs_volumes, cost, "of " + kind + " volumes"),
        ],
        details=DataFrame(
            {
                "used_percent": used,
                "used_gib": used_gib,
                "days": days,
                "needed_gib": needed,
                "needed_cost": needed_cost,
                "migration_usd": needed_cost * _SIDE_BY_SIDE_DAYS / _MONTH_DAYS,
                "monthly_cost": cost,
                "price_source": capacity["price_source"],
                "price_date": capacity["price_date"],
            }
        ),
    )
