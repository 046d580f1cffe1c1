"""Series computed on read: planted percentiles, and windows, periods and statistics that agree."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.demo.aws.cloudwatch_series import statistic
from bot.demo.aws.profiles import INSTANCE_LOADS, VOLUME_LOADS, InstanceLoad, Shape, Signal
from bot.demo.aws.resources import Kind
from bot.demo.aws.resources_model import PROD
from tests.demo.aws.inventory_factories import (
    BY_KEY,
    IDS,
    INSTANCES,
    NOW,
    PLACE,
    TWO_WEEKS,
    machine_id,
    monitoring,
    query,
    read,
)

MONITORING = monitoring()


def test_knows_no_statistic_that_cloudwatch_does_not() -> None:
    for name in ("p101", "p-1", "Median", "tm", "TM(90%:10%)", "average", "p99.5%"):
        assert statistic(name) is None, name


def test_has_no_data_before_the_launch() -> None:
    times, values = read(MONITORING, query("CPUUtilization", machine_name="checkout-canary"))
    assert NOW - timedelta(days=7) < times[0] < NOW - timedelta(days=5)
    assert len(values) < 7 * 288


def test_has_no_data_while_stopped() -> None:
    of = query("CPUUtilization", machine_name="migration-test")
    times, _ = read(MONITORING, of, place=("444455556666", "us-east-1"))
    assert times
    assert times[-1] < NOW - timedelta(days=11)
    assert times[-1] > NOW - timedelta(days=13)


def test_has_no_data_of_a_five_minutes_that_is_not_over() -> None:
    times, _ = read(monitoring(), query("CPUUtilization"), end=NOW + timedelta(hours=1))
    assert times[-1] == NOW - timedelta(minutes=5)


def test_has_no_metric_a_resource_does_not_publish() -> None:
    for name, metric in (
        ("legacy-reports", "CPUCreditBalance"),
        ("payments-batch-1", "CPUSurplusCreditsCharged"),
        ("payments-batch-1", "NoSuchMetric"),
    ):
        assert read(MONITORING, query(metric, machine_name=name))[0] == []
    without_agent = query("mem_used_percent", machine_name="legacy-reports", namespace="CWAgent")
    assert read(MONITORING, without_agent)[0] == []
    xen = query("EBSReadBytes", machine_name="build-cache")
    assert read(MONITORING, xen, place=("555566667777", "us-east-1"))[0] == []


def test_an_account_does_not_see_the_metrics_of_another() -> None:
    assert read(MONITORING, query("CPUUtilization"), place=("444455556666", "us-east-1"))[0] == []
    assert read(MONITORING, query("CPUUtilization"), place=(PROD, "eu-west-1"))[0] == []


@pytest.mark.parametrize(
    "name",
    [
        "payments-batch-1",
        "payments-api-1",
        "search-index-cache",
        "ledger-cache",
        "token-vault",
        "invoice-renderer",
        "replicator",
        "image-resizer",
        "session-store",
        "recommender",
        "payments-api-2",
        "edge-proxy",
    ],
)
def test_every_instance_has_its_planted_percentiles(name: str) -> None:
    load = INSTANCE_LOADS[BY_KEY[f"{Kind.INSTANCE}/{name}"].profile]
    place = (BY_KEY[f"{Kind.INSTANCE}/{name}"].account_id, "us-east-1")
    assert _p(query("CPUUtilization", machine_name=name), place) == pytest.approx(load.cpu_percent, rel=0.01)
    assert _traffic(name, place, "NetworkIn", "NetworkOut") == pytest.approx(load.network_mb_s, rel=0.05)
    assert _traffic(name, place, "EBSReadBytes", "EBSWriteBytes") == pytest.approx(load.volume_mb_s, rel=0.02)
    memory = _memory_of(name, place)
    assert memory == pytest.approx(load.memory_percent, rel=0.01)


def _p(one: dict[str, object], place: tuple[str, str] = PLACE, percent: float = 99.5) -> float:
    """The percentile as a reader would compute it from the 5-minute series."""
    _, values = read(MONITORING, one, place=place)
    ranked = sorted(values)
    return float(ranked[int(np.ceil(percent / 100 * len(ranked))) - 1])


def _traffic(name: str, place: tuple[str, str], *metrics: str) -> float:
    series = [read(MONITORING, query(metric, machine_name=name, stat="Sum"), place=place)[1] for metric in metrics]
    return float(np.percentile(np.sum(series, axis=0), 99.5)) / 300 / 1e6


def _memory_of(name: str, place: tuple[str, str]) -> float:
    found = MONITORING.list_metrics(
        place, {"Namespace": "CWAgent", "Dimensions": [{"Name": "InstanceId", "Value": machine_id(name)}]}
    )["Metrics"]
    [metric] = found
    dimensions = {pair["Name"]: pair["Value"] for pair in metric["Dimensions"]}
    return _p(query("mem_used_percent", namespace="CWAgent", dimensions=dimensions), place)


def test_bursts_are_seen_by_the_percentile_and_not_by_the_mean() -> None:
    _, values = read(MONITORING, query("CPUUtilization", machine_name="invoice-renderer"))
    assert values.mean() < 8
    assert np.percentile(values, 99.5) > 74
    _, days = read(MONITORING, query("CPUUtilization", machine_name="invoice-renderer", stat="p99.5", period=86400))
    assert days.min() > 70


def test_drained_credits_stay_at_zero_while_others_stay_full() -> None:
    staging, shared = ("444455556666", "us-east-1"), ("555566667777", "us-east-1")
    _, drained = read(MONITORING, query("CPUCreditBalance", machine_name="cron-box"), place=staging)
    _, full = read(MONITORING, query("CPUCreditBalance", machine_name="wiki"), place=shared)
    assert drained.max() < 1
    assert full.min() > 0.9 * 864


def test_a_volume_has_its_planted_operations_and_throughput() -> None:
    place = ("777788889999", "us-east-1")
    load = VOLUME_LOADS["volume-250"]
    of = {"VolumeId": IDS["ebs_volume/warehouse-journal"]}

    def total(what: str) -> NDArray[np.float64]:
        asked = [query(f"Volume{way}{what}", namespace="AWS/EBS", dimensions=of) for way in ("Read", "Write")]
        reads, writes = (read(MONITORING, one, place=place)[1] for one in asked)
        return reads + writes

    operations, size = total("Ops"), total("Bytes")
    assert np.percentile(operations, 99.9) / 300 == pytest.approx(load.iops, rel=0.03)
    assert np.percentile(size, 99.9) / 300 / 2**20 == pytest.approx(load.mib_s, rel=0.03)


def test_any_window_shows_the_same_values() -> None:
    times, values = read(MONITORING, query("CPUUtilization"))
    start = NOW - timedelta(days=3, hours=5, minutes=35)
    inner_times, inner = read(MONITORING, query("CPUUtilization"), start=start, end=start + timedelta(hours=7))
    first = times.index(inner_times[0])
    assert inner_times == times[first : first + len(inner)]
    assert (inner == values[first : first + len(inner)]).all()


@pytest.mark.parametrize(
    ("stat", "reduce"),
    [
        ("Average", np.mean),
        ("Sum", np.sum),
        ("Minimum", np.min),
        ("Maximum", np.max),
        ("SampleCount", len),
        ("p95", lambda day: np.percentile(day, 95)),
        ("p99.5", lambda day: np.percentile(day, 99.5)),
        ("tm90", lambda day: np.sort(day)[: int(np.ceil(len(day) * 0.9))].mean()),
        ("IQM", lambda day: np.sort(day)[len(day) // 4 : len(day) * 3 // 4].mean()),
    ],
)
@pytest.mark.parametrize("period", [3600, 86400])
def test_every_period_is_the_statistic_of_its_five_minutes(stat: str, reduce: object, period: int) -> None:
    _, five_minutes = read(MONITORING, query("NetworkIn"))
    times, values = read(MONITORING, query("NetworkIn", stat=stat, period=period))
    rows = five_minutes.reshape(-1, period // 300)
    assert len(times) == len(rows)
    assert values == pytest.approx([reduce(row) for row in rows])  # type: ignore[operator]


def test_a_cut_first_and_last_day_hold_what_is_left_of_them() -> None:
    start, end = NOW - timedelta(days=2, minutes=30), NOW - timedelta(minutes=90)
    times, counts = read(MONITORING, query("CPUUtilization", stat="SampleCount", period=86400), start=start, end=end)
    assert times == [start, start + timedelta(days=1)]
    assert counts.tolist() == [288, 288 - 12]


def test_a_period_that_is_no_multiple_of_five_minutes_loses_nothing() -> None:
    _, five_minutes = read(MONITORING, query("NetworkIn", stat="Sum"), start=NOW - timedelta(hours=7))
    _, odd = read(MONITORING, query("NetworkIn", stat="Sum", period=420), start=NOW - timedelta(hours=7))
    assert odd.sum() == pytest.approx(five_minutes.sum())


def test_a_bucket_metric_has_one_value_a_day() -> None:
    of = {"BucketName": "example-access-logs", "StorageType": "StandardStorage"}
    times, values = read(MONITORING, query("BucketSizeBytes", namespace="AWS/S3", dimensions=of, period=86400))
    assert len(times) == 14
    assert set(values) == {9000 * 2**30}


def test_another_seed_gives_other_noise_around_the_same_percentiles() -> None:
    other = monitoring(seed=8)
    identity = next(metric for metric in other._metrics(PLACE).values() if metric.name == "CPUUtilization")
    of = dict(identity.dimensions)
    _, values = read(other, query("CPUUtilization", dimensions=of))
    assert np.percentile(values, 99.5) == pytest.approx(18, rel=0.01)
    assert not np.array_equal(values, read(MONITORING, query("CPUUtilization"))[1])


def test_a_signal_never_exceeds_its_high() -> None:
    slots = np.arange(6_000_000, 6_004_032, dtype=np.int64)
    for shape in Shape:
        values = Signal(10, 50, shape).values(slots, "a", "b")
        assert values.max() <= 50
        assert values.min() >= 9.5


def test_scattered_slots_have_the_values_they_have_in_a_row() -> None:
    slots = np.arange(6_000_000, 6_001_000, dtype=np.int64)
    for shape in Shape:
        whole = Signal(10, 50, shape).values(slots, "a", "b")
        assert (Signal(10, 50, shape).values(slots[::7], "a", "b") == whole[::7]).all()


def test_all_loads_belong_to_some_resource() -> None:
    used = {resource.profile for resource in BY_KEY.values()}
    assert set(INSTANCE_LOADS) | set(VOLUME_LOADS) <= used
    assert all(isinstance(load, InstanceLoad) for load in INSTANCE_LOADS.values())


def test_two_weeks_of_daily_percentiles_of_the_fleet_take_less_than_a_second_and_a_half() -> None:
    metrics = ("CPUUtilization", "NetworkIn", "NetworkOut", "EBSReadBytes", "EBSWriteBytes", "CPUCreditBalance")
    begun = time.process_time()
    for place in sorted({(resource.account_id, resource.region) for resource in INSTANCES}):
        queries = [
            query(metric, stat="p99.5", period=86400, name=f"q{n}_{m}", dimensions={"InstanceId": IDS[resource.key]})
            for n, resource in enumerate(INSTANCES)
            if (resource.account_id, resource.region) == place
            for m, metric in enumerate(metrics)
        ]
        MONITORING.get_metric_data(place, {"MetricDataQueries": queries, "StartTime": NOW - TWO_WEEKS, "EndTime": NOW})
    assert time.process_time() - begun < 1.5
