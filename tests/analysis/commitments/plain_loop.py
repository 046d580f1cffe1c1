"""The rules of AWS written down once more, an hour, a commitment and a line at a time, to compare with.

Of EC2 instances of one region and platform, without zones. It shares no code with the simulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation


def left_on_demand(
    usage: HourlyUsage, reservations: Sequence[Reservation], plans: Sequence[Plan], *, shared: bool = True
) -> Floats:
    """Quantity that no commitment covers, (hours, lines)."""
    lines = usage.lines.to_dict("records")
    return np.array([_hour(list(row), lines, reservations, plans, shared) for row in usage.quantity])


def _hour(
    left: list[float],
    lines: list[dict[str, Any]],
    reservations: Sequence[Reservation],
    plans: Sequence[Plan],
    shared: bool,
) -> list[float]:
    exact_first = sorted(reservations, key=lambda one: (one.is_flexible, one.id))
    units = {one.id: one.count * (_size(one.instance_type) if one.is_flexible else 1.0) for one in reservations}
    for owner_only in _rounds(shared):
        for one in exact_first:
            fitting = [at for at, line in enumerate(lines) if _fits(one, line, owner_only)]
            takes = {at: _size(lines[at]["instance_type"]) if one.is_flexible else 1.0 for at in fitting}
            for size, alike in groupby(sorted(fitting, key=takes.__getitem__), takes.__getitem__):
                _together(left, units, one.id, list(alike), size)
    dollars = {one.id: one.hourly for one in plans}
    for kind in ("EC2Instance", "Compute"):
        for owner_only in _rounds(shared):
            pairs = [
                (-_saved(line["on_demand"], one.rates[at]), one.rates[at], one.id, at)
                for one in plans
                for at, line in enumerate(lines)
                if one.kind == kind and one.rates[at] > 0 and (not owner_only or line["account_id"] == one.owner_id)
            ]
            for (_, rate, whose), alike in groupby(sorted(pairs), lambda pair: pair[:3]):
                _together(left, dollars, whose, [pair[3] for pair in alike], rate)
    return left


def _rounds(shared: bool) -> Iterator[bool]:
    yield True
    if shared:
        yield False


def _fits(one: Reservation, line: dict[str, Any], owner_only: bool) -> bool:
    if owner_only and line["account_id"] != one.owner_id:
        return False
    if one.is_flexible:
        return bool(line["instance_type"].split(".")[0] == one.instance_type.split(".")[0])
    return bool(line["instance_type"] == one.instance_type)


def _size(instance_type: str) -> float:
    size = instance_type.split(".")[1]
    named = {"small": 1.0, "medium": 2.0, "large": 4.0}
    return named[size] if size in named else 8.0 * float(size.removesuffix("xlarge") or 1)


def _saved(on_demand: float, rate: float) -> Fraction:
    """Exactly, of prices with six decimals: 3 of 4 cents is 0.3 of 0.4."""
    whole, part = round(on_demand * 1e6), round(rate * 1e6)
    return Fraction(whole - part, whole)


def _together(left: list[float], budgets: dict[str, float], whose: str, alike: list[int], weight: float) -> None:
    need = sum(left[at] for at in alike) * weight
    if need > 0:
        part = min(1.0, budgets[whose] / need)
        budgets[whose] -= need * part
        for at in alike:
            left[at] -= left[at] * part
