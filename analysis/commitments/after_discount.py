"""What a change of usage does to the bill of everybody together: commitments are applied again, where it matters.

A commitment is paid whether it is used or not, so what a change saves is what it takes off the on-demand part of the
bill. Usage that a commitment covered leaves room, which other usage takes up in the order that AWS applies it in, or
which stands unused. Only steps that a change touches are computed anew, and the result is that of `apply` twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.apply_matching import Matching
from analysis.commitments.apply_plans import plan_steps
from analysis.commitments.apply_reservations import capacity, reservation_steps, running
from analysis.commitments.apply_spreading import Indices
from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation

#: Quantities and dollars of an hour that differ by less are the same.
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change does; commitments are the reservations, then the plans.

    Attributes:
        saved: dollars on demand that fall away, (hours,); below 0 where the bill rises.
        freed: dollars of commitments that covered what goes, of all hours, (commitments,).
        stranded: dollars of commitments that are used no longer, of all hours, (commitments,); below 0 where more is
            used.
    """

    saved: Floats
    freed: Floats
    stranded: Floats


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the application as it was: what it found, and what part of it was covered.

    Attributes:
        quantity: before it, (its lines, hours). budget: before it, (hours,). left: of the budget behind it.
        is_idle: there was nothing to cover. is_full: all there was it covered.
    """

    commitment: int
    lines: Indices
    members: frozenset[int]
    weight: float
    quantity: Floats
    budget: Floats
    used: Floats
    left: Floats
    part: Floats
    is_idle: bool
    is_full: bool

    def is_as_before(self, more: Floats | None) -> bool:
        """Whether it does what it did, its lines being as they were and its budget having so much more."""
        if more is None or self.is_idle:
            return True
        return self.is_full and bool((self.left + more).min() >= 0.0)


class Replay:
    """Commitments applied to usage once, with every step kept.

    Args:
        usage: lines without a price count nothing: what a commitment covers of them instead saves nothing.
        reservations, plans: taken to run in all hours, whatever their `active` says.
    """

    def __init__(
        self, usage: HourlyUsage, reservations: Sequence[Reservation], plans: Sequence[Plan], *, shared: bool = True
    ) -> None:
        self.usage = usage
        self._reservations, self._plans, self._shared = reservations, plans, shared
        prices = usage.lines["on_demand"].to_numpy(np.float64)
        self._prices: Floats = np.nan_to_num(prices, nan=0.0)
        self._quantity: Floats = np.array(usage.quantity.T, dtype=np.float64, order="C")
        matching, hours = Matching(usage.lines), len(usage.hours)
        full = [capacity(matching, one) for one in reservations] + [one.hourly for one in plans]
        self.ids = (*(one.id for one in reservations), *(one.id for one in plans))
        per_unit = [one.hourly / units if units > 0 else 0.0 for one, units in zip(reservations, full, strict=False)]
        self._dollars: Floats = np.nan_to_num(np.array([*per_unit, *np.ones(len(plans))], dtype=np.float64))
        budgets = [units * running(None, hours) for units in full]
        left = self._quantity.copy()
        self._steps: list[_Step] = []
        order = [*reservation_steps(matching, reservations, shared=shared)]
        later = plan_steps(prices, matching.accounts, plans, shared=shared)
        order += [(len(reservations) + plan, lines, rate) for plan, lines, rate in later]
        for commitment, lines, weight in order:
            step = _step(commitment, lines, weight, left[lines], budgets[commitment])
            self._steps.append(step)
            if not step.is_idle:
                left[lines] = step.quantity * (1 - step.part)
                budgets[commitment] = step.left
        self._left: Floats = left

    @property
    def on_demand(self) -> Floats:
        """Dollars of what no commitment covers, (hours,)."""
        dollars: Floats = self._prices @ self._left
        return dollars

    def after(self, change: Mapping[int, Floats]) -> Replay:
        """The same commitments applied to the changed usage; see `outcome`."""
        quantity = self._quantity.copy()
        for line, more in change.items():
            quantity[line] = np.maximum(quantity[line] + more, 0.0)
        changed = HourlyUsage(self.usage.hours, self.usage.lines, quantity.T)
        return Replay(changed, self._reservations, self._plans, shared=self._shared)

    def outcome(self, change: Mapping[int, Floats]) -> Outcome:
        """What a change of usage does.

        Args:
            change: by line, what is added to its quantity, (hours,); below 0 for what goes. A line never has less than
                nothing.
        """
        lines = {line: np.maximum(self._quantity[line] + more, 0.0) for line, more in change.items()}
        going = frozenset(line for line, more in change.items() if (more < 0).any())
        extra: dict[int, Floats] = {}
        freed, stranded = np.zeros(len(self.ids)), np.zeros(len(self.ids))
        for step in self._steps:
            is_same = step.members.isdisjoint(lines)
            if is_same and step.is_as_before(extra.get(step.commitment)):
                continue
            less = _again(step, lines, extra, is_same=is_same)
            stranded[step.commitment] += less.sum()
            if not step.members.isdisjoint(going):
                freed[step.commitment] += np.maximum(less, 0.0).sum()
        saved = np.zeros(len(self.usage.hours))
        for line, left in lines.items():
            saved += (self._left[line] - left) * self._prices[line]
        return Outcome(saved, freed * self._dollars, stranded * self._dollars)


def _step(commitment: int, lines: Indices, weight: float, quantity: Floats, budget: Floats) -> _Step:
    need = quantity.sum(axis=0) * weight
    used = np.minimum(need, budget)
    return _Step(
        commitment=commitment,
        lines=lines,
        members=frozenset(lines.tolist()),
        weight=weight,
        quantity=quantity,
        budget=budget,
        used=used,
        left=budget - used,
        part=_part(need, budget),
        is_idle=not need.any(),
        is_full=bool((need <= budget).all()),
    )


def _part(need: Floats, budget: Floats) -> Floats:
    """The part of what is needed that an hour's budget covers."""
    return np.divide(budget, need, out=np.ones_like(need), where=need > budget)


def _again(step: _Step, lines: dict[int, Floats], extra: dict[int, Floats], *, is_same: bool) -> Floats:
    """Take a step with what is changed so far, note what is changed behind it, and return what it uses less, (hours,).

    Args:
        lines: quantities that are not what they were. extra: what commitments can still cover more than they could.
            Both are updated.
        is_same: none of the step's lines is changed before it.
    """
    quantity = step.quantity
    if not is_same:
        quantity = quantity.copy()
        for place, line in enumerate(step.lines.tolist()):
            if line in lines:
                quantity[place] = lines[line]
    need = quantity.sum(axis=0) * step.weight
    more = extra.get(step.commitment)
    budget = step.budget if more is None else step.budget + more
    used, part = np.minimum(need, budget), _part(need, budget)
    after, before = quantity * (1 - part), step.quantity * (1 - step.part)
    differs = np.abs(after - before).max(axis=1) > SAME
    for place, line in enumerate(step.lines.tolist()):
        if differs[place]:
            lines[line] = after[place]
        else:
            lines.pop(line, None)
    change = budget - used - step.left
    if np.abs(change).max() > SAME:
        extra[step.commitment] = change
    else:
        extra.pop(step.commitment, None)
    less: Floats = step.used - used
    return less
