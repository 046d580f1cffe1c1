"""`ebs.provisioned_iops`: an io1 or io2 volume whose measured load a gp3 volume carries for a fraction of the price."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.storage.gp3 import MOST_IOPS, MOST_MIB_S, gp3_month, gp3_needs, within_included
from analysis.storage.volume_charts import operations_charts
from analysis.storage.volume_load import NO_SERIES, few_days, volume_load
from analysis.verdicts import Verdicts, verdicts

_LATENCY = "gp3 answers in single-digit milliseconds and promises that less strictly: a database may feel it."
_AGAIN = " It can be changed again only once this change is through, at most four times in 24 hours."


@check(
    catalogue="B04",
    groups=(Group.STORAGE, Group.RIGHTSIZING),
    resource="EBS volume",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{volume_type} volume with {iops:.0f} IOPS uses {iops_p999:.0f} of them: gp3 carries that",
    source="AWS Compute Optimizer, EBS volume recommendations",
    words=Words(
        current="{volume_type} {iops:.0f} IOPS",
        proposed="gp3",
        how="{size_gib:g} GiB and {iops:.0f} IOPS as {volume_type} cost {monthly_cost:.2f} dollars a month; as gp3 "
        "with {gp3_iops:.0f} IOPS and {gp3_mib_s:.0f} MiB/s, of which 3000 and 125 are included, {gp3_cost:.2f}. "
        "{basis}",
        ignores="Bursts shorter than five minutes: CloudWatch tells sums, whose mean hides them.",
        risk="{risk_words}",
        effect="The volume becomes gp3 in place, without a restart.",
        command=(
            "aws ec2 modify-volume --volume-id {resource_id} --volume-type gp3 --iops {gp3_iops:.0f} "
            "--throughput {gp3_mib_s:.0f}",
        ),
        undo=("aws ec2 modify-volume --volume-id {resource_id} --volume-type {volume_type} --iops {iops:.0f}",),
    ),
    evidence=(
        Fact("IOPS", "iops_p999", "IOPS", "CloudWatch, sums over five minutes", "p99.9"),
        Fact("Throughput", "mib_s_p999", "MiB/s", "CloudWatch, sums over five minutes", "p99.9"),
        Fact("Provisioned", "iops", "IOPS", "EC2 DescribeVolumes"),
    ),
    chart=operations_charts,
)
def provisioned_iops(
    ebs_volumes: DataFrame,
    ebs_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 13,
    headroom_percent: float = 20,
) -> Verdicts:
    """EBS io1 or io2 volume that is cheaper as gp3.

    Every IOPS of io1 and io2 is paid for; gp3 includes 3,000 and reaches 80,000. What the volume carries, by its p99.9
    over five minutes with `headroom_percent` on top, is priced. A volume that is attached to several instances stays:
    gp3 cannot be.
    """
    provisioned = ebs_volumes["volume_type"].isin(["io1", "io2"])
    load = volume_load(ebs_volumes[provisioned], ebs_metrics).reindex(ebs_volumes.index)
    quiet = within_included(load) & load["days"].ge(min_days) & load["iops"].isna()
    measured = load["iops"].notna() & load["mib_s"].notna()
    needs = gp3_needs(load["iops"].mask(quiet, 0.0), load["mib_s"].mask(quiet, 0.0), headroom_percent)
    beyond = needs["gp3_iops"].gt(MOST_IOPS) | needs["gp3_mib_s"].gt(MOST_MIB_S)
    cost = prices.ebs_month(ebs_volumes)
    as_gp3 = gp3_month(ebs_volumes, needs, prices)
    priced = prices.unit(ebs_volumes, "ebs." + ebs_volumes["volume_type"] + ".gib_month")
    saving = cost - as_gp3
    young = load["days"].lt(min_days)
    unmeasured = ~quiet & ~measured
    in_use = ebs_volumes["state"].eq("in-use")
    carries = written(load["iops"]) + " IOPS and " + written(load["mib_s"]) + " MiB/s"
    durable = ebs_volumes["volume_type"].eq("io2")
    asks = provisioned & in_use & ~ebs_volumes["multi_attach"] & unmeasured & ~young & cost.notna()
    return verdicts(
        ebs_volumes,
        saves=saving,
        fine=[
            (~provisioned, "Neither io1 nor io2."),
            (~in_use, "Attached to nothing: `ebs.unattached_volume` looks at it."),
            (ebs_volumes["multi_attach"], "Attached to several instances at once, which gp3 cannot be."),
            (beyond, "It carries " + carries + ", more than gp3 can be given."),
            (
                saving.le(0),
                "gp3 that carries its " + carries + " costs " + written(as_gp3, ".2f") + " dollars a month, "
                + ebs_volumes["volume_type"] + " " + written(cost, ".2f") + ".",
            ),
        ],
        insufficient=[
            (ebs_volumes["iops"].isna(), "The IOPS it has provisioned: EC2 does not tell them; look in the console."),
            unpriced(ebs_volumes, cost, "of " + ebs_volumes["volume_type"] + " volumes and their IOPS"),
            (young, few_days(load["days"], min_days)),
            (unmeasured, NO_SERIES),
            unpriced(ebs_volumes, as_gp3, "of gp3 volumes"),
        ],
        details=DataFrame(
            {
                "needs": asks.map({True: "series", False: ""}),
                "iops_p999": load["iops"].mask(quiet, load["most_iops"]),
                "mib_s_p999": load["mib_s"].mask(quiet, load["most_mib_s"]),
                "gp3_iops": needs["gp3_iops"],
                "gp3_mib_s": needs["gp3_mib_s"],
                "gp3_cost": as_gp3,
                "basis": ("It carries " + carries + " at p99.9.").mask(
                    quiet, "Its busiest day is within that, even if all of it fell into five minutes."
                ),
                "monthly_cost": cost,
                "risk": durable.map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}),
                "risk_words": durable.map(
                    {
                        True: _LATENCY + " io2 is built to lose one volume in 100,000 a year, gp3 one or two in 1,000: "
                        "keep io2 where that is why it was chosen." + _AGAIN,
                        False: _LATENCY + _AGAIN,
                    }
                ),
            }
        ).join(priced[["price_source", "price_date"]]),
    )  # fmt: skip
