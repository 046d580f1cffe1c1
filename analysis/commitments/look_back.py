"""On-demand dollars by the hour out of the details of a plan that AWS proposes: its own look-back, without an export.

AWS tells of each hour what would stay on demand beside the plan, and how far the plan would be used. What the plan
would have covered is the rest: its used dollars, at the discount that AWS's own totals state. One discount stands for
all that a plan covers. That is exact for a family in a region, whose sizes have one. A Compute plan covers usage of
several discounts: there the coverage of hours that use all of it says what is on demand, where it bears out the totals,
and one discount stands for the other hours. It moves dollars between hours, not their sum.
Source: AWS, Cost Explorer API, GetSavingsPlanPurchaseRecommendationDetails.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pandas import DataFrame, DatetimeIndex, Series

from analysis.commitments.usage import Floats

#: Share of what is on demand by which hours and stated totals may differ.
MOST_APART = 0.01
#: Share of eligible usage that must stay uncovered for its rounding not to matter, and how far coverage and the one
#: discount may lie apart in an hour.
_LEAST_UNCOVERED, _BORNE_OUT = 0.01, 0.05


class LookBackRefused(ValueError):
    """These hours cannot be relied on; the message is a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A plan that AWS proposes, hour by hour; dollars are of the whole look-back unless they are an hour's.

    Attributes:
        kind: Compute, EC2Instance or SageMaker. family, region: of an EC2 Instance plan, else "".
        days: of the look-back.
        hourly: the commitment proposed, dollars an hour. cost: of it. saving: on demand that it avoids, less its cost.
        utilization: mean share of it that would have been used, 0 to 1.
        spent: on demand without it, beside what is owned. left: on demand with it.
        mean: dollars on demand an hour, as AWS states it apart.
        hours: starts, UTC, as AWS gave them. left_by_hour, used_by_hour: dollars, and shares 0 to 1; nan where AWS
            told none. covered_now, covered_then: shares of all eligible usage, without the plan and with it.
    """

    kind: str
    family: str
    region: str
    days: int
    hourly: float
    cost: float
    saving: float
    utilization: float
    spent: float
    left: float
    mean: float
    hours: DatetimeIndex
    left_by_hour: Floats
    used_by_hour: Floats
    covered_now: Floats
    covered_then: Floats

    @property
    def name(self) -> str:
        """`EC2Instance m5 us-east-1`."""
        return " ".join(part for part in (self.kind, self.family, self.region) if part)

    @property
    def ratio(self) -> float:
        """Committed dollars for a dollar on demand, by AWS's totals."""
        return self.cost * self.utilization / (self.cost + self.saving)


def on_demand_hours(detail: Detail) -> Series[float]:
    """Dollars on demand of each hour that AWS tells whole, before the plan; by its start, ascending.

    An hour without both figures is missing, not idle, and left out.

    Raises:
        LookBackRefused: a total that AWS states is missing or makes no sense, or the hours are more than `MOST_APART`
            off one.
    """
    _sound(detail)
    columns = {name: getattr(detail, name) for name in ("left_by_hour", "used_by_hour", "covered_now", "covered_then")}
    every = DataFrame(columns, index=detail.hours)
    every = every[~every.index.duplicated(keep="last")].sort_index()
    told = every.dropna(subset=["left_by_hour", "used_by_hour"])
    dollars = _by_coverage(detail, told, told["left_by_hour"] + told["used_by_hour"] * detail.hourly / detail.ratio)
    absent = 24 * detail.days - len(dollars)
    missing = f"; {absent} of {24 * detail.days} hours are not told" if absent > 0 else ""
    _alike(detail, "what stays on demand", float(told["left_by_hour"].sum()), detail.left, missing)
    _alike(detail, "what is on demand", float(dollars.sum()), detail.spent, missing)
    _alike(detail, "the mean of an hour, times all hours,", 24 * detail.days * detail.mean, detail.spent, "")
    return dollars.rename(detail.name)


def _by_coverage(detail: Detail, told: DataFrame, alike: Series[float]) -> Series[float]:
    """Dollars on demand with what coverage says of hours that use all of a plan for usage of many kinds.

    Args:
        alike: by one discount; it stands where coverage is not told, too close to all, or another thing than a share.
    """
    share = (1 - told["covered_now"]) / (1 - told["covered_then"])
    seen = (told["left_by_hour"] * share).where(told["covered_then"].lt(1 - _LEAST_UNCOVERED))
    known = seen.notna() & seen.gt(0)
    if detail.kind == "EC2Instance" or not known.any():
        return alike
    if (seen[known] / alike[known] - 1).abs().max() > _BORNE_OUT:
        return alike
    rest = alike.where(~known, 0.0) - told["left_by_hour"].where(~known, 0.0)
    covered = alike.sum() - seen[known].sum() - told.loc[~known, "left_by_hour"].sum()
    if not 1 - _BORNE_OUT < covered / max(float(rest.sum()), 1e-9) < 1 + _BORNE_OUT:
        return alike
    return seen.where(known, told["left_by_hour"] + rest * (covered / float(rest.sum())))


def _sound(detail: Detail) -> None:
    told = (detail.hourly, detail.cost, detail.saving, detail.utilization, detail.spent, detail.left, detail.mean)
    if not np.isfinite(told).all():
        raise LookBackRefused(f"AWS's details of {detail.name} lack a total")
    if not detail.hours.size:
        raise LookBackRefused(f"AWS's details of {detail.name} have no hours")
    if detail.hourly <= 0 or detail.utilization <= 0 or not 0 < detail.ratio < 1:
        raise LookBackRefused(f"AWS's details of {detail.name} state no discount that a plan can have")
    whole = 24 * detail.days * detail.hourly
    if abs(detail.cost - whole) > MOST_APART * whole:
        raise LookBackRefused(
            f"AWS's details of {detail.name} state a cost of ${detail.cost:,.2f}, and ${detail.hourly:,.3f} in each "
            f"hour of {detail.days} days are ${whole:,.2f}"
        )


def _alike(detail: Detail, what: str, found: float, stated: float, missing: str) -> None:
    if abs(found - stated) > MOST_APART * detail.spent:
        raise LookBackRefused(
            f"AWS's hours of {detail.name} do not add up: {what} comes to ${found:,.2f}, AWS states ${stated:,.2f}"
            + missing
        )
