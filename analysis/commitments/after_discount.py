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
        quantity, after: before it and behind it, (its lines, hours).
        need, budget, used, left: of the commitment, what was there to cover, what it could cover, what it covered of
            that, and what it could still cover, (hours,).
        is_idle: there was nothing to cover. is_full: all there was it covered. is_spent: there was nothing left of it.
    """

    commitment: int
    lines: tuple[int, ...]
    members: frozenset[int]
    weight: float
    quantity: Floats
    after: Floats
    need: Floats
    budget: Floats
    used: Floats
    left: Floats
    is_idle: bool
    is_full: bool
    is_spent: bool

    def is_as_before(self, more: Floats | None, *, is_same: bool) -> bool:
        """Whether it does what it did, its budget having so much more.

        Args:
            is_same: its lines are as they were.
        """
        if more is None:
            return is_same or self.is_spent
        return is_same and (self.is_idle or (self.is_full and bool((self.left + more).min() >= 0.0)))


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
                left[lines] = step.after
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
        lines = {line: np.maximum(more, -self._quantity[line]) for line, more in change.items()}
        going = frozenset(line for line, more in lines.items() if (more < 0).any())
        extra: dict[int, Floats] = {}
        freed, stranded = np.zeros(len(self.ids)), np.zeros(len(self.ids))
        for step in self._steps:
            is_same = step.members.isdisjoint(lines)
            if step.is_as_before(extra.get(step.commitment), is_same=is_same):
                continue
            less = _again(step, lines, extra, is_same=is_same)
            stranded[step.commitment] += less.sum()
            if not step.members.isdisjoint(going):
                freed[step.commitment] += np.maximum(less, 0.0).sum()
        saved = np.zeros(len(self.usage.hours))
        for line, more in lines.items():
            saved -= more * self._prices[line]
        return Outcome(saved, freed * self._dollars, stranded * self._dollars)


def _step(commitment: int, lines: Indices, weight: float, quantity: Floats, budget: Floats) -> _Step:
    need = quantity.sum(axis=0) * weight
    used = np.minimum(need, budget)
    return _Step(
        commitment=commitment,
        lines=tuple(lines.tolist()),
        members=frozenset(lines.tolist()),
        weight=weight,
        quantity=quantity,
        after=quantity * (1 - _part(need, budget)),
        need=need,
        budget=budget,
        used=used,
        left=budget - used,
        is_idle=not need.any(),
        is_full=bool((need <= budget).all()),
        is_spent=not budget.any(),
    )


def _part(need: Floats, budget: Floats) -> Floats:
    """The part of what is needed that an hour's budget covers."""
    return np.divide(budget, need, out=np.ones_like(need), where=need > budget)


def _again(step: _Step, lines: dict[int, Floats], extra: dict[int, Floats], *, is_same: bool) -> Floats:
    """Take a step with what is changed so far, note what is changed behind it, and return what it uses less, (hours,).

    Args:
        lines: what quantities are more than they were. extra: what commitments can still cover more than they could.
            Both are updated.
        is_same: none of the step's lines is changed before it.
    """
    more = extra.get(step.commitment)
    budget = step.budget if more is None else np.maximum(step.budget + more, 0.0)
    if len(step.lines) == 1:
        less = _of_one_line(step, step.lines[0], lines, budget)
    else:
        less = _of_lines(step, lines, budget, is_same=is_same)
    _note(extra, step.commitment, less if more is None else more + less)
    return less


def _of_one_line(step: _Step, line: int, lines: dict[int, Floats], budget: Floats) -> Floats:
    change = lines.get(line)
    need = step.need if change is None else step.need + change * step.weight
    less: Floats = step.used - np.minimum(need, budget)
    uncovered = less / step.weight
    _note(lines, line, uncovered if change is None else change + uncovered)
    return less


def _of_lines(step: _Step, lines: dict[int, Floats], budget: Floats, *, is_same: bool) -> Floats:
    """Of lines that are covered together, each in the same part."""
    quantity = step.quantity
    if not is_same:
        quantity = quantity.copy()
        for place, line in enumerate(step.lines):
            if line in lines:
                quantity[place] = np.maximum(quantity[place] + lines[line], 0.0)
    need = quantity.sum(axis=0) * step.weight
    changes = quantity * (1 - _part(need, budget)) - step.after
    if max(changes.max(), -changes.min()) > SAME:
        lines.update(zip(step.lines, changes, strict=True))
    else:
        for line in step.lines:
            lines.pop(line, None)
    less: Floats = step.used - np.minimum(need, budget)
    return less


def _note(changed: dict[int, Floats], at: int, change: Floats) -> None:
    """Keep a difference; one that is none any more is dropped."""
    if max(change.max(), -change.min()) > SAME:
        changed[at] = change
    else:
        changed.pop(at, None)
