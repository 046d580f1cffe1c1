"""`rds.over_allocated_storage`: a database with far more storage than it fills."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import over_days
from analysis.databases.fit import io_demand
from analysis.databases.prices import deployment, included_gp3, is_aurora
from analysis.databases.recent import too_few, undecided
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts

_GIB = 2.0**30
_KINDS = ("gp2", "gp3")
_LEAST_GIB, _STRIPED_GIB = 20.0, 400.0
#: gp2 gives this many IOPS a GiB (AWS: "gp2 storage").
_GP2_IOPS_A_GIB = 3.0


@check(
    catalogue="R05",
    groups=(Group.DATABASE, Group.STORAGE),
    resource="RDS instance",
    action=Action.RIGHTSIZE,
    effort=Effort.HIGH,
    risk=Risk.HIGH,
    reason="{size_gib:g} GiB of {storage_type}, never less than {free_percent:.0f} % of it free in {min_days:.0f} days",
    source="AWS, storage of Amazon RDS: allocated storage is billed, full or empty",
    words=Words(
        current="{size_gib:g} GiB",
        proposed="{new_gib:g} GiB",
        how="{size_gib:g} GiB less {new_gib:g} GiB × ${gib_usd:g} a GiB-month; {new_gib:g} GiB hold what was used at "
        "most with {headroom_percent:.0f} % free, and give the IOPS that were needed.",
        ignores="Both copies are paid while they run side by side, and the hours of work: plan a day for it.",
        risk="Storage of RDS cannot shrink in place. The way is a blue/green deployment with a smaller green copy: "
        "test on it, then switch over (about a minute). Whoever grows again soon pays for this twice; storage "
        "autoscaling helps.",
        effect="A copy with less storage follows the database until somebody switches over to it; the old one stays "
        "until it is deleted.",
        command=(
            "aws rds create-blue-green-deployment --blue-green-deployment-name {resource_id}-smaller --source {arn} "
            "--target-allocated-storage {new_size:raw}",
        ),
        undo=(
            "deployment=$(aws rds describe-blue-green-deployments "
            "--filters Name=blue-green-deployment-name,Values={resource_id}-smaller "
            "--query 'BlueGreenDeployments[0].BlueGreenDeploymentIdentifier' --output text --region {region})",
            'aws rds delete-blue-green-deployment --blue-green-deployment-identifier "$deployment" --delete-target',
        ),
    ),
    evidence=(
        Fact("Storage", "size_gib", "GiB", "RDS DescribeDBInstances"),
        Fact("Used", "used_gib", "GiB", "allocated less the minimum of CloudWatch FreeStorageSpace", "most"),
    ),
)
def over_allocated_storage(
    rds_instances: DataFrame,
    rds_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_free_percent: float = 50.0,
    min_days: float = 32,
    headroom_percent: float = 20.0,
) -> Verdicts:
    """RDS storage that stays more than half empty.

    The smaller size holds the most that was used with headroom; it is not below 400 GiB where the IOPS that gp3
    includes from there on are needed, and a gp2 volume keeps the GiB that its IOPS come from.
    """
    kind, size = rds_instances["storage_type"], rds_instances["size_gib"]
    free = over_days(rds_instances, rds_metrics, "FreeStorageSpace", "Minimum", "min") / _GIB
    used = size - free
    share = 1 - headroom_percent / 100
    needed = np.maximum(np.ceil(used / share), _LEAST_GIB)
    iops = io_demand(rds_instances, rds_metrics)["iops"] / share
    below, _ = included_gp3(rds_instances, needed)
    now, _ = included_gp3(rds_instances)
    striped = kind.eq("gp3") & iops.gt(below) & now.gt(below)
    needed = needed.mask(striped, np.maximum(needed, _STRIPED_GIB))
    needed = needed.mask(kind.eq("gp2"), np.maximum(needed, np.ceil(iops / _GP2_IOPS_A_GIB)))
    price = prices.unit(rds_instances, "rds." + kind + deployment(rds_instances) + ".gib_month")
    saving = (size - needed) * price["usd"]
    free_percent = free / size.where(size.gt(0)) * 100
    empty = free_percent.gt(min_free_percent)

    out_of_scope: list[Because] = [
        (is_aurora(rds_instances), "Aurora: it is billed by what is stored."),
        (
            free_percent.le(min_free_percent),
            "It is filled: at its fullest " + _rounded(free_percent) + " % were free.",
        ),
    ]
    unknown: list[Because] = [
        (
            kind.isin(["io1", "io2", "standard"]),
            "What less of " + kind + " would do to its IOPS: look at its storage type first.",
        ),
        (~kind.isin(_KINDS), "What kind of storage it has: RDS does not tell, or costbot does not know " + kind + "."),
        too_few(rds_instances, rds_metrics, "FreeStorageSpace", "Minimum", min_days),
        (iops.isna(), "The IOPS that its size has to give: CloudWatch has no ReadIOPS and WriteIOPS."),
        (rds_instances["replica_ids"].ne("") | rds_instances["source_id"].ne(""), _OF_REPLICAS),
        unpriced(rds_instances, price["usd"], "of " + kind + " storage"),
    ]
    why_fine = "Its IOPS need its size: " + _rounded(iops * share) + " at p99.9."
    return verdicts(
        rds_instances,
        saves=saving.where(empty),
        fine=[*out_of_scope, (undecided(rds_instances.index, *unknown) & ~saving.gt(0), why_fine)],
        insufficient=unknown,
        details=DataFrame(
            {
                "used_gib": used,
                "free_percent": free_percent,
                "new_gib": needed,
                "new_size": needed.fillna(0).astype("int64").astype("str"),
                "gib_usd": price["usd"],
                "monthly_cost": size * price["usd"],
            }
        ).join(price[["price_source", "price_date"]]),
    )


_OF_REPLICAS = (
    "Whether its replicas can shrink with it: a replica has the storage of its source; do it for both by hand."
)


def _rounded(values: Series[float]) -> Series[str]:
    return values.fillna(0).round().astype("int64").astype("str")
