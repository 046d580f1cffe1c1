"""Usage by the hour, and the plans on offer for it, as the optimiser takes them, out of AWS's look-backs.

A line is what AWS tells apart: a family in a region that an EC2 Instance plan is proposed for, all other compute
together, SageMaker. Its quantity is dollars on demand; account, size and platform of it are not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from pandas import DataFrame, DatetimeIndex, Series, Timedelta

from analysis.commitments.eligible import Eligible
from analysis.commitments.known_ahead import Reduction
from analysis.commitments.look_back import MOST_APART, Detail, LookBackRefused, on_demand_hours
from analysis.commitments.units import family as type_family
from analysis.commitments.usage import LINES, Floats, HourlyUsage

#: Share of all compute below which what no family's look-back tells is rounding.
_NOTHING = 1e-3
#: What is not told by family: an "instance type" that no saving is of.
OTHER = "other compute"
#: Plan, family, region.
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class LookBack:
    """What AWS's look-backs tell together.

    Attributes:
        usage: in the hours that all of them tell; a line's price is 1, its quantity dollars.
        kinds: the plan whose details told each line, (lines,).
        ratios: committed dollars for one on demand, of one year without upfront payment, (lines,): of that plan.
        compute: the same of the Compute plan as a whole; missing (nan) where AWS proposes none.
        days: of the look-back. refused: sentences about details that were left out, without their full stops.
    """

    usage: HourlyUsage
    kinds: tuple[str, ...]
    ratios: Floats
    compute: float
    days: int
    refused: tuple[str, ...] = ()

    @property
    def eligible(self) -> Eligible:
        """As usage that nothing owned pays for: AWS has taken off what does."""
        return Eligible(self.usage, self.usage, self.usage.hours[-1] + Timedelta(hours=1), ())


def look_back(details: Sequence[Detail]) -> LookBack:
    """The hours of several details as lines that do not overlap.

    Raises:
        LookBackRefused: no detail can be relied on, or they have no hour in common.
    """
    told: dict[_Key, Series[float]] = {}
    refused: list[str] = []
    by_key = {(one.kind, one.family, one.region): one for one in details}
    for key, one in by_key.items():
        try:
            told[key] = on_demand_hours(one)
        except LookBackRefused as error:
            refused.append(str(error))
    if not told:
        raise LookBackRefused("; ".join(refused) or "AWS tells no hours of what it proposes")
    hours = _common(list(told.values()))
    if not len(hours):
        raise LookBackRefused("AWS's look-backs of its proposals have no hour in common")
    columns, kinds, ratios, rows = [], [], [], []
    families = [key for key in told if key[0] == "EC2Instance"]
    for key in (*families, *(key for key in told if key[0] == "SageMaker")):
        columns.append(_in(told[key], hours))
        rows.append(_line(*key))
        kinds.append(key[0])
        ratios.append(by_key[key].ratio)
    compute = float("nan")
    whole = next((key for key in told if key[0] == "Compute"), None)
    if whole is not None:
        inside: Floats = np.array(columns[: len(families)]).reshape(-1, len(hours)).sum(axis=0)
        rest, reason = _rest(_in(told[whole], hours), inside)
        compute = by_key[whole].ratio
        refused += [reason] if reason else []
        if rest is not None:
            columns.append(rest)
            rows.append(_line(*whole))
            kinds.append("Compute")
            ratios.append(compute)
    lines = DataFrame(rows, columns=list(LINES)).astype(LINES)
    usage = HourlyUsage(hours, lines, np.maximum(np.array(columns).T, 0.0))
    days = max(one.days for one in by_key.values())
    return LookBack(usage, tuple(kinds), np.array(ratios), compute, days, tuple(refused))


def _in(one: Series[float], hours: DatetimeIndex) -> Floats:
    return np.asarray(one.reindex(hours), dtype=np.float64)


def _common(every: Sequence[Series[float]]) -> DatetimeIndex:
    common = every[0].index
    for one in every[1:]:
        common = common.intersection(one.index)
    return DatetimeIndex(common).sort_values()


def _rest(whole: Floats, inside: Floats) -> tuple[Floats | None, str]:
    """What of all compute no family's look-back tells: its sum is exact, its hours as far as one discount is."""
    left = float(whole.sum() - inside.sum())
    if left < -MOST_APART * float(whole.sum()):
        return None, "AWS's hours of families come to more than those of all compute, which are left out"
    rest = np.maximum(whole - inside, 0.0)
    if left <= _NOTHING * float(whole.sum()) or not rest.any():
        return None, ""
    return rest * (left / float(rest.sum())), ""


def _line(kind: str, family: str, region: str) -> dict[str, object]:
    empty: dict[str, object] = dict.fromkeys(LINES, "")
    own = {
        "service": "AmazonSageMaker" if kind == "SageMaker" else "AmazonEC2",
        "region": region,
        "instance_type": {"EC2Instance": f"{family}.large", "Compute": f"{OTHER}.large"}.get(kind, ""),
        "units": float("nan"),
        "on_demand": 1.0,
    }
    return empty | own


def falling_on(of: LookBack, reductions: Sequence[Reduction]) -> tuple[tuple[Reduction, ...], tuple[str, ...]]:
    """Reductions of these lines, and names of those that the look-back does not tell apart.

    A saving on an instance falls on its family in its region, else on other compute. What an account gives up cannot be
    placed where nothing but the account says what it is.
    """
    lines = of.usage.lines
    own = set(zip(lines["region"], lines["instance_type"].map(type_family), strict=True))
    found: list[Reduction] = []
    unplaced: list[str] = []
    for one in reductions:
        size = type_family(one.instance_type)
        if not one.instance_type:
            if one.accounts:
                unplaced.append(one.name)
            else:
                found.append(one)
        elif size.startswith(("db.", "cache.")):
            unplaced.append(one.name)
        elif one.regions and (one.regions[0], size) in own:
            found.append(replace(one, accounts=(), services=("ec2",), instance_type=f"{size}.large"))
        else:
            found.append(replace(one, accounts=(), services=("ec2",), regions=(), instance_type=f"{OTHER}.large"))
    return tuple(found), tuple(unplaced)
