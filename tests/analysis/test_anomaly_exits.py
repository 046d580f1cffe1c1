"""Leaves found by striking out are those that a walk finds, in trees of any shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.anomalies.exits import MOST_LEAVES, Exits

FEATURES = 4


def grown(rng: np.random.Generator, leaves: int) -> tuple[list[int], list[int], list[int], list[float]]:
    """Left, right, feature and threshold of a random tree; a leaf points to itself."""
    left, right, feature, threshold, ends = [0], [0], [0], [0.0], [0]
    while len(ends) < leaves:
        node = ends.pop(int(rng.integers(len(ends))))
        for side in (left, right):
            side[node] = len(left)
            left.append(len(left))
            right.append(len(right))
            feature.append(0)
            threshold.append(0.0)
            ends.append(side[node])
        feature[node], threshold[node] = int(rng.integers(FEATURES)), float(rng.normal())
    return left, right, feature, threshold


def exits_of(trees: list[tuple[list[int], list[int], list[int], list[float]]]) -> Exits:
    width = max(len(tree[0]) for tree in trees)
    parts = [np.array([part + [0] * (width - len(part)) for part in parts]) for parts in zip(*trees, strict=True)]
    left, right, feature, threshold = parts
    return Exits.of(feature, threshold.astype(float), left, right)


def walked(tree: tuple[list[int], list[int], list[int], list[float]], row: np.ndarray) -> int:
    left, right, feature, threshold = tree
    node = 0
    while left[node] != node:
        node = left[node] if row[feature[node]] <= threshold[node] else right[node]
    return node


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.lists(st.integers(1, MOST_LEAVES), min_size=1, max_size=5))
def test_every_row_ends_where_a_walk_ends(seed: int, leaves: list[int]) -> None:
    rng = np.random.default_rng(seed)
    trees = [grown(rng, count) for count in leaves]
    rows = rng.normal(size=(10, FEATURES))
    expected = [[walked(tree, row) for tree in trees] for row in rows]
    np.testing.assert_array_equal(exits_of(trees).nodes(rows), expected)


def test_a_value_on_the_threshold_goes_left_and_an_unknown_one_right() -> None:
    stump = ([1, 1, 2], [2, 1, 2], [0, 0, 0], [2.0, 0.0, 0.0])
    np.testing.assert_array_equal(exits_of([stump]).nodes(np.array([[2.0], [2.1], [np.nan]])), [[1], [2], [2]])


def test_a_tree_of_too_many_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="a tree has 65 leaves; at most 64"):
        exits_of([grown(np.random.default_rng(1), MOST_LEAVES + 1)])
