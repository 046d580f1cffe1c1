"""`s3.noncurrent_versions`: only where Storage Lens tells how much of a bucket is old versions."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.lifecycle_rules import versions_rule
from tests.analysis.checks.bucket_factories import GB, OTHERS, bucket, card, holding, put_rules, rules, verdict
from tests.analysis.checks.check_factories import no_points, points

CHECK = "s3.noncurrent_versions"


def old(gb: float) -> DataFrame:
    return points("NonCurrentVersionStorageBytes.STANDARD", [gb * GB], resource_id="b-1", statistic="Average")


def judged_bucket(*metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, bucket(**({"versioning": "Enabled"} | changed)), *metrics)


@pytest.mark.parametrize("changed", [{"versioning": "Off"}, {"lifecycle": rules(OTHERS, dict(versions_rule(90, 1)))}])
def test_leaves_alone(changed: dict[str, Any]) -> None:
    assert judged_bucket(holding(1000, 1024), old(500), **changed)["verdict"] == "fine"


@pytest.mark.parametrize(("gb", "found"), [(299, "fine"), (300, "saves")])
def test_a_third_of_it_has_to_be_old(gb: float, found: str) -> None:
    assert judged_bucket(holding(1000, 1024), old(gb))["verdict"] == found


def test_a_small_bucket_is_left_alone() -> None:
    assert judged_bucket(holding(9, 1024), old(8))["verdict"] == "fine"


@pytest.mark.parametrize(
    ("changed", "metrics", "why"),
    [
        ({}, [holding(1000, 1024)], "How much of it is old versions: S3 Storage Lens"),
        ({"versioning": ""}, [holding(1000, 1024), old(500)], "Whether it keeps versions"),
        ({}, [no_points(), old(500)], "Its size:"),
        ({"lifecycle": ""}, [holding(1000, 1024), old(500)], "Its lifecycle rules:"),
        ({"tags_read": False}, [holding(1000, 1024), old(500)], "Its tags:"),
    ],
)
def test_what_is_not_known_is_no_saving(changed: dict[str, Any], metrics: list[DataFrame], why: str) -> None:
    found = judged_bucket(*metrics, **changed)

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith(why)


def test_all_old_versions_are_an_upper_bound() -> None:
    made = card(CHECK, bucket(versioning="Suspended"), holding(1000, 1024), old(600))

    assert (made.monthly_savings, made.plus_minus) == pytest.approx((13.8, 13.8))
    assert put_rules(made.command) == [OTHERS, dict(versions_rule(30, 3))]
    assert made.chart is not None
    assert made.chart.series[0].values[-1] == 1000.0
    assert made.reason == "600 of 1,000 GB are versions that were replaced or deleted, and no rule ends them"
