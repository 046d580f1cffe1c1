"""The learned score: what it ships is what was trained, it says which features spoke, and it only goes where it may."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import reasons
from analysis.anomalies.features import FEATURES
from analysis.anomalies.learned import FALL, MODEL, RAMP, RISE, Trees, shipped

DAYS = pd.date_range("2025-03-03", periods=200, freq="D")


def rows(count: int = 200) -> np.ndarray:
    return np.random.default_rng(3).lognormal(0, 1.5, (count, len(FEATURES)))


def bill(extra: float) -> pd.DataFrame:
    values = 200 * np.random.default_rng(4).normal(1, 0.03, len(DAYS))
    values[150] += extra
    return pd.DataFrame({"date": DAYS, "key": "ec2", "cost": values})


def test_the_file_is_plain_numbers() -> None:
    plain = json.loads(MODEL.read_text())
    assert plain["features"] == list(FEATURES)
    assert sorted(plain["trees"]) == sorted([RISE, RAMP, FALL])


@pytest.mark.parametrize("what", [RISE, RAMP, FALL])
def test_contributions_sum_to_the_log_odds(what: str) -> None:
    trees = shipped().trees[what]
    roots = trees.start + trees.value[:, 0].sum()
    np.testing.assert_allclose(roots + trees.contributions(rows()).sum(axis=1), trees.log_odds(rows()), atol=1e-9)


@pytest.mark.parametrize("what", [RISE, RAMP, FALL])
@pytest.mark.parametrize("feature", [name for name, way in FEATURES.items() if way])
def test_a_feature_only_speaks_the_way_it_may(what: str, feature: str) -> None:
    trees, at = shipped().trees[what], list(FEATURES).index(feature)
    more = rows()
    more[:, at] *= 3
    change = trees.log_odds(more) - trees.log_odds(rows())
    assert (change * FEATURES[feature] >= -1e-3).all()


@pytest.mark.parametrize("what", [RISE, RAMP, FALL])
def test_one_row_is_scored_as_among_many(what: str) -> None:
    trees = shipped().trees[what]
    np.testing.assert_allclose(trees.score(rows())[5:6], trees.score(rows()[5:6]), rtol=1e-12)


def test_a_tree_is_walked_to_its_leaf() -> None:
    stump = {"feature": [[0, 0, 0]], "threshold": [[2.0, 0, 0]], "left": [[1, 1, 2]], "right": [[2, 1, 2]]}
    trees = Trees.of(stump | {"value": [[0.0, -1.0, 3.0]], "start": 0.5, "least": 0.0})
    np.testing.assert_allclose(trees.log_odds(np.array([[1.0], [2.0], [2.5]])), [-0.5, -0.5, 3.5])


def test_reasons_of_a_spike_name_features_and_sum_to_its_score() -> None:
    told = reasons(bill(500.0), key="ec2", day=DAYS[150])
    assert list(told.columns) == ["feature", "value", "log_odds"]
    assert set(told["feature"]) == set(FEATURES)
    assert told["log_odds"].iloc[0] > 0
    assert told["log_odds"].abs().is_monotonic_decreasing


def test_a_day_nobody_asked_about_has_no_reasons() -> None:
    assert reasons(bill(0.0), key="ec2", day=DAYS[150]).empty


def test_an_unknown_key_has_no_reasons() -> None:
    assert reasons(bill(500.0), key="rds", day=DAYS[150]).empty
