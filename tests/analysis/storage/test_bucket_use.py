"""What a bucket holds and how it is read: silence is zero only while requests are being counted."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.storage.bucket_use import bucket_reads, bucket_sizes, noncurrent_bytes
from tests.analysis.checks.bucket_factories import GB, bucket, holding, read
from tests.analysis.checks.check_factories import no_points, points, table, together

BUCKETS = table("s3_buckets", bucket())


def reads(*metrics: DataFrame) -> pd.Series[float]:
    return bucket_reads(BUCKETS, together(*metrics)).iloc[0]


def test_nothing_measured_is_unknown() -> None:
    assert bucket_sizes(BUCKETS, no_points()).isna().all(axis=None)
    assert bucket_reads(BUCKETS, no_points())["watched_days"].tolist() == [0.0]


def test_the_last_day_counts_and_a_class_without_a_metric_is_empty() -> None:
    found = bucket_sizes(BUCKETS, holding(100, 1024)).iloc[0]

    assert found["standard_bytes"] == 100 * GB
    assert found["mean_bytes"] == pytest.approx(2**20)
    assert (found["ia_bytes"], found["gir_overhead"]) == (0.0, 0.0)


def test_overhead_is_no_data() -> None:
    sizes = holding(100, 64, kind="StandardIAStorage", StandardIASizeOverhead=100)
    found = bucket_sizes(BUCKETS, sizes).iloc[0]

    assert (found["total_bytes"], found["ia_overhead"]) == (100 * GB, 100 * GB)
    assert found["mean_bytes"] == pytest.approx(64 * 1024)


def test_requests_that_are_not_counted_any_more_say_nothing() -> None:
    stopped = read(1, 10, days=60).assign(time=lambda rows: rows["time"] - pd.Timedelta(days=4))

    assert reads(holding(10, 100), stopped)["watched_days"] == 0
    assert reads(holding(10, 100), stopped)[["read_bytes_a_month", "unread_days"]].isna().all()


def test_silence_between_counted_requests_is_not_read() -> None:
    found = reads(holding(10, 100), read(0, 0, days=60))

    assert found[["watched_days", "read_bytes_a_month", "gets_a_month", "unread_days"]].tolist() == [60, 0, 0, 60]


def test_the_last_get_ends_the_silence() -> None:
    assert reads(holding(10, 100), read(1, 10, days=60, silent_since=20))["unread_days"] == 20


@pytest.mark.parametrize(("silent_since", "gb"), [(0, 30.0), (30, 15.0), (15, 22.5)])
def test_a_month_is_the_last_one_or_the_mean_if_that_is_more(silent_since: int, gb: float) -> None:
    found = reads(holding(10, 100), read(1, 10, days=60, silent_since=silent_since))

    assert found["read_bytes_a_month"] / GB == pytest.approx(gb)


def test_old_versions_of_all_classes_add_up() -> None:
    lens = together(
        *(
            points(f"NonCurrentVersionStorageBytes.{kind}", [7.0, 5.0], resource_id="b-1", statistic="Average")
            for kind in ("STANDARD", "STANDARD_IA")
        )
    )

    assert noncurrent_bytes(BUCKETS, lens).tolist() == [10.0]
    assert noncurrent_bytes(BUCKETS, holding(1, 1)).isna().all()
