"""`ebs.unused_gp3_performance`: a gp3 volume that pays for IOPS or throughput it does not use."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import GP3_IOPS, GP3_MIB_S, PriceBook, unpriced
from analysis.storage.gp3 import IOPS_A_MIB_S, gp3_needs, within_included
from analysis.storage.volume_charts import operations_charts
from analysis.storage.volume_load import NO_SERIES, few_days, volume_load
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="B05",
    groups=(Group.STORAGE, Group.RIGHTSIZING),
    resource="EBS volume",
    action=Action.RIGHTSIZE,
    effort=Effort.VERY_LOW,
    reason="gp3 volume pays for {iops:.0f} IOPS and {throughput_mib_s:.0f} MiB/s and uses {iops_p999:.0f} and "
    "{mib_s_p999:.0f}",
    source="AWS Compute Optimizer, EBS volume recommendations",
    words=Words(
        current="{iops:.0f} IOPS, {throughput_mib_s:.0f} MiB/s",
        proposed="{new_iops:.0f} IOPS, {new_mib_s:.0f} MiB/s",
        how="{fewer_iops:.0f} IOPS × ${iops_usd:g} and {fewer_mib_s:.0f} MiB/s × ${mib_s_usd:g} a month less. What "
        "stays is the p99.9 of its load over five minutes and {headroom_percent:g} % on top, at least the 3000 IOPS "
        "and 125 MiB/s that are included.",
        ignores="Bursts shorter than five minutes: CloudWatch tells sums, whose mean hides them.",
        risk="A rarer peak than those of the days looked at is slower; it can be raised again once the change is "
        "through (at most four times in 24 hours), without a restart.",
        effect="The volume's IOPS and throughput are lowered in place.",
        command=("aws ec2 modify-volume --volume-id {resource_id} --iops {new_iops:.0f} --throughput {new_mib_s:.0f}",),
        undo=("aws ec2 modify-volume --volume-id {resource_id} --iops {iops:.0f} --throughput {throughput_mib_s:.0f}",),
    ),
    evidence=(
        Fact("IOPS", "iops_p999", "IOPS", "CloudWatch, sums over five minutes", "p99.9"),
        Fact("Throughput", "mib_s_p999", "MiB/s", "CloudWatch, sums over five minutes", "p99.9"),
    ),
    chart=operations_charts,
)
def unused_gp3_performance(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 13,
    most_used_percent: float = 50,
    headroom_percent: float = 20,
) -> Verdicts:
    """EBS gp3 volume with IOPS or throughput that it does not use.

    A gp3 volume includes 3,000 IOPS and 125 MiB/s; more of either is paid for by the month. Each of the two is lowered
    only where the p99.9 over five minutes uses less than `most_used_percent` of what is paid on top.
    """
    gp3 = ebs_volumes["volume_type"].eq("gp3")
    extra_iops = (ebs_volumes["iops"] - GP3_IOPS).clip(lower=0)
    extra_mib_s = (ebs_volumes["throughput_mib_s"] - GP3_MIB_S).clip(lower=0)
    paid = extra_iops.gt(0) | extra_mib_s.gt(0)
    load = volume_load(ebs_volumes[gp3 & paid], ebs_metrics).reindex(ebs_volumes.index)
    quiet = within_included(load) & load["days"].ge(min_days) & load["iops"].isna()
    measured = load["iops"].notna() & load["mib_s"].notna()
    iops, mib_s = load["iops"].mask(quiet, 0.0), load["mib_s"].mask(quiet, 0.0)
    most_mib_s = ebs_volumes["throughput_mib_s"] / (1 + headroom_percent / 100)
    needs = gp3_needs(iops, mib_s.clip(upper=most_mib_s), headroom_percent)
    share = most_used_percent / 100
    lower_iops = (iops - GP3_IOPS).lt(extra_iops * share)
    lower_mib_s = (mib_s - GP3_MIB_S).lt(extra_mib_s * share)
    new_mib_s = needs["gp3_mib_s"].clip(upper=ebs_volumes["throughput_mib_s"])
    new_mib_s = new_mib_s.where(lower_mib_s, ebs_volumes["throughput_mib_s"])
    floor = (new_mib_s * IOPS_A_MIB_S).where(new_mib_s.gt(GP3_MIB_S), GP3_IOPS).clip(lower=GP3_IOPS)
    new_iops = needs["gp3_iops"].clip(upper=ebs_volumes["iops"]).where(lower_iops, ebs_volumes["iops"])
    new_iops = new_iops.clip(lower=floor.clip(upper=ebs_volumes["iops"]))
    fewer_iops, fewer_mib_s = ebs_volumes["iops"] - new_iops, ebs_volumes["throughput_mib_s"] - new_mib_s
    of_iops = prices.unit(ebs_volumes, "ebs.gp3.iops_month")
    of_mib_s = prices.unit(ebs_volumes, "ebs.gp3.mib_s_month")
    saving = (fewer_iops * of_iops["usd"]).mask(fewer_iops.eq(0), 0.0) + (fewer_mib_s * of_mib_s["usd"]).mask(
        fewer_mib_s.eq(0), 0.0
    )
    young, unmeasured = load["days"].lt(min_days), ~quiet & ~measured
    in_use = ebs_volumes["state"].eq("in-use")
    return verdicts(
        ebs_volumes,
        saves=saving,
        fine=[
            (~gp3, "Not gp3."),
            (~in_use, "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (
                extra_iops.eq(0) & extra_mib_s.eq(0),
                "It has what every gp3 volume includes: 3,000 IOPS and 125 MiB/s.",
            ),
            (
                saving.le(0),
                "It uses " + written(iops) + " IOPS and " + written(mib_s) + " MiB/s of its "
                + written(ebs_volumes["iops"]) + " and " + written(ebs_volumes["throughput_mib_s"]) + ".",
            ),
        ],
        insufficient=[
            (
                ebs_volumes["iops"].isna() | ebs_volumes["throughput_mib_s"].isna(),
                "What it has provisioned: EC2 does not tell it; look in the console.",
            ),
            (young, few_days(load["days"], min_days)),
            (unmeasured, NO_SERIES),
            unpriced(ebs_volumes, saving, "of gp3's IOPS and throughput"),
        ],
        details=DataFrame(
            {
                "needs": (gp3 & in_use & paid & unmeasured & ~young).map({True: "series", False: ""}),
                "iops_p999": iops.mask(quiet, load["most_iops"]),
                "mib_s_p999": mib_s.mask(quiet, load["most_mib_s"]),
                "new_iops": new_iops,
                "new_mib_s": new_mib_s,
                "fewer_iops": fewer_iops,
                "fewer_mib_s": fewer_mib_s,
                "iops_usd": of_iops["usd"],
                "mib_s_usd": of_mib_s["usd"],
                "monthly_cost": prices.ebs_month(ebs_volumes),
                "risk": Risk.LOW.value,
            }
        ).join(of_iops[["price_source", "price_date"]]),
    )  # fmt: skip
