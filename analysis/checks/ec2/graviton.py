"""`ec2.graviton`: an x86 instance whose work would cost less on Graviton, if its software is built for arm64."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing import counterpart, offer
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.change_words import HOW
from analysis.rightsizing.demand import demand
from analysis.rightsizing.families import GRAVITON
from analysis.rightsizing.fit import specified
from analysis.rightsizing.recommendation import PROJECTED
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="E08",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.UPGRADE,
    effort=Effort.HIGH,
    risk=Risk.HIGH,
    reason="{target} (Graviton) {holds} and costs {percent_less:.0f} % less, if the software is built for arm64",
    source="AWS, Graviton technical guide",
    words=Words(
        current="{instance_type}",
        proposed="{target} with an arm64 image",
        how=HOW,
        ignores="{size_ignores} The work of building and testing for arm64.",
        risk="{size_risk}Everything that runs on it must exist for arm64: its image ({image_id} is x86), packages, "
        "container images, agents and licences. Measure on a second instance before the first is replaced.",
        effect="A new instance takes over from an arm64 image; the old one is stopped, and kept until the new one has "
        "run for a week.",
        steps="1. Build an arm64 image of what runs on {resource_id} (its image now is {image_id}). 2. Launch "
        "{target} in {az} from it, beside the old one. 3. Move the traffic, compare CPU and latency for a week. "
        "4. Terminate {resource_id}. The way back is the old instance: start it and move the traffic again.",
    ),
    evidence=(
        Fact("CPU", "cpu_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "p99.5"),
        Fact("CPU", "cpu_then", "% of {target}", PROJECTED, "p99.5"),
        Fact("Memory", "memory_percent", "% of {instance_type}", "CloudWatch agent", "p99.5"),
        Fact("Memory", "memory_then", "% of {target}", PROJECTED, "p99.5"),
    ),
    moves=instance_hours("target", "target_hourly_usd"),
)
def graviton(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_savings: float = 50.0,
    min_age_days: float = 30.0,
    max_cpu_percent: float = 80.0,
    headroom_percent: float = 25.0,
) -> Verdicts:
    """x86 instance that Graviton would run for less.

    An offer beside right-sizing with its conditions: Linux, no image of AWS Marketplace (its licence names the
    processor), no accelerator, a Graviton family whose core is no slower, offered in its zone. It is of the same size;
    where a smaller one, or one of its c, m and r siblings, keeps `headroom_percent` of everything free above the
    measured demand, it is the cheapest of those: more is kept free than by right-sizing, as the processor differs.
    Whether the software is built for arm64 no interface tells. It is offered from `min_monthly_savings` on and for
    instances that have run `min_age_days`, as building for another processor takes days of work.
    """
    current = counterpart.with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(demand(ec2_instances, ec2_metrics))
    current["has_counterpart"] = family_of(current["instance_type"]).isin(GRAVITON) & current["architecture"].eq(
        "x86_64"
    )
    found = offer.offers(
        current,
        GRAVITON,
        instance_types,
        instance_offerings,
        ec2_metrics,
        prices,
        headroom_percent=headroom_percent,
    )
    current = current.join(found)
    saving = current["saving"]
    worth = saving.ge(min_monthly_savings)
    hot = current["cpu_percent"].gt(max_cpu_percent)
    stays = current["age_days"].ge(min_age_days) & ~hot & ~current["marketplace"]
    current["needs"] = offer.asking(current, min_monthly_savings).where(stays, "")
    windows = current["platform"].str.contains("Windows")
    why_small = f"Graviton saves less than {min_monthly_savings:.0f} dollars a month here."
    why_hot = f"Its CPU is above {max_cpu_percent:.0f} % at p99.5: another processor might be too slow."
    return verdicts(
        current,
        saves=saving.where(worth),
        fine=[
            *counterpart.out_of_scope(current, "No x86 type with a Graviton counterpart."),
            (windows, "Windows does not run on Graviton."),
            (saving.lt(min_monthly_savings), why_small),
            (hot, why_hot),
            (current["age_days"].lt(min_age_days), f"Started less than {min_age_days:.0f} days ago: it may not stay."),
            (current["vcpu"].notna() & current["target"].isna(), "Its zone offers no Graviton type of this size."),
        ],
        conflict=[
            (current["marketplace"], "Its image is from AWS Marketplace: ask the seller for one for arm64."),
            *counterpart.conflicts(current),
        ],
        insufficient=[
            *counterpart.unknown(current),
            (current["age_days"].isna(), "When it was started: DescribeInstances tells no LaunchTime."),
            (current["cpu_percent"].isna(), "CPU: CPUUtilization of CloudWatch has no data."),
            counterpart.untold(current),
        ],
        details=DataFrame(
            {
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "percent_less": 100 * (1 - current["target_hourly_usd"] / current["hourly_usd"]),
            }
        ).join(offer.words(current, headroom_percent)),
    )
