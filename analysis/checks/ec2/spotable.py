"""`ec2.spotable`: an instance that may be taken away, and that Spot would run for what Spot costs in its zone."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.checks.ec2.off_hours import NON_PROD
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.counterpart import price_unknown, with_price
from analysis.verdicts import Verdicts, verdicts

_PLACE = ["account_id", "region", "az", "instance_type"]


def may_be_spot(ec2_instances: DataFrame) -> Series[bool]:
    """On demand, and replaced when it is gone (in a group) or declared interruptible."""
    plain = ec2_instances["platform"].eq("Linux/UNIX") & ec2_instances["tenancy"].eq("default")
    replaceable = ec2_instances["asg_name"].ne("") | ec2_instances["interruptible"].eq("yes")
    return plain & replaceable & ec2_instances["state"].eq("running") & ~ec2_instances["spot"]


@check(
    catalogue="E12",
    groups=(Group.SCALING, Group.RIGHTSIZING),
    resource="EC2 instance",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.HIGH,
    reason="{instance_type} {because}; Spot cost ${spot_usd:.4f} an hour in {az}, {percent_less:.0f} % less",
    source="AWS, Best practices for Amazon EC2 Spot",
    words=Words(
        current="on demand, {instance_type}",
        proposed="Spot",
        how="730 h × (${hourly_usd:.4f} on demand − ${spot_usd:.4f} Spot, the mean of {priced_days:.0f} days in {az}); "
        "the highest price in them was ${highest_usd:.4f}.",
        ignores="Hours without Spot capacity, in which it does not run or runs on demand.",
        risk="AWS takes a Spot instance back at two minutes' notice: what it was doing is lost unless it can be done "
        "again.",
        effect="New instances are launched as Spot; those that run are replaced as they end.",
        steps="{steps}",
    ),
    evidence=(
        Fact("Spot", "spot_usd", "USD an hour, mean", "EC2 DescribeSpotPriceHistory"),
        Fact("Spot", "highest_usd", "USD an hour, highest", "EC2 DescribeSpotPriceHistory"),
    ),
    moves=instance_hours(),
)
def spotable(
    ec2_instances: DataFrame,
    spot_prices: DataFrame,
    prices: PriceBook,
    *,
    min_saving_percent: float = 20.0,
    min_priced_days: float = 7.0,
) -> Verdicts:
    """Instance that Spot would run.

    It must be said that it may be interrupted: by its tag interruptible=yes, or by being a member of an Auto Scaling
    group outside production, which replaces what is lost. A group in production is asked about, not guessed at. The
    price is what Spot really cost in the instance's zone over the days looked at, never a flat per cent.
    """
    current = with_price(ec2_instances, prices)
    spot = spot_prices.drop_duplicates(_PLACE).set_index(_PLACE)
    found = spot.reindex(current.set_index(_PLACE).index).set_axis(current.index)
    saving = (current["hourly_usd"] - found["mean_usd"]) * HOURS_A_MONTH
    share = 100 * (1 - found["mean_usd"] / current["hourly_usd"])
    group, said = current["asg_name"].fillna(""), current["interruptible"]
    non_prod = current["env"].isin(NON_PROD)
    alone = group.eq("") & said.ne("yes")
    undeclared = group.ne("") & said.eq("") & ~non_prod
    because = said.map({"yes": "is tagged interruptible"}).fillna("is in a group outside production")
    steps_group = (
        "1. Give the Auto Scaling group " + group + " a mixed instances policy: Spot above a base of one on-demand "
        "instance, price-capacity-optimized, several types of this size. 2. Start an instance refresh. The way back is "
        "OnDemandPercentageAboveBaseCapacity=100 and another refresh."
    )
    steps_alone = (
        "1. Launch a Spot instance of "
        + current["instance_type"]
        + " from the image "
        + current["image_id"]
        + " (run-instances --instance-market-options MarketType=spot). 2. Terminate the one on demand when the new one "
        "works. The way back is the same without the market option."
    )
    return verdicts(
        current,
        saves=saving.where(share.ge(min_saving_percent)),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (current["state"].ne("running"), "Not running."),
            (current["spot"], "On Spot already."),
            (said.eq("no"), "Its tag says that it must not be interrupted."),
            (alone, "Nothing replaces it when it is lost, and no tag says that it may be interrupted."),
            (share.lt(min_saving_percent), f"Spot costs less than {min_saving_percent:.0f} % below on demand here."),
        ],
        insufficient=[
            (
                undeclared,
                "Whether members of " + group + " may be interrupted: give them a tag interruptible=yes or no.",
            ),
            price_unknown(current),
            (
                found["mean_usd"].isna() | found["priced_days"].lt(min_priced_days),
                f"The Spot price of {min_priced_days:.0f} days in " + current["az"] + ": DescribeSpotPriceHistory has "
                "no more.",
            ),
        ],
        plus_minus=(found["highest_usd"] - found["mean_usd"]) * HOURS_A_MONTH,
        details=DataFrame(
            {
                "spot_usd": found["mean_usd"],
                "highest_usd": found["highest_usd"],
                "priced_days": found["priced_days"],
                "percent_less": share,
                "because": because,
                "steps": steps_group.where(group.ne(""), steps_alone),
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
            }
        ),
    )
