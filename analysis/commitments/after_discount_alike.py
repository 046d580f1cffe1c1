"""Lines of usage that no commitment tells apart, as one: the same usage in accounts that own none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation

#: Prices and rates that are equal to this many digits are the same: prices are means of what hours cost.
DIGITS = 9
_TOLD_APART = ["region", "service", "usage_type", "instance_type", "platform"]


@dataclass(frozen=True, slots=True)
class Alike:
    """Usage with fewer lines, for which commitments do what they do for all of them together.

    Attributes:
        plans: with rates of these lines.
        line_of: the line that each line of the whole usage became part of, (lines,).
    """

    usage: HourlyUsage
    plans: tuple[Plan, ...]
    line_of: NDArray[np.intp]

    def change(self, lines: Mapping[int, Floats]) -> dict[int, Floats]:
        """A change of the whole usage as one of these lines."""
        found: dict[int, Floats] = {}
        for line, more in lines.items():
            at = int(self.line_of[line])
            found[at] = found[at] + more if at in found else more
        return found


def alike(usage: HourlyUsage, reservations: Sequence[Reservation], plans: Sequence[Plan]) -> Alike:
    """Put lines together that are alike in all that commitments go by: AWS covers such usage in the same part."""
    owners = {one.owner_id for one in reservations} | {one.owner_id for one in plans}
    lines = usage.lines
    names = [*_TOLD_APART, *(["zone"] if "zone" in lines else [])]
    keys = lines[names].assign(
        owner=lines["account_id"].where(lines["account_id"].isin(owners), ""),
        on_demand=lines["on_demand"].round(DIGITS),
        **{f"rate_{at}": np.round(plan.rates, DIGITS) for at, plan in enumerate(plans)},
    )
    line_of = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy().astype(np.intp)
    _, first = np.unique(line_of, return_index=True)
    quantity = np.zeros((len(usage.hours), len(first)))
    np.add.at(quantity.T, line_of, usage.quantity.T)
    fewer = HourlyUsage(usage.hours, lines.iloc[first].reset_index(drop=True), quantity)
    return Alike(fewer, tuple(replace(plan, rates=plan.rates[first]) for plan in plans), line_of)
