"""An offer in a family of another maker: as large as now, or as small as the measured load allows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import PriceBook
from analysis.rightsizing import counterpart
from analysis.rightsizing.change_words import IGNORES
from analysis.rightsizing.choice import Choice, choice
from analysis.rightsizing.counterpart import NEEDS_MAXIMA, NEEDS_SERIES
from analysis.rightsizing.fit import candidates

#: Days an instance must have run as it is, and days with CPU and memory, before it is told that less would do.
_MIN_DAYS, _MIN_DATA_DAYS = 14, 7
_CENT = 0.005
_SEASONS = "Seasons longer than the days looked at."


def offers(
    current: DataFrame,
    families: Mapping[str, str],
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float,
) -> DataFrame:
    """The cheapest type that each instance could take in its family's counterpart.

    Args:
        current: instances with specification, price and demand. families: family → its counterpart.
        headroom_percent: of everything, to stay free where the type gives less than now.
    Returns:
        As `counterpart.counterparts`, and `is_less`: it gives less than now, which the measured load allows, and costs
        less than what the same family could shrink to; `needs`: evidence that could still show that less would do, and
        the `potential` saving if it does; `cpu_then`, `memory_then`: p99.5 in per cent of the new type.
    """
    as_large = counterpart.counterparts(current, families, instance_types, instance_offerings, ec2_metrics, prices)
    pairs = candidates(current, instance_types, instance_offerings, prices, families)
    chosen = choice(current, pairs, ec2_metrics, headroom_percent=headroom_percent)
    own_pairs = candidates(current, instance_types, instance_offerings, prices)
    own = choice(current, own_pairs, ec2_metrics, headroom_percent=headroom_percent)
    known = _load_known(current)
    at_least = pd.concat([as_large["saving"], own.saving], axis=1).max(axis=1).fillna(0) + _CENT
    is_less = known & chosen.traffic_known & chosen.saving.gt(at_least)
    less = chosen.best.reindex(current.index)
    found = as_large.assign(is_less=is_less)
    for column, of_type in _TARGET.items():
        found[column] = as_large[column].mask(is_less, less[of_type])
    found["saving"] = as_large["saving"].mask(is_less, chosen.saving)
    found["untold"], found["short"] = as_large["untold"] & ~is_less, as_large["short"] & ~is_less
    return found.assign(
        needs=_needs(current, chosen, at_least, known),
        potential=chosen.at_best.where(chosen.traffic_known, chosen.but_for_traffic),
        cpu_then=current["cpu_percent"] * current["vcpu"] / found["target_vcpu"],
        memory_then=current["memory_percent"] * current["memory_gib"] / found["target_memory_gib"],
    )


_TARGET = {
    "target": "instance_type",
    "target_hourly_usd": "hourly_usd",
    "target_price_source": "price_source",
    "target_vcpu": "vcpu",
    "target_memory_gib": "memory_gib",
}


def words(current: DataFrame, headroom_percent: float) -> DataFrame:
    """What the card of each offer says of its size: `holds`, `size_risk`, `size_ignores` (needs `is_less`)."""
    is_less, now = current["is_less"], current["instance_type"]
    target = current["target"].fillna("")
    vcpu, gib = (current[name].map("{:g}".format).astype("str") for name in ("target_vcpu", "target_memory_gib"))
    less = f"keeps {headroom_percent:.0f} % of everything free under the load of " + now
    risk = target + " has " + vcpu + " vCPU and " + gib + " GiB: a load that its metrics have not shown may not fit. "
    return DataFrame(
        {
            "holds": ("has the vCPUs and memory of " + now).mask(is_less, less),
            "size_risk": risk.where(is_less, ""),
            "size_ignores": is_less.map({True: _SEASONS, False: IGNORES}).astype("str"),
        }
    )


def asking(current: DataFrame, min_monthly_savings: float) -> Series[str]:
    """What a second round is asked for, of instances whose offer could change (needs `needs`, `potential`)."""
    worth = current["potential"].ge(min_monthly_savings) & current["state"].eq("running") & current["asg_name"].eq("")
    return current["needs"].where(worth & ~current["ignored"], "")


def _load_known(current: DataFrame) -> Series[bool]:
    """Instances of which enough was measured to say that less would do."""
    burstable = current["burstable"].eq(True)
    rested = current["drained_days"].eq(0) & ~current["surplus_credits"].gt(0) & current["cpu_mean_percent"].notna()
    plain = ~current["bare_metal"].eq(True) & ~current["accelerated"].eq(True) & current["instance_store_gb"].eq(0)
    measured = current["cpu_days"].ge(_MIN_DATA_DAYS) & current["memory_days"].ge(_MIN_DATA_DAYS)
    return plain & measured & current["age_days"].ge(_MIN_DAYS) & (rested | ~burstable)


def _needs(current: DataFrame, chosen: Choice, at_least: Series[float], known: Series[bool]) -> Series[str]:
    more = pd.concat([at_least, chosen.saving.fillna(0) + _CENT], axis=1).max(axis=1)
    needs = pd.Series("", index=current.index, dtype="str")
    needs = needs.mask(known & chosen.traffic_known & ~current["has_series"] & chosen.at_best.gt(more), NEEDS_SERIES)
    return needs.mask(known & ~chosen.traffic_known & chosen.but_for_traffic.gt(more), NEEDS_MAXIMA)
