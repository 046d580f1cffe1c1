"""`ec2.amd`: an Intel instance whose twin with an AMD processor costs about a tenth less."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing import counterpart, offer
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE, CHANGE_BACK, EFFECT, HOW
from analysis.rightsizing.demand import demand
from analysis.rightsizing.families import AMD
from analysis.rightsizing.fit import specified
from analysis.rightsizing.recommendation import PROJECTED
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="E09",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{target} (AMD) {holds} and runs the same image",
    source="AWS, Amazon EC2 instances with AMD processors",
    words=Words(
        current="{instance_type}",
        proposed="{target}",
        how=HOW,
        ignores="{size_ignores} A core of the twin may be somewhat slower or faster.",
        risk="{size_risk}The same image runs. Software that was built for AVX-512 or uses Intel libraries may be "
        "slower; CPU was at {cpu_percent:.0f} % at p99.5.",
        effect=EFFECT,
        command=CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("CPU", "cpu_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "p99.5"),
        Fact("CPU", "cpu_then", "% of {target}", PROJECTED, "p99.5"),
        Fact("Memory", "memory_percent", "% of {instance_type}", "CloudWatch agent", "p99.5"),
        Fact("Memory", "memory_then", "% of {target}", PROJECTED, "p99.5"),
    ),
    moves=instance_hours("target", "target_hourly_usd"),
)
def amd(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_savings: float = 20.0,
    min_age_days: float = 14.0,
    max_cpu_percent: float = 80.0,
    headroom_percent: float = 25.0,
) -> Verdicts:
    """Intel instance with a cheaper AMD twin.

    An offer beside right-sizing, of the same architecture and size. Where a smaller one, or one of its c, m and r
    siblings, keeps `headroom_percent` of everything free above the measured demand, it is the cheapest of those: more
    is kept free than by right-sizing, as the processor differs. Where a twin of the same size sustains less network or
    volume traffic, the measured demand must leave a fifth of it free; above `max_cpu_percent` at p99.5 nothing is
    offered, because the processors differ. Below `min_monthly_savings` it is not worth a restart.
    """
    current = counterpart.with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(demand(ec2_instances, ec2_metrics))
    current["has_counterpart"] = family_of(current["instance_type"]).isin(AMD)
    found = offer.offers(
        current, AMD, instance_types, instance_offerings, ec2_metrics, prices, headroom_percent=headroom_percent
    )
    current = current.join(found)
    saving = current["saving"]
    worth = saving.ge(min_monthly_savings)
    hot = current["cpu_percent"].gt(max_cpu_percent)
    asking = offer.asking(current, min_monthly_savings).where(current["age_days"].ge(min_age_days) & ~hot, "")
    current["needs"] = counterpart.needs(current, worth & ~hot).mask(asking.ne(""), asking)
    why_hot = f"Its CPU is above {max_cpu_percent:.0f} % at p99.5: another processor might be too slow."
    return verdicts(
        current,
        saves=saving.where(worth),
        fine=[
            *counterpart.out_of_scope(current, "No Intel type with an AMD twin."),
            (
                saving.lt(min_monthly_savings),
                f"Its AMD twin saves less than {min_monthly_savings:.0f} dollars a month.",
            ),
            (hot, why_hot),
            (current["age_days"].lt(min_age_days), f"Started less than {min_age_days:.0f} days ago: it may not stay."),
            (current["vcpu"].notna() & current["target"].isna(), "Its zone offers no AMD twin."),
        ],
        conflict=counterpart.conflicts(current),
        insufficient=[
            *counterpart.unknown(current),
            (current["age_days"].isna(), "When it was started: DescribeInstances tells no LaunchTime."),
            (current["cpu_percent"].isna(), "CPU: CPUUtilization of CloudWatch has no data."),
            counterpart.untold(current),
        ],
        details=DataFrame(
            {
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
                "risk": current["is_less"].map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}).astype("str"),
                "effort": current["is_less"].map({True: Effort.MEDIUM.value, False: Effort.LOW.value}).astype("str"),
            }
        ).join(offer.words(current, headroom_percent)),
    )
