"""How much of each offer to buy together: the most expected saving at a stated chance of using too little.

The saving is concave in the amounts, so amounts climb along its slopes; what the climb leaves is found by moving single
amounts and exchanging one offer for another. The chance of low utilisation is kept down by a dread of unused dollars,
as much of it as is needed and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.objective import Step, best_amount, layers, slopes, sums
from analysis.commitments.scenarios import Scenarios
from analysis.commitments.usage import Floats

#: Used share of what was committed over the term, below which a purchase counts as too large.
LOW_UTILISATION = 0.95
#: Chance of that which is accepted.
CHANCE = 0.10

_CLIMB_STEPS, _CLIMB_AGAIN, _DREADS = 70, 25, 9
#: Amounts that moves and exchanges look at, and evaluations they may take: among many hours the slopes leave little.
_MOVED, _EVALUATIONS, _EVALUATIONS_MANY = 8, 600, 60
#: Cells (groups of all offers x hours) above which hours are many, and above which the search looks at a part of them.
_MANY, _LARGE = 5_000, 60_000
#: Which part: each so-manieth hour, so that no hour of the day is left out, and of a scenario at least so many.
_EVERY, _LEAST_HOURS = (1, 5, 7, 13, 37), 12


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule of risk: at most `chance` of a utilisation below `utilisation` over the term; None for no limit."""

    chance: float | None = CHANCE
    utilisation: float = LOW_UTILISATION


class Drawn:
    """Scenarios as the search asks them; `order` are the offers in AWS's order."""

    def __init__(self, of: Scenarios, order: Sequence[Step]) -> None:
        self.order, self.count = order, of.spend.shape[1]
        self._layers = layers(order)
        self.spend = of.flat
        self.hours = of.weights
        self.weights = np.tile(of.weights, self.count) / self.count

    def saving(self, amounts: Floats) -> float:
        """Expected dollars of the term."""
        return float(self.by_scenario(amounts)[0].mean())

    def by_scenario(self, amounts: Floats) -> tuple[Floats, Floats]:
        """Saving of the term in dollars and utilisation (1 where nothing is committed), (scenarios,) each."""
        hourly_used, hourly_avoided = sums(self.spend, self._layers, amounts)
        committed = float(amounts.sum()) * self.hours.sum()
        avoided = hourly_avoided.reshape(self.count, -1) @ self.hours
        used = hourly_used.reshape(self.count, -1) @ self.hours
        return avoided - committed, used / committed if committed > 0 else np.ones(self.count)

    def worth(self, amounts: Floats, limits: Limits) -> float:
        """Expected saving; minus infinity beyond the limits."""
        saving, utilisation = self.by_scenario(amounts)
        return float(saving.mean()) if _within(utilisation, limits) else -np.inf

    def dreaded(self, amounts: Floats, dread: float) -> float:
        """Expected dollars of the term, less what unused dollars hurt beyond their price."""
        used, avoided = sums(self.spend, self._layers, amounts)
        committed = amounts.sum() * self.weights.sum()
        return float(avoided @ self.weights - committed - dread * (committed - used @ self.weights))

    def slopes(self, amounts: Floats, dread: float) -> Floats:
        return slopes(self.spend, self._layers, amounts, self.weights, dread=dread)


def best_mix(of: Scenarios, order: Sequence[Step], offers: int, limits: Limits) -> Floats:
    """The amount of each offer in dollars an hour, (offers,)."""
    covering = [step for step in order if len(step.groups)]
    if len(covering) == 1:
        amounts = np.zeros(offers)
        amounts[covering[0].offer] = best_alone(of, covering[0], limits)
        return amounts
    every = _thinning(of, order)
    search = Drawn(of.thinned(every), order)
    top = _tops(search, offers)
    unlimited = amounts = _climb(search, 0.6 * top, 0.3 * top, top, 0.0, _CLIMB_STEPS)
    if limits.chance is not None and search.worth(amounts, limits) == -np.inf:
        amounts = _dreading(search, amounts, top, limits)
    few = _cells(search.spend, order) <= _MANY
    amounts = _moved(search, amounts, top, limits, _EVALUATIONS if few else _EVALUATIONS_MANY, repair=few)
    full = Drawn(of, order)
    return _towards(full, _shrunk(full, amounts, limits), unlimited, limits)


def best_alone(of: Scenarios, step: Step, limits: Limits) -> float:
    """The amount of one offer that nothing else is bought beside; exact but for the limit, which is bisected."""
    spend = of.flat[step.groups]
    alone = Step(0, np.arange(len(step.groups)), step.ratios)
    drawn = Drawn(Scenarios(of.spend[step.groups], of.weights, of.months), [alone])
    amount = best_amount(spend * step.ratios[:, None], 1 / step.ratios, drawn.weights)
    return float(_shrunk(drawn, np.array([amount]), limits)[0])


