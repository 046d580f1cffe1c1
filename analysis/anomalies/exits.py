"""Which leaf of each tree a row ends in, found without walking: all comparisons at once, each striking out leaves.

A row that goes right at a node cannot end in a leaf to the left of it. What is left of a tree's leaves after all its
nodes have struck out theirs begins with the one that a walk would have found. A handful of calls of numpy serve any
number of trees, where a walk takes several a level.
Source: Lucchese et al., "QuickScorer: a Fast Algorithm to Rank Documents with Additive Ensembles of Regression Trees".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Matrix

#: Bits of a set of leaves.
MOST_LEAVES = 64

ALL = np.uint64(2**MOST_LEAVES - 1)


@dataclass(frozen=True, slots=True)
class Exits:
    """Of trees × inner nodes, flat: the `feature` compared, its `threshold`, and the leaves that are `left` over where
    a row goes right. `leaf` is trees × leaves from left to right: their nodes."""

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.uint64]
    leaf: NDArray[np.int64]

    @classmethod
    def of(
        cls, feature: NDArray[np.int64], threshold: Matrix, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> Exits:
        """From trees × nodes, the first of them the root; a leaf points to itself.

        Raises:
            ValueError: a tree has more than `MOST_LEAVES` leaves.
        """
        trees = [_leaves_and_strikes(*one) for one in zip(left.tolist(), right.tolist(), strict=True)]
        most = max(len(leaves) for leaves, _ in trees)
        if most > MOST_LEAVES:
            raise ValueError(f"a tree has {most} leaves; at most {MOST_LEAVES} can be told apart")
        shape = (len(trees), max(1, *(len(strikes) for _, strikes in trees)))
        node, stays = np.zeros(shape, dtype=np.int64), np.full(shape, ALL)
        leaf = np.zeros((len(trees), most), dtype=np.int64)
        for tree, (leaves, strikes) in enumerate(trees):
            leaf[tree, : len(leaves)] = leaves
            node[tree, : len(strikes)] = list(strikes)
            stays[tree, : len(strikes)] = ALL ^ np.array(list(strikes.values()), dtype=np.uint64)
        at = np.arange(len(trees))[:, None], node
        return cls(feature[at].ravel(), threshold[at].ravel(), stays.ravel(), leaf)

    def nodes(self, rows: Matrix) -> NDArray[np.int64]:
        """Rows × trees: the node of the leaf."""
        stays = np.where(rows.take(self.feature, axis=1) <= self.threshold, ALL, self.left)
        there = np.bitwise_and.reduce(stays.reshape(len(rows), len(self.leaf), -1), axis=2)
        first = np.bitwise_count(~there & (there - np.uint64(1)))
        found: NDArray[np.int64] = self.leaf[np.arange(len(self.leaf)), first]
        return found


def _leaves_and_strikes(left: list[int], right: list[int]) -> tuple[list[int], dict[int, int]]:
    """Leaves from left to right; by inner node the bits of the leaves to its left."""
    leaves: list[int] = []
    strikes: dict[int, int] = {}

    def visit(node: int) -> None:
        if left[node] == node:
            leaves.append(node)
            return
        begin = len(leaves)
        visit(left[node])
        strikes[node] = (1 << len(leaves)) - (1 << begin)
        visit(right[node])

    visit(0)
    return leaves, strikes
