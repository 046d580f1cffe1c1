"""Which of its candidates an instance would take: by what was measured, and by what a closer look could still find."""

from __future__ import annotations

from dataclasses import dataclass

from pandas import DataFrame, Series

from analysis.pricing import HOURS_A_MONTH
from analysis.rightsizing import credits
from analysis.rightsizing.fit import cheapest, holds, needs_of

TRAFFIC = ["network_gbps", "ebs_mb_s", "ebs_iops"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The cheapest candidates of instances, on their index.

    Attributes:
        held, held_but_for_traffic: per pair and dimension, whether the candidate holds it.
        best: the cheapest candidate that holds everything, by the instance's index; none where none does.
        saving, at_best, but_for_traffic: dollars a month of the best by the demand of the busiest day, by that of a
            typical day, and by that without its traffic; missing where nothing fits.
        traffic_known: whether network and volumes were measured.
    """

    held: DataFrame
    held_but_for_traffic: DataFrame
    best: DataFrame
    saving: Series[float]
    at_best: Series[float]
    but_for_traffic: Series[float]
    traffic_known: Series[bool]


def choice(current: DataFrame, pairs: DataFrame, ec2_metrics: DataFrame, *, headroom_percent: float) -> Choice:
    """What fits each instance.

    Args:
        current: instances with specification, demand and price. pairs: their candidates.
    """
    busiest, typical = needs_of(current), needs_of(current, typical=True)
    lasting = credits.last(pairs, current, ec2_metrics, headroom_percent=headroom_percent)
    held = holds(pairs, busiest, headroom_percent=headroom_percent, credits_last=lasting)
    held_at_best = holds(pairs, typical, headroom_percent=headroom_percent)
    held_but_for_traffic = holds(pairs, typical, headroom_percent=headroom_percent, traffic=False)
    best = cheapest(pairs, held)
    saving, at_best, but_for_traffic = (
        (current["hourly_usd"] - chosen["hourly_usd"].reindex(current.index)) * HOURS_A_MONTH
        for chosen in (best, cheapest(pairs, held_at_best), cheapest(pairs, held_but_for_traffic))
    )
    traffic_known = current[TRAFFIC].notna().all(axis=1)
    return Choice(held, held_but_for_traffic, best, saving, at_best, but_for_traffic, traffic_known)
