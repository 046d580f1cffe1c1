"""`ebs.gp2_to_gp3`: a gp2 volume whose measured load a cheaper gp3 volume carries."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group
from analysis.pricing import GP3_IOPS, PriceBook, unpriced
from analysis.storage.gp3 import gp3_month, gp3_needs, within_included
from analysis.storage.volume_charts import throughput_charts
from analysis.storage.volume_load import NO_SERIES, few_days, volume_load
from analysis.verdicts import Verdicts, verdicts

#: Up to this size gp2 itself has no more than 3,000 IOPS and 128 MiB/s, bursts included.
SMALL_GIB = 170
#: What gp2 can do at most above it.
_GP2_MIB_S, _GP2_MOST_IOPS = 250, 16_000


@check(
    catalogue="B03",
    groups=(Group.STORAGE,),
    resource="EBS volume",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    reason="gp2 volume of {size_gib:g} GiB: gp3 carries the same for {percent:.0f} % less",
    source="AWS Compute Optimizer, EBS volume recommendations",
    words=Words(
        current="{volume_type}",
        proposed="gp3",
        how="{size_gib:g} GiB as gp2 {monthly_cost:.2f} dollars a month; as gp3 with {gp3_iops:.0f} IOPS and "
        "{gp3_mib_s:.0f} MiB/s, of which 3000 and 125 are included, {gp3_cost:.2f}. {measured}",
        ignores="Bursts shorter than five minutes: CloudWatch tells sums, whose mean hides them.",
        risk="The volume stays attached and readable. While it is changed, up to a day for a large one, it may be "
        "slower, and it can be changed again only after that (at most four times in 24 hours).",
        effect="The volume becomes gp3 in place, without a restart.",
        command=(
            "aws ec2 modify-volume --volume-id {resource_id} --volume-type gp3 --iops {gp3_iops:.0f} "
            "--throughput {gp3_mib_s:.0f}",
        ),
        undo=("aws ec2 modify-volume --volume-id {resource_id} --volume-type gp2",),
    ),
    evidence=(
        Fact("Size", "size_gib", "GiB", "EC2 DescribeVolumes"),
        Fact("IOPS", "iops_p999", "IOPS", "CloudWatch, sums over five minutes", "p99.9"),
        Fact("Throughput", "mib_s_p999", "MiB/s", "CloudWatch, sums over five minutes", "p99.9"),
    ),
    chart=throughput_charts,
)
def gp2_to_gp3(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 7,
    headroom_percent: float = 10,
) -> Verdicts:
    """EBS gp2 volume that is cheaper as gp3.

    A GiB of gp3 costs a fifth less at every size, and includes 3,000 IOPS and 125 MiB/s. Up to 170 GiB that is what
    gp2 can do at its best. Above, gp2 reaches 250 MiB/s: what the volume really carries is priced, by its p99.9 over
    five minutes with `headroom_percent` on top, so that 171 to 249 GiB at full throughput are left alone.
    """
    gp2 = ebs_volumes["volume_type"].eq("gp2")
    small = ebs_volumes["size_gib"].le(SMALL_GIB)
    load = volume_load(ebs_volumes[gp2 & ~small], ebs_metrics).reindex(ebs_volumes.index)
    quiet = within_included(load) & load["days"].ge(min_days)
    measured = load["iops"].notna() & load["mib_s"].notna()
    included = small | (quiet & ~measured)
    needs = gp3_needs(load["iops"].mask(included, 0.0), load["mib_s"].mask(included, 0.0), headroom_percent)
    able = np.maximum((3 * ebs_volumes["size_gib"]).clip(upper=_GP2_MOST_IOPS), GP3_IOPS)
    needs = needs.assign(
        gp3_iops=needs["gp3_iops"].clip(upper=able), gp3_mib_s=needs["gp3_mib_s"].clip(upper=_GP2_MIB_S)
    )
    cost = prices.ebs_month(ebs_volumes)
    as_gp3 = gp3_month(ebs_volumes, needs, prices)
    priced = prices.unit(ebs_volumes, "ebs.gp3.gib_month")
    both_priced = cost + priced["usd"]
    young = ~included & load["days"].lt(min_days)
    unmeasured = ~included & ~measured
    saving = cost - as_gp3
    carries = written(load["mib_s"]) + " MiB/s and " + written(load["iops"]) + " IOPS"
    basis = pd.Series("gp2 of this size has no more itself.", index=ebs_volumes.index)
    basis = basis.mask(quiet & ~small, "Its busiest day is within that, even if all of it fell into five minutes.")
    asks = gp2 & ebs_volumes["state"].eq("in-use") & unmeasured & ~young & both_priced.notna()
    return verdicts(
        ebs_volumes,
        saves=saving,
        fine=[
            (~gp2, "Not gp2."),
            (ebs_volumes["state"].ne("in-use"), "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (
                saving.le(0),
                "gp3 that carries its " + carries + " costs " + written(as_gp3, ".2f") + " dollars a month, gp2 "
                + written(cost, ".2f") + ".",
            ),
        ],
        insufficient=[
            unpriced(ebs_volumes, both_priced, "of gp2 and gp3 volumes"),
            (young, few_days(load["days"], min_days)),
            (unmeasured, NO_SERIES),
            unpriced(ebs_volumes, as_gp3, "of gp3's IOPS and throughput"),
        ],
        details=DataFrame(
            {
                "needs": asks.map({True: "series", False: ""}),
                "iops_p999": load["iops"],
                "mib_s_p999": load["mib_s"],
                "gp3_iops": needs["gp3_iops"],
                "gp3_mib_s": needs["gp3_mib_s"],
                "gp3_cost": as_gp3,
                "percent": saving / cost * 100,
                "measured": basis.mask(measured & ~small, "It carries " + carries + " at p99.9."),
                "monthly_cost": cost,
            }
        ).join(priced[["price_source", "price_date"]]),
    )  # fmt: skip
