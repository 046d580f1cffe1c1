"""The planted table against the inventory, and against right-sizing worked out here from the 5-minute series."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES

from bot.demo.aws.planted import PLANTED, Planted
from bot.demo.aws.resources import Kind, Resource
from tests.demo.aws.inventory_factories import BY_KEY, IDS, NOW, TWO_WEEKS, monitoring, query, read

RIGHTSIZING = [row for row in PLANTED if row.check == "ec2.rightsizing"]
WORKED_OUT = [row for row in RIGHTSIZING if row.expect in ("saves", "fine")]
# Why a row is "fine" although its metrics, taken alone, would let it shrink.
NOT_BY_METRICS = {"cron-box", "old-benchmark", "migration-test"}

LARGE = {
    "m4": 0.1,
    "m5": 0.096,
    "m6i": 0.096,
    "m6g": 0.077,
    "m7i": 0.1008,
    "c4": 0.1,
    "c5": 0.085,
    "c6i": 0.085,
    "c6g": 0.068,
    "c7i": 0.08925,
    "r4": 0.133,
    "r5": 0.126,
    "r6i": 0.126,
    "r6g": 0.1008,
    "r7i": 0.1323,
    "t3": 0.0832,
}
LARGE_IN_EUROPE = {"m5": 0.107, "c5": 0.096, "r5": 0.141}
LARGES = {"nano": 1 / 16, "micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1, "xlarge": 2}
MONITORING = monitoring()


def test_holds_enough_answers_of_every_kind() -> None:
    kinds = Counter(row.expect for row in PLANTED)
    assert len(PLANTED) >= 25
    assert min(kinds.values()) >= 4
    assert set(kinds) == {"saves", "fine", "insufficient", "conflict"}
    assert sum(row.expect == "saves" for row in RIGHTSIZING) >= 8


def test_each_row_is_about_something_that_exists_and_says_why() -> None:
    assert len({(row.check, row.resource_key) for row in PLANTED}) == len(PLANTED)
    for row in PLANTED:
        assert row.resource_key in BY_KEY or row.resource_key.startswith(Kind.COMMITMENT), row.resource_key
        assert len(row.why) > 5
        assert (row.monthly_savings is not None) == (row.proposed is not None) == (row.expect == "saves"), row
    for row in RIGHTSIZING:
        assert row.current == BY_KEY[row.resource_key].type


@pytest.mark.parametrize(
    ("trap", "check", "key", "expect"),
    [
        ("low CPU with high memory", "ec2.rightsizing", "ec2_instance/ledger-cache", "fine"),
        ("no memory data", "ec2.rightsizing", "ec2_instance/legacy-reports", "insufficient"),
        ("drained burst credits", "ec2.rightsizing", "ec2_instance/cron-box", "fine"),
        ("gp2 at 200 GiB with 250 MB/s", "ebs.gp2_to_gp3", "ebs_volume/warehouse-journal", "fine"),
        ("tiny S3 objects", "s3.infrequent_access", "s3_bucket/example-payments-receipts", "fine"),
        ("tiny S3 objects behind a large mean", "s3.intelligent_tiering", "s3_bucket/example-org-trail", "fine"),
        ("young unattached volumes", "ebs.unattached_volume", "ebs_volume/restore-drill-today", "fine"),
        ("snapshots of AMIs in use", "ebs.orphan_snapshot", "ebs_snapshot/checkout-web-image", "fine"),
        ("an instance in an ASG", "ec2.rightsizing", "ec2_instance/checkout-web-1", "conflict"),
        ("a stopped instance", "ec2.rightsizing", "ec2_instance/old-benchmark", "fine"),
        ("a GPU instance", "ec2.rightsizing", "ec2_instance/model-trainer", "insufficient"),
        ("bursts", "ec2.rightsizing", "ec2_instance/invoice-renderer", "fine"),
        ("a very young instance", "ec2.rightsizing", "ec2_instance/checkout-canary", "insufficient"),
        ("network near the baseline", "ec2.rightsizing", "ec2_instance/replicator", "fine"),
        ("an unknown price", "ec2.rightsizing", "ec2_instance/fraud-rules", "insufficient"),
    ],
)
def test_every_trap_of_the_plan_is_set(trap: str, check: str, key: str, expect: str) -> None:
    assert [row.expect for row in PLANTED if (row.check, row.resource_key) == (check, key)] == [expect], trap


def test_deleting_saves_what_730_hours_of_the_resource_cost() -> None:
    gone = [row for row in PLANTED if row.proposed in ("deleted", "released")]
    # Some are billed among the ledger's ordinary days.
    deleted = [row for row in gone if BY_KEY[row.resource_key].hourly_rate]
    assert len(deleted) >= 15
    for row in deleted:
        assert row.monthly_savings == pytest.approx(BY_KEY[row.resource_key].monthly_cost, abs=0.005), row


def test_the_other_promises_are_shares_of_the_resource_s_own_rate() -> None:
    others = [row for row in PLANTED if row.check != "ec2.rightsizing" and row.expect == "saves"]
    promised = {row.resource_key.partition("/")[2]: row.monthly_savings for row in others}
    cost = {resource.name: resource.monthly_cost for resource in BY_KEY.values()}
    logs = {"/app/checkout": (2400, 390), "/app/search": (1100, 370), "/data/ingest": (600, 340)}
    expected = {
        "payments-batch-scratch": cost["payments-batch-scratch"] - 500 * 0.08,
        "warehouse-spill": cost["warehouse-spill"] - 2000 * 0.08,
        "ledger-journal": cost["ledger-journal"] - 500 * 0.08,
        "olap-data": cost["olap-data"] - 400 * 0.08,
        "payments-staging": cost["payments-staging"] / 2,
        "example-upload-landing": 800 * 0.023,
        "search-api": cost["search-api-1"],
        **{name: gb * 0.03 * (days - 90) / days for name, (gb, days) in logs.items()},
    }
    assert {name: promised[name] for name in expected} == pytest.approx(expected, abs=0.005)


def test_the_two_hundred_gib_gp2_volume_costs_more_as_gp3() -> None:
    volume = BY_KEY["ebs_volume/warehouse-journal"]
    assert (volume.type, volume.attributes["size_gib"], volume.attributes["iops"]) == ("gp2", 200, None)
    as_gp3 = 200 * 0.08 + (240 - 125) * 0.04
    assert volume.monthly_cost < as_gp3


@pytest.mark.parametrize("row", WORKED_OUT, ids=lambda row: row.resource_key.partition("/")[2])
def test_right_sizing_follows_from_the_metrics(row: Planted) -> None:
    resource = BY_KEY[row.resource_key]
    if resource.name in NOT_BY_METRICS:
        assert row.expect == "fine"
        return
    assert _cheapest(resource) == row.proposed
    if row.proposed is not None:
        saved = (_price(resource.type, resource.region) - _price(row.proposed, resource.region)) * 730
        assert row.monthly_savings == pytest.approx(saved, abs=0.005)


@pytest.mark.parametrize("slack", [0.94, 1.06])
def test_no_answer_hangs_on_six_per_cent_of_demand(slack: float) -> None:
    for row in WORKED_OUT:
        if row.expect == "saves":
            assert _cheapest(BY_KEY[row.resource_key], slack) == row.proposed, row.resource_key


def _cheapest(resource: Resource, slack: float = 1.0) -> str | None:
    """The cheapest type below today's price that keeps a fifth of everything free."""
    demand = {name: value * slack for name, value in _demand(resource.key).items()}
    family = resource.type.split(".")[0]
    siblings = {letter + family[1:] for letter in "cmr"} if family[0] in "cmr" else {family}
    fitting = [
        (_price(name, resource.region), name)
        for name in INSTANCE_TYPES
        if name.split(".")[0] in siblings
        and "metal" not in name
        and _price(name, resource.region) < _price(resource.type, resource.region)
        and all(demand[what] <= 0.8 * capacity for what, capacity in _capacity(name).items())
    ]
    return min(fitting)[1] if fitting else None


