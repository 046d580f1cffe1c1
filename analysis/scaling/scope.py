"""What every check of groups leaves alone, and what it does not know."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.verdicts import Because

#: A zone may fail: what is kept running where the group's own minimum asks for that many.
KEPT_FOR_ZONES = 2
#: Share of the days asked for that has to be known.
ENOUGH = 0.9
#: Where neither the group nor its launches tell how long an instance takes until it serves.
DEFAULT_WARMUP_S = 300.0


def owned_elsewhere(groups: DataFrame) -> list[Because]:
    """Groups whose size is not theirs to decide."""
    nodegroup = groups["eks_nodegroup"].fillna("")
    suspended = groups["suspended"].fillna("")
    return [
        (
            nodegroup.ne(""),
            "EKS node group " + nodegroup + " owns it: its size follows what the pods ask for, and is set there.",
        ),
        (
            suspended.str.contains("Launch|Terminate"),
            "Its process " + suspended + " is suspended: nothing changes its size until somebody resumes it.",
        ),
    ]


def any_of(*reasons: list[Because]) -> Series[bool]:
    """The rows for which one of the conditions holds."""
    held = [holds.fillna(False).astype(bool) for part in reasons for holds, _ in part]
    return pd.concat(held, axis=1).any(axis=1)


def smallest_kept(groups: DataFrame) -> Series[float]:
    """Instances that stay whatever the load: two for two zones, one where the group's own minimum allows that."""
    return groups["min_size"].clip(lower=1, upper=KEPT_FOR_ZONES)


def without_price(groups: DataFrame, members: DataFrame) -> Because:
    """The groups whose instances have no known price; `members` as `member_prices` gives them."""
    types = members["types"].where(members["types"].ne(""), "its instances (none is running)")
    return (
        members["hourly_usd"].isna(),
        "The price of " + types + " in " + groups["region"] + ": only Linux on demand in shared tenancy is known, from "
        "your own bill or the public list.",
    )


def policies_unknown(groups: DataFrame) -> Because:
    """The groups of which AWS did not tell what scales them."""
    return (
        ~groups["policies_known"].fillna(False).astype(bool),
        "Its scaling policies and schedule: allow autoscaling:DescribePolicies and DescribeScheduledActions.",
    )


def already_scaled(groups: DataFrame) -> list[Because]:
    """The groups that a policy or a schedule scales already."""
    policies = groups["policies"].fillna("")
    return [
        (groups["desired"].eq(0), "It has no instances."),
        (policies.ne(""), "Scaled by policy: " + policies + "."),
        (groups["scheduled_actions"].gt(0), "Its scheduled actions set its size."),
        (groups["desired"].eq(1), "It has one instance: there is none to take away."),
    ]


def unmeasured(groups: DataFrame, days: Series[float], min_days: float) -> list[Because]:
    """The groups of which the load is not known long enough.

    Args:
        days: of CPU by five minutes; missing where it was not read yet.
    """
    known = days.round().astype("Int64").astype("str")
    return [
        (groups["desired"].isna(), "Its desired capacity, which Auto Scaling did not tell."),
        (groups["age_days"].lt(min_days), f"{min_days:.0f} days of it: it is younger."),
        (
            days.lt(min_days * ENOUGH),
            f"CPU of {min_days:.0f} days by five minutes: CloudWatch has " + known + " of them.",
        ),
    ]


NO_SERIES = "CPU by five minutes: CloudWatch has no CPUUtilization by AutoScalingGroupName for it."
