"""`rds.storage_type`: provisioned IOPS that a database does not use, where gp3 would do."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import over_days
from analysis.databases.fit import io_demand
from analysis.databases.prices import deployment, included_gp3, is_aurora, storage_month
from analysis.databases.recent import too_few, undecided
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts

#: The most that a gp3 volume of RDS takes (AWS: "gp3 storage").
_MOST_IOPS, _MOST_SMALL = 64_000.0, 3_000.0
_KINDS = ("io1", "io2", "gp3")


@check(
    catalogue="R04",
    groups=(Group.DATABASE, Group.STORAGE),
    resource="RDS instance",
    action=Action.RIGHTSIZE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{storage_type} with {iops:.0f} IOPS, of which {need_iops:.0f} are used at p99.9",
    source="AWS Compute Optimizer, RDS DB instance storage recommendations",
    words=Words(
        current="{storage_type} {iops:.0f} IOPS",
        proposed="gp3 {new_iops:.0f} IOPS",
        how="${monthly_cost:.2f} a month for {size_gib:g} GiB and {iops:.0f} IOPS now; ${new_usd:.2f} for gp3 with "
        "{new_iops:.0f} IOPS, of which {included:.0f} are included. Used are reads and writes of their busiest days "
        "together, with {headroom_percent:.0f} % on top.",
        ignores="That gp3 answers in single-digit milliseconds where io2 Block Express stays below one.",
        risk="Latency may rise a little. A change of storage slows the database for hours while it is optimised, and "
        "no other change of storage is possible for six hours.",
        effect="The storage is changed while the database runs.",
        command=(
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --storage-type gp3 "
            "--allocated-storage {size:raw}{iops_argument:raw} --apply-immediately",
        ),
        undo=(
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --storage-type {storage_type} "
            "--allocated-storage {size:raw} --iops {iops_now:raw} --apply-immediately",
        ),
    ),
    evidence=(
        Fact("IOPS used", "need_iops", "a second", "CloudWatch ReadIOPS and WriteIOPS", "p99.9 of the busiest days"),
        Fact("Throughput used", "need_mib_s", "MiB/s", "CloudWatch ReadThroughput, WriteThroughput", "p99.9"),
        Fact("IOPS paid", "iops", "a second", "RDS DescribeDBInstances"),
    ),
)
def storage_type(
    rds_instances: DataFrame,
    rds_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float = 20.0,
    min_days: float = 14,
) -> Verdicts:
    """Provisioned IOPS of a database that gp3 includes or sells for less.

    gp3 of RDS includes 3,000 IOPS and 125 MiB/s, and 12,000 and 500 from 400 GiB on, where more can be added. gp2 costs
    the same per GiB as gp3 and is left alone.
    """
    kind = rds_instances["storage_type"]
    need = io_demand(rds_instances, rds_metrics)
    share = 1 - headroom_percent / 100
    included, throughput = included_gp3(rds_instances)
    wanted = np.ceil(need["iops"] / share / 100) * 100
    new_iops = wanted.where(wanted.gt(included), included)
    most = included.where(included.eq(_MOST_SMALL), _MOST_IOPS)
    fits = new_iops.le(most) & (need["mib_s"] / share).le(throughput)
    new = _gp3_month(rds_instances, prices, new_iops - included)
    cost = storage_month(rds_instances, prices)
    has_more = kind.isin(["io1", "io2"]) | (kind.eq("gp3") & rds_instances["iops"].gt(included))
    saving = (cost - new).where(fits & has_more)

    out_of_scope: list[Because] = [
        (is_aurora(rds_instances), "Aurora: its storage grows and shrinks by itself."),
        (kind.isin(["gp2", "standard"]), kind + " has no provisioned IOPS to pay for."),
        (kind.eq("gp3") & ~has_more, "gp3 with what it includes: nothing is paid for IOPS."),
    ]
    unknown: list[Because] = [
        (~kind.isin(_KINDS), "What kind of storage it has: RDS does not tell, or costbot does not know " + kind + "."),
        too_few(rds_instances, rds_metrics, "ReadIOPS", "p99.9", min_days),
        (need.isna().any(axis=1), "Its reads and writes: CloudWatch has no IOPS or throughput of them."),
        unpriced(rds_instances, cost, "of " + kind + " storage"),
        unpriced(rds_instances, new, _of_gp3(rds_instances)),
    ]
    used = "It uses its IOPS: " + need["iops"].fillna(0).round().astype("int64").astype("str")
    why_fine = (used + " at p99.9; gp3 would cost as much or more.").where(
        fits, used + " at p99.9 are too many for gp3."
    )
    return verdicts(
        rds_instances,
        saves=saving,
        fine=[*out_of_scope, (undecided(rds_instances.index, *unknown) & ~saving.gt(0), why_fine)],
        insufficient=unknown,
        details=DataFrame(
            {
                "need_iops": need["iops"],
                "need_mib_s": need["mib_s"],
                "days": over_days(rds_instances, rds_metrics, "ReadIOPS", "p99.9", "count"),
                "included": included,
                "new_iops": new_iops,
                "new_usd": new,
                "size": _whole(rds_instances["size_gib"]),
                "iops_now": _whole(rds_instances["iops"]),
                # Below the size from which IOPS can be set, RDS refuses to be told them.
                "iops_argument": (" --iops " + _whole(new_iops)).where(most.gt(_MOST_SMALL), ""),
                "monthly_cost": cost,
            }
        ).join(prices.unit(rds_instances, "rds.gp3" + deployment(rds_instances) + ".gib_month").drop(columns="usd")),
    )


def _gp3_month(rds_instances: DataFrame, prices: PriceBook, extra: Series[float]) -> Series[float]:
    """Dollars a month of gp3 of the same size, with some IOPS on top of the included ones."""
    item = "rds.gp3" + deployment(rds_instances)
    capacity = rds_instances["size_gib"] * prices.unit(rds_instances, item + ".gib_month")["usd"]
    return capacity + (extra * prices.unit(rds_instances, item + ".iops_month")["usd"]).where(extra.gt(0), 0.0)


def _of_gp3(rds_instances: DataFrame) -> Series[str]:
    return ("of gp3 storage with " + rds_instances["engine"]).astype("str")


def _whole(values: Series[float]) -> Series[str]:
    return values.fillna(0).astype("int64").astype("str")
