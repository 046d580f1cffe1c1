"""`ec2.rightsizing`: first the traps it must not take, then what it finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame, Series

from analysis.checks.ec2.rightsizing import rightsizing
from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.rightsizing_factories import END, instance, instance_types, instances, load, offerings, points, spec


def verdict(
    row: dict[str, Any], metrics: DataFrame, *, without: tuple[str, ...] = (), **thresholds: float
) -> Series[Any]:
    types = instance_types()
    offered = offerings(types, without=without, region=row["region"])
    return rightsizing(instances(row), types, offered, metrics, PriceBook(), **thresholds).rows.iloc[0]


_TRAPS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "no memory data": ({}, {"memory": None}, "insufficient", "Memory of at least 7 days"),
    "no CPU data": ({}, {"cpu": None}, "insufficient", "CPU of at least 7 days"),
    "full memory r": ({"instance_type": "r5.2xlarge"}, {"cpu": 6, "memory": 78}, "fine", "Right size: memory would"),
    "full memory m": ({"instance_type": "m5.large"}, {"cpu": 8, "memory": 76}, "fine", "Right size: memory would"),
    "network": ({"instance_type": "c5.2xlarge"}, {"memory": 30, "network_mb_s": 215}, "fine", "size: network would"),
    "volumes": ({"instance_type": "c5.2xlarge"}, {"memory": 30, "ebs_mb_s": 200}, "fine", "volume throughput would"),
    "operations": ({"instance_type": "c5.2xlarge"}, {"memory": 30, "ebs_iops": 9000}, "fine", "volume IOPS would"),
    "group": ({"asg_name": "web"}, {}, "conflict", "Auto Scaling group web: change the type in its launch template"),
    "instance store": ({"instance_type": "m5d.xlarge"}, {}, "conflict", "instance store"),
    "graphics": ({"instance_type": "g4dn.xlarge"}, {}, "insufficient", "How busy its GPU"),
    "stopped": ({"state": "stopped"}, {"cpu": None, "memory": None}, "fine", "Not running"),
    "young": (
        {"age_days": 6.0},
        {"days": 6},
        "insufficient",
        "14 days of metrics since its last start, which was 6 days ago",
    ),
    "Windows": ({"platform": "Windows"}, {}, "insufficient", "The price of m5.2xlarge (Windows)"),
    "dedicated": ({"tenancy": "dedicated"}, {}, "insufficient", "The price of m5.2xlarge (dedicated tenancy)"),
    "spot": ({"spot": True}, {}, "insufficient", "The price of m5.2xlarge (Spot)"),
    "no price": ({"region": "cn-north-1"}, {}, "insufficient", "The price of m5.2xlarge (Linux) in cn-north-1"),
    "no such type": ({"instance_type": "x9.large"}, {}, "insufficient", "The specification of x9.large"),
    "ignored": ({"ignored": True}, {}, "fine", "costbot:ignore"),
    "drained": ({"instance_type": "t3.large"}, {"memory": 30, "credits": 0}, "fine", "credits ran out on 14 days"),
    "surplus": ({"instance_type": "t3.large"}, {"memory": 30, "credits": 500, "surplus": 3}, "fine", "surplus burst"),
    "no credits": ({"instance_type": "t3.large"}, {"memory": 30}, "insufficient", "Burst credits: CPUCreditBalance"),
    "no traffic": ({}, {"network_mb_s": None}, "insufficient", "Network and volume traffic"),
    "starved": ({"instance_type": "m5.large"}, {"cpu": 96, "memory": 50}, "fine", "Right size: CPU and memory"),
}


@pytest.fixture(scope="module")
def trapped() -> DataFrame:
    """The verdicts on all traps, asked at once."""
    types = instance_types()
    rows = [instance(resource_id=name, **row) for name, (row, _, _, _) in _TRAPS.items()]
    metrics = [
        load(instance_id=name, **told).assign(region=row.get("region", "us-east-1"))
        for name, (row, told, _, _) in _TRAPS.items()
    ]
    offered = pd.concat([offerings(types), offerings(types, region="eu-west-1")])
    found = rightsizing(instances(*rows), types, offered, pd.concat(metrics), PriceBook())
    return found.rows.set_index("resource_id")


@pytest.mark.parametrize("trap", _TRAPS)
def test_takes_no_trap(trap: str, trapped: DataFrame) -> None:
    _, _, expected, why = _TRAPS[trap]

    assert trapped.loc[trap, "verdict"] == expected
    assert why in str(trapped.loc[trap, "why"])


def test_says_nothing_saves_below_the_minimum() -> None:
    found = verdict(instance(), load(cpu=55, memory=25), min_monthly_savings=50.0)

    assert (found["verdict"], found["why"]) == ("fine", "The saving is below the minimum.")


def test_a_burstable_type_must_carry_the_mean_within_its_baseline() -> None:
    # t3.medium gives 0.4 vCPU for good: a mean of 20 % of t3.large's two vCPUs is above four fifths of that.
    found = verdict(instance(instance_type="t3.large"), load(cpu=40, memory=30, credits=500, network_mb_s=1))

    assert (found["verdict"], found["why"].split(" would")[0]) == ("fine", "Right size: CPU")


def test_never_crosses_to_another_architecture_generation_or_vendor() -> None:
    # m6g and m5a are cheaper than m5; the c family is out of stock.
    found = verdict(instance(), load(cpu=30, memory=30), without=("c5.xlarge", "c5.2xlarge"))

    assert found["proposed"] == "m5.xlarge"


def test_proposes_only_what_the_zone_offers() -> None:
    found = verdict(instance(), load(), without=("m5.large",))

    assert found["proposed"] == "r5.large"


@pytest.mark.parametrize(
    ("current", "cpu", "memory", "proposed", "monthly"),
    [
        ("m5.4xlarge", 18, 17, "m5.xlarge", 420.48),
        ("m5.2xlarge", 30, 30, "m5.xlarge", 140.16),
        ("m5.2xlarge", 9, 72, "r5.xlarge", 96.36),
        ("r5.2xlarge", 60, 12, "c5.2xlarge", 119.72),
        ("c5.4xlarge", 33, 30, "c5.2xlarge", 248.20),
        ("c5.2xlarge", 12, 70, "r5.large", 156.22),
        ("m5.xlarge", 55, 25, "c5.xlarge", 16.06),
        ("m5.xlarge", 20, 30, "m5.large", 70.08),
    ],
)
def test_finds_the_cheapest_type_that_holds_everything(
    current: str, cpu: float, memory: float, proposed: str, monthly: float
) -> None:
    found = verdict(instance(instance_type=current), load(cpu=cpu, memory=memory))

    assert (found["verdict"], found["proposed"]) == ("saves", proposed)
    assert found["monthly_savings"] == pytest.approx(monthly, abs=1e-9)


def test_stays_on_arm() -> None:
    found = verdict(instance(instance_type="m6g.2xlarge", architecture="arm64"), load(cpu=32, memory=33))

    assert found["proposed"] == "m6g.xlarge"
    assert found["monthly_savings"] == pytest.approx(112.42, abs=1e-9)


def test_more_headroom_means_a_larger_type() -> None:
    tight = verdict(instance(instance_type="m5.4xlarge"), load(cpu=18, memory=17))
    roomy = verdict(instance(instance_type="m5.4xlarge"), load(cpu=18, memory=17), headroom_percent=40.0)

    assert (tight["proposed"], roomy["proposed"]) == ("m5.xlarge", "m5.2xlarge")


def test_asks_for_traffic_only_of_who_might_be_smaller() -> None:
    idle = verdict(instance(), load(network_mb_s=None, ebs_mb_s=None, ebs_iops=None))
    full = verdict(instance(instance_type="m5.large"), load(cpu=70, memory=70, network_mb_s=None))

    assert (idle["needs"], full["needs"], full["verdict"]) == ("maxima", "", "fine")


def test_asks_for_series_when_one_busy_day_stands_against_thirteen_quiet_ones() -> None:
    calm = load(cpu=10, memory=20)
    is_cpu_peak = calm["metric"].eq("cpu") & calm["statistic"].eq("p99.5") & calm["time"].eq(calm["time"].max())
    one_busy_day = calm.assign(value=calm["value"].mask(is_cpu_peak, 90.0))

    before = verdict(instance(), one_busy_day)
    five_minutes = points(Metric.CPU, "Maximum", [10.0] * 4030 + [90.0] * 2, period_s=300)
    after = verdict(instance(), pd.concat([one_busy_day, five_minutes]))

    # Two five-minute samples in two weeks are above p99.5.
    assert (before["needs"], before["verdict"]) == ("series", "fine")
    assert (after["needs"], after["proposed"]) == ("", "m5.large")


def test_what_was_measured_before_the_last_start_may_be_of_another_type() -> None:
    found = verdict(instance(launched_at=END - timedelta(hours=12), age_days=0.5), load())

    assert (found["verdict"], found["needs"]) == ("insufficient", "")
    assert "since its last start, which was 0 days ago" in found["why"]


def test_answers_for_every_row_and_leaves_its_inputs_alone() -> None:
    rows = instances(instance(), instance(resource_id="i-0bbb", state="stopped"))
    types = instance_types(spec("m5.metal", 96, 384, bare_metal=True, hypervisor=""))
    tables = (rows, types, offerings(types), load())
    copies = [table.copy(deep=True) for table in tables]

    found = rightsizing(*tables, PriceBook())

    assert found.rows["verdict"].tolist() == ["saves", "fine"]
    assert found.counts() == {"saves": 1, "fine": 1, "insufficient": 0, "conflict": 0, "notice": 0}
    for table, copy in zip(tables, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_answers_for_no_instances() -> None:
    types = instance_types()
    nothing = instances(instance()).iloc[:0].astype({"spot": "bool", "ignored": "bool", "public_ip_changes": "bool"})

    assert rightsizing(nothing, types, offerings(types), load(), PriceBook()).rows.empty


def test_where_one_day_was_busy_the_recorded_series_says_whether_credits_last() -> None:
    # t3.medium earns 20 % of its two vCPUs; one day's mean of 30 % is more, the mean of all days is not.
    row = instance(instance_type="t3.large")
    calm = load(cpu=20, memory=30, credits=500, network_mb_s=1)
    is_mean = calm["metric"].eq("cpu") & calm["statistic"].eq("Average")
    one_busy_day = calm.assign(value=calm["value"].mask(is_mean & calm["time"].eq(calm["time"].max()), 30.0))
    quiet, spent = [5.0] * 288 * 13 + [60.0] * 96 + [15.0] * 192, [5.0] * 288 * 13 + [90.0] * 96 + [0.0] * 192

    before = verdict(row, one_busy_day)
    lasts, runs_out = (
        verdict(
            row,
            pd.concat(
                [
                    one_busy_day,
                    points(Metric.CPU, "Maximum", [20.0] * 288 * 14, period_s=300),
                    points(Metric.CPU, "Average", series, period_s=300),
                ]
            ),
        )
        for series in (quiet, spent)
    )

    assert (before["verdict"], before["needs"]) == ("fine", "series")
    # 60 % of two vCPUs for eight hours takes 384 of 576 credits; 90 % takes 672.
    assert (lasts["verdict"], lasts["proposed"]) == ("saves", "t3.medium")
    assert runs_out["proposed"] != "t3.medium"


def test_bursts_count_though_the_mean_is_low() -> None:
    # Both have a mean of 5 %; the guide would have halved both.
    calm, bursty = load(cpu=10, memory=20), load(cpu=10, memory=20)
    is_peak = bursty["metric"].eq("cpu") & bursty["statistic"].isin(["p99.5", "Maximum"])
    bursts = bursty.assign(value=bursty["value"].mask(is_peak, 70.0))

    assert [verdict(instance(), metrics)["target_vcpu"] for metrics in (calm, bursts)] == [2, 8]


def test_below_the_smallest_type_of_a_family_no_type_is_invented() -> None:
    # There is no m5.medium; c5.large has half the memory, which is too little.
    found = verdict(instance(instance_type="m5.large"), load(cpu=5, memory=60))

    assert (found["verdict"], found["why"].split(":")[0]) == ("fine", "Right size")
    assert pd.isna(found["proposed"])


def test_a_candidate_without_a_price_is_no_free_one() -> None:
    row = instance(instance_type="x9.2xlarge", region="us-east-1")
    types = instance_types(spec("x9.2xlarge", 8, 32), spec("x9.large", 2, 8))

    found = rightsizing(instances(row), types, offerings(types), load(), PriceBook()).rows.iloc[0]

    assert (found["verdict"], found["why"].startswith("The price of x9.2xlarge")) == ("insufficient", True)


def test_fewer_days_of_evidence_are_no_confidence() -> None:
    by_days = {days: verdict(instance(), load(days=days))["verdict"] for days in (0, 6, 7, 14)}

    assert by_days == {0: "insufficient", 6: "insufficient", 7: "saves", 14: "saves"}
