"""`rds.newer_generation`: a class whose newer, or Graviton, counterpart of the same size costs less."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.checks.rds import ORDERABLE
from analysis.checks.rds.idle_instance import STOPPED
from analysis.commitments.after_discount_usage import database_hours
from analysis.databases.classes import family_of, known_types, specification, type_of
from analysis.databases.extended_support import major_version
from analysis.databases.prices import LISTED_ENGINES, instance_hour, is_multi, list_hour
from analysis.databases.recent import undecided
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts

#: Families that the software of an engine may move to without a change, the same size for the same size.
_GRAVITON = {
    **dict.fromkeys(("m3", "m4", "m5", "m6i", "m7i"), ("m6g", "m7g", "m8g")),
    **dict.fromkeys(("r3", "r4", "r5", "r6i", "r7i"), ("r6g", "r7g", "r8g")),
    **dict.fromkeys(("t2", "t3"), ("t4g",)),
}
_INTEL = {
    **dict.fromkeys(("m3", "m4"), ("m5", "m6i")),
    **dict.fromkeys(("r3", "r4"), ("r5", "r6i")),
    "t2": ("t3",),
}
#: The first major versions that run on Graviton (AWS: "Supported DB engines for DB instance classes").
_FIRST_ON_GRAVITON = {"mysql": 8.0, "postgres": 12.0, "aurora-postgresql": 11.0, "aurora-mysql": 2.0}


@check(
    catalogue="R06",
    groups=(Group.DATABASE, Group.RIGHTSIZING),
    resource="RDS instance",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{instance_class} costs ${hour_usd:g} an hour, {target} of the same size ${target_usd:g}",
    source="AWS, Amazon RDS DB instance classes: current generation and Graviton",
    words=Words(
        current="{instance_class}",
        proposed="{target}",
        how="${hour_usd:g} an hour less ${target_usd:g} for {target}, which has as many vCPUs and as much memory, × "
        "730 h.",
        ignores="That a smaller class may do: rds.rightsizing looks at that.",
        risk="The engine and its data stay the same; extensions with compiled code and the minor version have to be "
        "there for the new class, which the command asks first. Some queries may run slower on another processor: try "
        "it on a replica.",
        effect="It restarts on the new class in its next maintenance window; with a standby that is a failover of "
        "about a minute.",
        command=(
            ORDERABLE,
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --db-instance-class {target} "
            "--no-apply-immediately",
        ),
        undo=(
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --db-instance-class {instance_class} "
            "--apply-immediately",
        ),
    ),
    evidence=(Fact("Price now", "hour_usd", "USD an hour", "{price_source}"),),
    moves=database_hours("target", "target_usd"),
)
def newer_generation(rds_instances: DataFrame, prices: PriceBook, *, min_monthly_savings: float = 5.0) -> Verdicts:
    """RDS class whose newer or Graviton counterpart costs less.

    A database needs no new image to move to Graviton: RDS brings the engine. Only classes whose price is known are
    proposed, and only for engines and major versions that run there. Oracle and SQL Server stay on Intel.
    """
    classes, engine = rds_instances["instance_class"], rds_instances["engine"]
    family = family_of(classes)
    hour = instance_hour(rds_instances, prices)
    pairs = _counterparts(rds_instances)
    listed = list_hour(pairs, prices, multi=pairs["multi"])["usd"]
    paid, list_now = (hour[name].reindex(pairs["row"]).set_axis(pairs.index) for name in ("usd", "list_usd"))
    # What is paid may be below the list: the newer class is taken to have the same discount.
    pairs["usd"] = (listed * (paid / list_now).fillna(1.0)).astype("float64")
    known = pairs[pairs["usd"].notna()].sort_values("usd").drop_duplicates("row").set_index("row")
    best = known.reindex(rds_instances.index)
    saving = (hour["usd"] - best["usd"]) * HOURS_A_MONTH

    candidates = pairs.groupby("row")["instance_class"].agg(", ".join).reindex(rds_instances.index)
    older = pd.Series(family.isin([*_GRAVITON]), index=rds_instances.index)
    minimum = engine.map(_FIRST_ON_GRAVITON).astype("float64")
    version = pd.to_numeric(major_version(rds_instances), errors="coerce")
    out_of_scope: list[Because] = [
        (rds_instances["status"].isin(STOPPED), "Stopped: it pays for no instance hours."),
        (classes.eq("db.serverless"), "Serverless: it has no class."),
        (
            ~older & type_of(classes).isin(known_types()),
            "Its family " + family.fillna("") + " is none that a newer one of the same shape replaces.",
        ),
        (older & candidates.isna() & engine.ne(""), "There is no newer class of its size for " + engine + "."),
    ]
    unknown: list[Because] = [
        (~older, "What " + classes + " is: costbot does not know that class."),
        (
            version.lt(minimum) | (minimum.notna() & version.isna()),
            "Whether " + engine + " " + rds_instances["engine_version"] + " runs on Graviton: upgrade it first.",
        ),
        unpriced(rds_instances, hour["usd"], "of " + classes + " with " + engine),
        unpriced(rds_instances, best["usd"], "of " + candidates.fillna("newer classes") + " with " + engine),
    ]
    return verdicts(
        rds_instances,
        saves=saving.where(saving.ge(min_monthly_savings)),
        fine=[
            *out_of_scope,
            (undecided(rds_instances.index, *unknown) & ~saving.gt(0), "No newer class of its size costs less."),
            (saving.lt(min_monthly_savings), f"A newer class saves less than {min_monthly_savings:g} dollars a month."),
        ],
        insufficient=unknown,
        details=DataFrame(
            {
                "target": best["instance_class"],
                "target_usd": best["usd"],
                "hour_usd": hour["usd"],
                "monthly_cost": hour["usd"] * HOURS_A_MONTH,
                "price_source": hour["price_source"],
                "price_date": hour["price_date"],
            }
        ),
    )


def _counterparts(rds_instances: DataFrame) -> DataFrame:
    """One row per database and class that may take its place: `row` is the database's index."""
    family, size = family_of(rds_instances["instance_class"]), _size_of(rds_instances["instance_class"])
    runs = rds_instances["engine"].isin(LISTED_ENGINES)
    families = family.map(_GRAVITON).where(runs, family.map(_INTEL))
    kept = ["account_id", "region", "engine", "cluster_id", "multi_az"]
    left = rds_instances[kept].assign(
        row=rds_instances.index,
        multi=is_multi(rds_instances),
        family=families,
        size=size,
        now=type_of(rds_instances["instance_class"]),
    )
    pairs = left[left["family"].notna()].explode("family")
    pairs = pairs.assign(instance_class=("db." + pairs["family"].astype("str") + "." + pairs["size"]).astype("str"))
    now = specification("db." + pairs["now"])
    then = specification(pairs["instance_class"])
    as_large = then["vcpu"].ge(now["vcpu"]) & then["memory_gib"].ge(now["memory_gib"])
    return pairs[as_large].reset_index(drop=True)


def _size_of(classes: Series[str]) -> Series[str]:
    return classes.str.extract(r"\.([^.]+)$", expand=False)
