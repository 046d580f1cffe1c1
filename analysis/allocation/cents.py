"""Amounts in whole cents that add up: a list by the largest remainder, a table by controlled rounding.

In a table, the sums of columns are given; each cell and each row's sum are less than a cent from the exact amount,
the largest cell of a column apart, which takes what its column was rounded by. All of them add up.
Source: L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 1987; here without the draw of
lots, so that the same amounts always give the same cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any, TypeVar

K = TypeVar("K", bound=Any)

#: Steps of a cent in which a table is rounded: finer than the last digit of a bill.
STEPS = 10**6
_TOTAL = ("total",)

Cell = tuple[str, tuple[Any, ...]]


def in_cents(amounts: Mapping[K, Fraction], total: Fraction | None = None) -> dict[K, int]:
    """Each amount in cents, less than a cent away from it, and together exactly the rounded total.

    Args:
        amounts: dollars by a key that can be sorted; equal remainders are decided by the keys' order.
        total: what they are parts of, where floating-point sums of them differ in the last bits; by default their sum.
    """
    whole = sum(amounts.values(), Fraction(0)) if total is None else total
    return _whole({key: amount * 100 for key, amount in amounts.items()}, whole * 100, round(whole * 100))


def table_in_cents(cells: Mapping[Cell, Fraction], columns: Mapping[tuple[Any, ...], int]) -> dict[Cell, int]:
    """Each cell of a table in cents, so that cells, sums of rows and the given sums of columns agree.

    Args:
        cells: dollars by (row, column); a missing cell is 0 and stays 0.
        columns: each column's sum in cents; what the cells differ from it goes to the column's largest.
    """
    steps: dict[Cell, int] = {}
    for column, cents in columns.items():
        exact = {cell: amount * 100 * STEPS for cell, amount in cells.items() if cell[1] == column}
        steps |= _whole(exact, Fraction(cents * STEPS), cents * STEPS)
    edges = _Edges(steps)
    while cycle := edges.cycle():
        edges.cancel(cycle)
    return {cell: edges.value[cell] // STEPS for cell in cells}


def _whole(exact: Mapping[K, Fraction], total: Fraction, rounded: int) -> dict[K, int]:
    """Whole numbers by the largest remainder; what the amounts lack of the total is of the largest of them.

    Args:
        rounded: the total as a whole number, half of one away from it at most.
    """
    if not exact:
        return {}
    amounts = dict(exact)
    largest = min(amounts, key=lambda key: (-abs(amounts[key]), key))
    amounts[largest] += total - sum(amounts.values(), Fraction(0))
    whole = {key: floor(amount) for key, amount in amounts.items()}
    missing = rounded - sum(whole.values())
    for key in sorted(amounts, key=lambda key: (whole[key] - amounts[key], key))[:missing]:
        whole[key] += 1
    return whole


class _Edges:
    """The cells that are no whole cents yet, as edges between rows and columns; sums are edges to a total.

    At every row and column, and at the totals, the edges add up to zero: so a node never has one open edge alone, and
    open edges form cycles. Moving one amount around a cycle, now added and now taken off, keeps every sum; the amount
    is chosen so that an edge becomes whole.
    """

    def __init__(self, cells: Mapping[Cell, int]) -> None:
        self.value: dict[tuple[Any, Any], int] = {}
        sums: dict[tuple[Any, Any], int] = {}
        for (row, column), steps in sorted(cells.items()):
            self.value[row, column] = steps
            for edge in ((row, _TOTAL), (_TOTAL, column)):
                sums[edge] = sums.get(edge, 0) - steps
        self.value |= sums
        self._open: dict[Any, dict[Any, None]] = {}
        for row, column in self.value:
            self._note(row, column)

    def _note(self, row: Any, column: Any) -> None:
        left, right = ("row", row), ("column", column)
        if self.value[row, column] % STEPS:
            self._open.setdefault(left, {})[right] = None
            self._open.setdefault(right, {})[left] = None
            return
        for one, other in ((left, right), (right, left)):
            ends = self._open.get(one, {})
            ends.pop(other, None)
            if not ends:
                self._open.pop(one, None)

    def cycle(self) -> list[tuple[Any, Any]]:
        """The edges of a cycle of open edges, in their order; empty when every edge is whole."""
        if not self._open:
            return []
        path = [next(iter(self._open))]
        at = {path[0]: 0}
        while True:
            before = path[-2] if len(path) > 1 else None
            node = next(end for end in self._open[path[-1]] if end != before)
            if node in at:
                nodes = [*path[at[node] :], node]
                return [_edge(one, other) for one, other in pairwise(nodes)]
            at[node] = len(path)
            path.append(node)

    def cancel(self, cycle: list[tuple[Any, Any]]) -> None:
        """Move the least that makes an edge of the cycle whole, in the direction that takes less."""
        even, odd = cycle[::2], cycle[1::2]
        up = self._step(raised=even, lowered=odd)
        down = self._step(raised=odd, lowered=even)
        step = up if up <= down else -down
        for edge in even:
            self.value[edge] += step
        for edge in odd:
            self.value[edge] -= step
        for edge in cycle:
            self._note(*edge)

    def _step(self, *, raised: list[tuple[Any, Any]], lowered: list[tuple[Any, Any]]) -> int:
        return min(*(-self.value[edge] % STEPS for edge in raised), *(self.value[edge] % STEPS for edge in lowered))


def _edge(one: tuple[str, Any], other: tuple[str, Any]) -> tuple[Any, Any]:
    return (one[1], other[1]) if one[0] == "row" else (other[1], one[1])