def _thinning(of: Scenarios, order: Sequence[Step]) -> int:
    cells = _cells(of.flat, order)
    usable = [every for every in _EVERY if every == 1 or len(of.weights) >= every * _LEAST_HOURS]
    return next((every for every in usable if cells / every <= _LARGE), usable[-1])


def _cells(spend: Floats, order: Sequence[Step]) -> int:
    return int(sum(len(step.groups) for step in order) * spend.shape[1])


def _within(utilisation: Floats, limits: Limits) -> bool:
    return limits.chance is None or float((utilisation < limits.utilisation).mean()) <= limits.chance + 1e-9


def _tops(drawn: Drawn, offers: int) -> Floats:
    """More than each offer could use in any hour."""
    top = np.zeros(offers)
    for step in drawn.order:
        if len(step.groups):
            top[step.offer] = (drawn.spend[step.groups] * step.ratios[:, None]).sum(axis=0).max(initial=0.0)
    return top


def _climb(drawn: Drawn, amounts: Floats, stride: Floats, top: Floats, dread: float, count: int) -> Floats:
    """Each amount goes the way of its slope, half as far after each turn."""
    best, at_best = amounts, -np.inf
    before = np.zeros(len(amounts))
    for number in range(count):
        way = np.sign(drawn.slopes(amounts, dread))
        stride = np.where(
            way * before < 0, stride / 2, np.where(way * before > 0, np.minimum(stride * 1.2, top), stride)
        )
        before = way
        amounts = np.clip(amounts + way * stride, 0.0, top)
        if number >= count // 2 and number % 4 == 3:
            reached = drawn.dreaded(amounts, dread)
            if reached > at_best:
                best, at_best = amounts, reached
    return best


def _dreading(drawn: Drawn, amounts: Floats, top: Floats, limits: Limits) -> Floats:
    """The best amounts within the limits that some dread of unused dollars leads to."""
    low, high, dread = 0.0, np.inf, 1.0
    best, at_best = np.zeros_like(amounts), 0.0
    for _ in range(_DREADS):
        found = _climb(drawn, amounts, 0.08 * top, top, dread, _CLIMB_AGAIN)
        for tried in (found, _shrunk(drawn, found, limits)):
            reached = drawn.worth(tried, limits)
            if reached > at_best:
                best, at_best = tried, reached
        if drawn.worth(found, limits) > -np.inf:
            high = dread
        else:
            low, amounts = dread, found
        dread = (low + high) / 2 if np.isfinite(high) else 2 * dread
    return best


def _moved(drawn: Drawn, amounts: Floats, top: Floats, limits: Limits, most: int, *, repair: bool) -> Floats:
    """Single amounts moved and pairs exchanged while that brings more, by ever shorter strides.

    Args:
        most: evaluations it may take. repair: bring what goes beyond the limits back within them.
    """
    reached = drawn.worth(amounts, limits)
    movable = [one for one in np.argsort(-top, kind="stable")[:_MOVED] if top[one] > 0]
    stride, evaluations = 0.1, 0
    while stride > 5e-4 and evaluations < most:
        improved = False
        for move in _moves(movable, top)[: most - evaluations]:
            tried = np.clip(amounts + stride * move, 0.0, top)
            if np.array_equal(tried, amounts):
                continue
            evaluations += 1
            worth = drawn.worth(tried, limits)
            if worth == -np.inf and repair:
                tried = _shrunk(drawn, tried, limits)
                worth = drawn.worth(tried, limits)
            if worth > reached * (1 + 1e-7) + 1e-12:
                amounts, reached, improved = tried, worth, True
        if not improved:
            stride /= 2
    return amounts


def _moves(movable: Sequence[int], top: Floats) -> list[Floats]:
    unit = np.eye(len(top))
    single = [sign * top[one] * unit[one] for one in movable for sign in (1, -1)]
    pairs = [
        min(top[more], top[less]) * (unit[more] - share * unit[less])
        for more in movable
        for less in movable
        if more != less
        for share in (1.0, 0.8, 1.25)
    ]
    return single + pairs


def _towards(drawn: Drawn, amounts: Floats, unlimited: Floats, limits: Limits) -> Floats:
    """As far as the limits let go from amounts within them to what would be bought without any; if that brings more."""
    low, high = 0.0, 1.0
    for _ in range(8):
        middle = (low + high) / 2
        tried = amounts + middle * (unlimited - amounts)
        if _within(drawn.by_scenario(tried)[1], limits):
            low = middle
        else:
            high = middle
    further = amounts + low * (unlimited - amounts)
    return further if drawn.worth(further, limits) > drawn.worth(amounts, limits) else amounts


def _shrunk(drawn: Drawn, amounts: Floats, limits: Limits) -> Floats:
    """All amounts by the same share as far down as the limits ask."""
    if _within(drawn.by_scenario(amounts)[1], limits):
        return amounts
    low, high = 0.0, 1.0
    for _ in range(14):
        middle = (low + high) / 2
        if _within(drawn.by_scenario(middle * amounts)[1], limits):
            low = middle
        else:
            high = middle
    return low * amounts
