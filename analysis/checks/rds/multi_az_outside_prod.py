"""`rds.multi_az_outside_prod`: a standby, which doubles the price, where nobody is hurt by a restart."""

from __future__ import annotations

import re

from pandas import DataFrame

from analysis.checks import Words, check
from analysis.commitments.after_discount_usage import standby_hours
from analysis.databases.prices import instance_hour, is_multi, storage_month
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: How people call what is not production, with or without a number or a place behind it.
_OUTSIDE = re.compile(
    r"^(?:dev|develop|development|test|testing|tst|qa|uat|stag|stage|staging|stg|sandbox|sbx|demo|lab|poc|trial|int|"
    r"integration|preview|non-?prod|non-?production|pre-?prod|pre-?production)(?:[-_ ./]?\d*)(?:[-_ ./].*)?$"
)
_PRODUCTION = re.compile(r"(?:^|[-_ ./])(?:prod[a-z]*|prd|live)(?:[-_ ./\d]|$)")


@check(
    catalogue="R03",
    groups=(Group.DATABASE,),
    resource="RDS instance",
    action=Action.RIGHTSIZE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="{engine} {instance_class} has a standby in a second zone, and its environment is {env}",
    source="AWS, Amazon RDS pricing: Multi-AZ is billed as two instances and two volumes",
    words=Words(
        current="Multi-AZ",
        proposed="single AZ",
        how="Half of ${monthly_cost:.2f} a month: ${hour_usd:g} an hour × 730 h and {size_gib:g} GiB of "
        "{storage_type}, each paid twice.",
        ignores="What is copied to the standby, which AWS does not bill.",
        risk="Without a standby a fault of its zone, a patch or a change of class takes it down for minutes, and "
        "backups are taken from the instance that is in use.",
        effect="The standby is removed without downtime.",
        command=(
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --no-multi-az --apply-immediately",
        ),
        undo=("aws rds modify-db-instance --db-instance-identifier {resource_id} --multi-az --apply-immediately",),
    ),
    moves=standby_hours,
)
def multi_az_outside_prod(rds_instances: DataFrame, prices: PriceBook, *, min_age_days: float = 7) -> Verdicts:
    """Standby of a database that is not production.

    The environment is what its tag says; without one nothing is proposed. Instances of clusters pay for themselves one
    by one: they have no standby.
    """
    env = rds_instances["env"]
    outside = env.str.match(_OUTSIDE)
    production = env.str.contains(_PRODUCTION) & ~outside
    multi = is_multi(rds_instances)
    hour = instance_hour(rds_instances, prices)
    cost = hour["usd"] * HOURS_A_MONTH + storage_month(rds_instances, prices)
    kind = rds_instances["instance_class"] + " with " + rds_instances["engine"] + " and its standby"
    return verdicts(
        rds_instances,
        saves=(cost / 2).where(multi & outside),
        fine=[
            (~multi & rds_instances["engine"].ne(""), "It has no standby."),
            (
                rds_instances["age_days"].lt(min_age_days),
                f"Younger than {min_age_days:g} days: it is still being set up.",
            ),
            (production, "Its environment is " + env + ": production keeps its second zone."),
        ],
        insufficient=[
            (env.eq(""), "Which environment it belongs to: give it a tag env, such as env=staging."),
            (~outside, "Whether env=" + env + " is production: costbot does not know that word."),
            unpriced(rds_instances, cost, "of " + kind),
        ],
        details=DataFrame({"hour_usd": hour["usd"], "monthly_cost": cost}).join(hour[["price_source", "price_date"]]),
    )
