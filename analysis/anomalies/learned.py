"""The learned score: boosted trees as plain arrays, asked only about days that the rules find close to an anomaly.

Trained by `python -m benchmarks.analysis.train` on labelled bills of our own; evaluated with numpy alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.exits import Exits
from analysis.anomalies.features import FEATURES
from analysis.daily_series import Matrix, Row

MODEL = Path(__file__).parent.parent / "data" / "anomaly_score.json"

#: What is judged: a rise of a day or three, a rise over weeks, a fall.
RISE, RAMP, FALL = "rise", "ramp", "fall"

#: Score of a rule from which on the trees are asked.
ASKED_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Trees:
    """Arrays of trees × nodes. A leaf points to itself.

    `feature` and `threshold`: a row with a value up to the threshold goes `left`, others `right`. `value` is the
    log-odds a leaf adds, of an inner node what its leaves add on average. An alert is a sum with `start` above `least`.
    """

    feature: NDArray[np.int64]
    threshold: Matrix
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Matrix
    start: float
    least: float
    exits: Exits

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Trees:
        """From what JSON holds."""
        whole = {name: np.array(plain[name], dtype=np.int64) for name in ("feature", "left", "right")}
        threshold = np.array(plain["threshold"], dtype=float)
        return cls(
            threshold=threshold,
            value=np.array(plain["value"], dtype=float),
            start=float(plain["start"]),
            least=float(plain["least"]),
            exits=Exits.of(threshold=threshold, **whole),
            **whole,
        )

    def log_odds(self, rows: Matrix) -> Row:
        """How much speaks for an incident, per row of features."""
        node = self.exits.nodes(rows)
        total: Row = self.start + self.value[np.arange(len(self.value)), node].sum(axis=1)
        return total

    def score(self, rows: Matrix) -> Row:
        """The alert rule: 1 and more alerts. A logit more is half as much again."""
        return np.exp(np.clip((self.log_odds(rows) - self.least) * 0.4, -5.0, 3.0))

    def contributions(self, rows: Matrix) -> Matrix:
        """Log-odds each feature adds, rows × features; with `start` and the trees' roots they sum to `log_odds`."""
        tree = np.arange(len(self.value))
        found = np.zeros(rows.shape)
        node = np.zeros((len(rows), len(tree)), dtype=np.int64)
        at = np.repeat(np.arange(len(rows)), len(tree)).reshape(node.shape)
        for _ in range(self.left.shape[1]):
            after = self._next(rows, node)
            if (after == node).all():
                break
            step = self.value[tree, after] - self.value[tree, node]
            np.add.at(found, (at, self.feature[tree, node]), step)
            node = after
        return found

    def _next(self, rows: Matrix, node: NDArray[np.int64]) -> NDArray[np.int64]:
        tree = np.arange(len(self.value))
        value = np.take_along_axis(rows, self.feature[tree, node], axis=1)
        return np.where(value <= self.threshold[tree, node], self.left[tree, node], self.right[tree, node])


class Judge:
    """Scores of the days asked about."""

    def __init__(self, trees: dict[str, Trees]) -> None:
        self.trees = trees

    def score(self, what: str, t: int, keys: NDArray[np.int64], rows: Matrix) -> Row | None:
        """The score of each row; None where nothing was learnt about `what`."""
        trees = self.trees.get(what)
        return None if trees is None else trees.score(rows)


@cache
def shipped() -> Judge:
    """The judge of this release."""
    plain = json.loads(MODEL.read_text())
    if plain["features"] != list(FEATURES):
        raise ValueError(f"{MODEL.name} was trained on other features; run python -m benchmarks.analysis.train")
    return Judge({what: Trees.of(trees) for what, trees in plain["trees"].items()})
