"""Train the learned score on labelled bills and ship it as plain numbers: `python -m benchmarks.analysis.train`.

The families kept apart are never seen here. Each round walks the bills with the trees of the round before, because what
alerts decides what the baseline learns. Needs scikit-learn; what is written needs numpy only.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from analysis.anomalies.features import FEATURES
from analysis.anomalies.learned import FALL, MODEL, RAMP, RISE, Judge, Trees
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.walk import Walk
from analysis.daily_series import Matrix, Row, daily_series
from tests.analysis.generators import Family, Labelled
from tests.analysis.generators_labelled import labelled
from tests.analysis.generators_metered import METERED
from tests.analysis.generators_wide import WIDE

FIRST_SEED = 2000

#: First day of incidents, and days of a bill. Every second one is young, as many accounts are: otherwise age itself
#: would speak against an incident.
AGES = ((75, 400), (30, 240))

#: Every how many bills one is of meters.
METERED_EVERY = 3

#: Log-odds above which the score alerts: chosen on families trained on and on real meters, for few false alerts.
LEAST_ODDS = {RISE: 0.7, RAMP: 0.4, FALL: 0.0}


@dataclass(slots=True)
class Examples:
    """Days the rules found close to an anomaly: features, whether an incident was on, and what each counts."""

    rows: list[Matrix]
    true: list[NDArray[np.bool_]]
    weight: list[Row]


class Watching(Judge):
    """Judges as it was told, and keeps what it was asked."""

    def __init__(self, trees: dict[str, Trees]) -> None:
        super().__init__(trees)
        self.asked: dict[str, list[tuple[int, NDArray[np.int64], Matrix]]] = {RISE: [], RAMP: [], FALL: []}

    def score(self, what: str, t: int, keys: NDArray[np.int64], rows: Matrix) -> Row | None:
        self.asked[what].append((t, keys, rows))
        return super().score(what, t, keys, rows)


def watch(bill: Labelled, trees: dict[str, Trees], into: dict[str, Examples], from_day: int) -> None:
    series = daily_series(bill.daily)
    judge = Watching(trees)
    Walk(series, Materiality(), judge).through()
    for what, asked in judge.asked.items():
        days = np.concatenate([np.full(len(keys), t) for t, keys, _ in asked] or [np.zeros(0, dtype=np.int64)])
        if not len(days):
            continue
        keys = np.concatenate([keys for _, keys, _ in asked])
        rows = np.vstack([rows for _, _, rows in asked])
        true = _true(bill, series.keys.to_numpy()[keys], series.days[days], fall=what == FALL)
        counted = days >= from_day
        into[what].rows.append(rows[counted])
        into[what].true.append(true[counted])
        into[what].weight.append(_first_days_first(keys, days)[counted])


def _true(bill: Labelled, keys: NDArray[Any], days: pd.DatetimeIndex, *, fall: bool) -> NDArray[np.bool_]:
    true = np.zeros(len(keys), dtype=bool)
    for incident in bill.incidents:
        if (incident.kind == "drop") == fall:
            true |= (keys == incident.key) & np.asarray((days >= incident.start) & (days <= incident.end))
    return true


def _first_days_first(keys: NDArray[np.int64], days: NDArray[np.int64]) -> Row:
    """Of days of one key close to each other the first has a whole vote, the second half of one, the third a third.

    What counts is the first day: were a run's vote split among its days, that of a week would be outvoted there by
    bursts of a day, and what begins would be believed too late.
    """
    frame = pd.DataFrame({"key": keys, "day": days}).sort_values(["key", "day"])
    run = ((frame["key"] != frame["key"].shift()) | (frame["day"].diff() > 4)).cumsum()
    return (1 / (frame.groupby(run).cumcount() + 1)).reindex(range(len(keys))).to_numpy(dtype=float)


def families_of(seed: int) -> dict[str, tuple[Family, float]]:
    """What a bill is made of."""
    return METERED if seed % METERED_EVERY == 0 else WIDE


def grow(rows: Matrix, true: NDArray[np.bool_], weight: Row) -> HistGradientBoostingClassifier:
    """Shallow trees that may only go the way a feature speaks."""
    model = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=8.0,
        monotonic_cst=list(FEATURES.values()),
        early_stopping=False,
        random_state=0,
    )
    model.fit(rows, true, sample_weight=weight)
    return model


def plain(model: HistGradientBoostingClassifier, least: float) -> dict[str, Any]:
    """The trees as lists; a leaf points to itself and compares with infinity's stand-in."""
    trees = [predictors[0].nodes for predictors in model._predictors]
    width = max(map(len, trees))
    empty = np.zeros((len(trees), width))
    out = {name: empty.copy() for name in ("feature", "threshold", "left", "right", "value")}
    for tree, nodes in enumerate(trees):
        index = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        out["feature"][tree, index] = np.where(leaf, 0, nodes["feature_idx"])
        out["threshold"][tree, index] = np.where(leaf, 0.0, nodes["num_threshold"])
        out["left"][tree, index] = np.where(leaf, index, nodes["left"])
        out["right"][tree, index] = np.where(leaf, index, nodes["right"])
        out["value"][tree, index] = nodes["value"]
    whole = {name: out[name].astype(int).tolist() for name in ("feature", "left", "right")}
    return whole | {
        "threshold": [[float(f"{value:.5g}") for value in row] for row in out["threshold"]],
        "value": [[round(float(value), 5) for value in row] for row in out["value"]],
        "start": round(float(model._baseline_prediction.ravel()[0]), 5),
        "least": least,
    }


def train(bills: int, rounds: int) -> dict[str, Any]:
    trees: dict[str, Trees] = {}
    learnt: dict[str, Any] = {}
    for number in range(rounds):
        examples = {what: Examples([], [], []) for what in (RISE, RAMP, FALL)}
        for seed in range(FIRST_SEED + number * bills, FIRST_SEED + (number + 1) * bills):
            quiet_days, length = AGES[seed % len(AGES)]
            bill = labelled(seed, families_of(seed), length=length, quiet_days=quiet_days)
            watch(bill, trees, examples, quiet_days - 10)
        for what, seen in examples.items():
            rows, true, weight = np.vstack(seen.rows), np.concatenate(seen.true), np.concatenate(seen.weight)
            learnt[what] = plain(grow(rows, true, weight), LEAST_ODDS[what])
            print(f"round {number + 1}, {what}: {len(rows)} days asked about, {true.mean():.2f} of them in an incident")
        trees = {what: Trees.of(one) for what, one in learnt.items()}
    return {"features": list(FEATURES), "trees": learnt}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=40, help="labelled bills a round")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    MODEL.write_text(json.dumps(train(given.bills, given.rounds), separators=(",", ":")) + "\n")
    print(f"wrote {MODEL.name}, {MODEL.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
