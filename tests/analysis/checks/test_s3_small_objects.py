"""`s3.small_objects`: what is billed as 128 KB and would be cheaper in Standard, after copying it back."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.bucket_factories import bucket, card, holding, listed, verdict
from tests.analysis.checks.check_factories import no_points

CHECK = "s3.small_objects"
IA = {"kind": "StandardIAStorage"}


def judged_bucket(*metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, bucket(**changed), *metrics)


def tiny(gb: float, mean_kib: float) -> DataFrame:
    """Objects in Standard-IA, each billed as 128 KiB."""
    return holding(gb, mean_kib, kind="StandardIAStorage", StandardIASizeOverhead=gb * (128 / mean_kib - 1))


def test_nothing_is_billed_above_the_size_of_large_objects() -> None:
    assert judged_bucket(holding(1000, 4096, **IA))["why"] == "Nothing of it is billed above its size."


def test_objects_above_seventy_kilobytes_are_still_cheaper_there() -> None:
    found = judged_bucket(tiny(1000, 80))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("It is billed as 1,600.0 GB, and still costs 3.00 dollars a month less")


def test_copies_that_are_never_earned_back_are_not_made() -> None:
    found = judged_bucket(tiny(1000, 60))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Do not: Standard is 3.67 dollars a month cheaper, but copying")


@pytest.mark.parametrize(("metrics", "changed"), [(no_points(), {}), (tiny(100, 8), {"tags_read": False})])
def test_what_is_not_known_is_no_saving(metrics: DataFrame, changed: dict[str, Any]) -> None:
    assert judged_bucket(metrics, **changed)["verdict"] == "insufficient"


def test_a_region_without_prices_is_no_saving() -> None:
    sizes = tiny(100, 8).assign(region="eu-west-3")

    assert judged_bucket(sizes, region="eu-west-3")["verdict"] == "insufficient"


def test_going_back_saves_what_is_billed_on_top_less_standard() -> None:
    made = card(CHECK, bucket(), tiny(100, 16))

    assert made.monthly_savings == pytest.approx(800 * 0.0125 - 100 * 0.023)
    assert (made.current, made.proposed) == ("Standard-IA", "STANDARD")
    assert "only those below 70 KB are cheaper in Standard" in made.ignores
    assert "S3 Batch Operations" in made.steps
    assert "copying" not in made.reason
    assert "6,553,600 objects back costs up to 33.77 dollars once" in made.how_computed


def test_glacier_instant_retrieval_is_looked_at_alike() -> None:
    sizes = holding(100, 4, kind="GlacierInstantRetrievalStorage", GlacierInstantRetrievalSizeOverhead=3100)

    found = verdict(CHECK, bucket(), sizes, max_repay_months=100)

    assert found["title"] == "Glacier Instant Retrieval"
    assert found["monthly_savings"] == pytest.approx(3200 * 0.004 - 2.3)


def test_only_objects_that_are_cheaper_in_standard_are_copied_back() -> None:
    # 100 GB of 16 KiB, 100 GB of 100 KiB and 800 GB of 8 MiB, all in Standard-IA.
    small, middling, large = 100 * 2**20 // 16, 100 * 2**20 // 100, 100 * 1024
    sizes = holding(1000, 100, kind="StandardIAStorage", StandardIASizeOverhead=700 + 28)
    keys = listed((small, 16, 90), (middling, 100, 90), (large, 8192, 90), storage_class="STANDARD_IA")

    made = card(CHECK, bucket(), sizes, keys)

    assert made.monthly_savings == pytest.approx(800 * 0.0125 - 100 * 0.023)
    assert made.plus_minus == 0
    assert "Copying 6,553,600 objects back costs up to 33.77 dollars once" in made.how_computed
    assert "below 16 KB, and copy them" in made.steps or "below 64 KB, and copy them" in made.steps
    assert "all 7,704,576 objects" in made.ignores
    assert verdict(CHECK, bucket(), sizes)["verdict"] == "fine", "all together they cost less there"


@pytest.mark.parametrize(("overhead", "needs"), [(399, ""), (400, "key_sample")])
def test_sizes_are_asked_for_where_five_dollars_are_billed_on_top(overhead: float, needs: str) -> None:
    sizes = holding(1000, 100, kind="StandardIAStorage", StandardIASizeOverhead=overhead)

    assert judged_bucket(sizes)["needs"] == needs