@cache
def _demand(key: str) -> dict[str, float]:
    resource = BY_KEY[key]
    own = _capacity(resource.type)
    network = _p(resource, "NetworkIn", "NetworkOut") / 300 / 1e6
    volumes = _p(resource, "EBSReadBytes", "EBSWriteBytes") / 300 / 1e6
    return {
        "cpu": _p(resource, "CPUUtilization") / 100 * own["cpu"],
        "memory": _memory(resource) / 100 * own["memory"],
        "network": network,
        "volumes": volumes,
    }


def _p(resource: Resource, *metrics: str) -> float:
    place = (resource.account_id, resource.region)
    of = {"InstanceId": IDS[resource.key]}
    series = [read(MONITORING, query(name, dimensions=of, stat="Sum"), place=place)[1] for name in metrics]
    return float(np.percentile(np.sum(series, axis=0), 99.5)) if len(series[0]) else 0.0


def _memory(resource: Resource) -> float:
    place = (resource.account_id, resource.region)
    [metric] = MONITORING.list_metrics(
        place, {"Namespace": "CWAgent", "Dimensions": [{"Name": "InstanceId", "Value": IDS[resource.key]}]}
    )["Metrics"]
    of = {pair["Name"]: pair["Value"] for pair in metric["Dimensions"]}
    _, values = read(
        MONITORING, query("mem_used_percent", namespace="CWAgent", dimensions=of), place=place, start=NOW - TWO_WEEKS
    )
    return float(np.percentile(values, 99.5))


def _capacity(name: str) -> dict[str, float]:
    """vCPUs, GiB, and 10^6 bytes a second that the type sustains."""
    one = INSTANCE_TYPES[name]
    volumes = one["EbsInfo"].get("EbsOptimizedInfo", {}).get("BaselineThroughputInMBps", 0.0)
    return {
        "cpu": one["VCpuInfo"]["DefaultVCpus"],
        "memory": one["MemoryInfo"]["SizeInMiB"] / 1024,
        "network": one["NetworkInfo"]["NetworkCards"][0]["BaselineBandwidthInGbps"] * 125,
        "volumes": volumes,
    }


def _price(name: str, region: str) -> float:
    family, _, size = name.partition(".")
    larges = LARGES[size] if size in LARGES else 2 * int(size.removesuffix("xlarge"))
    return (LARGE_IN_EUROPE if region == "eu-west-1" else LARGE)[family] * larges
