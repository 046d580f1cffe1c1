"""What training writes is what scikit-learn has learnt, in plain numbers."""

from __future__ import annotations

import json

import numpy as np

from analysis.anomalies.features import FEATURES
from analysis.anomalies.learned import FALL, RAMP, RISE, Trees
from benchmarks.analysis.train import Examples, _first_days_first, grow, plain, watch
from tests.analysis.generators_labelled import labelled
from tests.analysis.generators_wide import WIDE


def test_plain_trees_say_what_the_model_says() -> None:
    rng = np.random.default_rng(5)
    # Whole numbers: a threshold between two of them survives rounding.
    rows = rng.integers(0, 12, (900, len(FEATURES))).astype(float)
    true = rows[:, 0] + rows[:, 4] - rows[:, 13] + rng.normal(0, 2, 900) > 6
    model = grow(rows, true, np.ones(900))
    trees = Trees.of(json.loads(json.dumps(plain(model, 0.3))))
    np.testing.assert_allclose(trees.log_odds(rows), model.decision_function(rows), atol=5e-3)
    assert trees.least == 0.3


def test_examples_are_days_close_to_an_alert_of_bills_that_begin_to_count() -> None:
    examples = {what: Examples([], [], []) for what in (RISE, RAMP, FALL)}
    watch(labelled(3, WIDE, series=25, length=200), {}, examples, 60)
    rows, true, weight = (
        np.concatenate(part) for part in (examples[RISE].rows, examples[RISE].true, examples[RISE].weight)
    )
    assert rows.shape == (len(true), len(FEATURES))
    assert np.isfinite(rows).all()
    assert 0 < true.mean() < 1
    assert ((weight > 0) & (weight <= 1)).all()


def test_the_first_day_of_a_run_has_a_whole_vote_and_the_next_ones_less() -> None:
    keys, days = np.array([7, 7, 7, 8, 7]), np.array([50, 51, 54, 51, 60])
    assert list(_first_days_first(keys, days)) == [1, 1 / 2, 1 / 3, 1, 1]
