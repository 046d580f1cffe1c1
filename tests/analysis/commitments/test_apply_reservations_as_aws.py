"""AWS's worked examples of reservations: EC2's four scenarios, and those of RDS, Aurora and ElastiCache."""

from __future__ import annotations

import pytest

from analysis.commitments.apply import apply
from tests.analysis.commitments.simulation_factories import OTHER, OWNER, THIRD, database, line, reservation, usage

A, B, C = "us-east-1a", "us-east-1b", "us-east-1c"


def test_scenario_1_reservations_in_a_single_account() -> None:
    hour = usage(line("m3.large", 4, zone=A), line("m4.xlarge", 2, zone=B), line("c4.xlarge", 1, zone=C))

    found = apply(
        hour, [reservation("m3.large", 4, zone=A), reservation("m4.large", 4), reservation("c4.large", 1)], []
    )

    assert found.covered.tolist() == [[4, 0, 0], [0, 2, 0], [0, 0, 0.5]]
    assert found.left.tolist() == [[0, 0, 0.5]]
    assert found.used_hours[:, 0].tolist() == [4, 4, 1]


def test_scenario_2_the_smallest_size_comes_first() -> None:
    hour = usage(line("m3.xlarge", 2, zone=A), line("m3.large", 2, zone=B))

    found = apply(hour, [reservation("m3.2xlarge")], [])

    assert found.covered.tolist() == [[1, 2]]
    assert found.left.tolist() == [[1, 0]]


def test_scenario_3_the_owner_comes_before_a_linked_account() -> None:
    hour = usage(
        line("m4.xlarge", 2, zone=A),
        line("m4.2xlarge", 1, zone=B),
        line("c4.xlarge", 2, zone=A),
        line("c4.2xlarge", 1, zone=B),
        line("m4.xlarge", 2, zone=A, account_id=OTHER),
    )

    found = apply(hour, [reservation("m4.xlarge", 4), reservation("c4.xlarge", 2)], [])

    assert found.covered.tolist() == [[2, 1, 0, 0, 0], [0, 0, 2, 0, 0]]
    assert found.left.tolist() == [[0, 0, 0, 1, 2]]


def test_scenario_4_another_accounts_zonal_reservation_comes_before_ones_own_regional_one() -> None:
    hour = usage(line("m4.xlarge", 1, zone=A), line("m4.xlarge", 1, zone=B, account_id=OTHER))
    regional = reservation("m4.xlarge", id="regional", owner_id=OWNER)
    zonal = reservation("m4.xlarge", id="zonal", owner_id=THIRD, zone=A)

    found = apply(hour, [regional, zonal], [])

    assert found.covered.tolist() == [[0, 1], [1, 0]]
    assert not found.left.any()


@pytest.mark.parametrize(("running", "hours", "covered"), [("t2.small", 2, 2), ("t2.large", 1, 0.5)])
def test_a_t2_medium_covers_two_small_ones_or_half_a_large_one(running: str, hours: float, covered: float) -> None:
    assert apply(usage(line(running, hours)), [reservation("t2.medium")], []).covered.tolist() == [[covered]]


@pytest.mark.parametrize(
    ("owned", "count", "running", "hours"),
    [
        ("i3.metal", 1, "i3.16xlarge", 1),
        ("i3.metal", 1, "i3.8xlarge", 2),
        ("i3.metal", 1, "i3.4xlarge", 4),
        ("i3.8xlarge", 2, "i3.metal", 1),
    ],
)
def test_bare_metal_and_its_virtual_sizes_cover_each_other(owned: str, count: int, running: str, hours: int) -> None:
    assert not apply(usage(line(running, hours)), [reservation(owned, count)], []).left.any()


def test_four_instances_for_a_quarter_of_an_hour_are_one_reserved_hour() -> None:
    found = apply(usage(line("m4.xlarge", 4 * 0.25)), [reservation("m4.xlarge")], [])

    assert (found.used_hours.tolist(), found.left.tolist()) == ([[1.0]], [[0.0]])


def test_five_of_nine_instances_of_two_accounts_are_reserved() -> None:
    """Consolidated billing: one has five reservations and uses three, the other uses six."""
    hour = usage(line("m4.xlarge", 3), line("m4.xlarge", 6, account_id=OTHER))

    found = apply(hour, [reservation("m4.xlarge", 5)], [])

    assert found.covered.tolist() == [[3, 2]]
    assert found.left.tolist() == [[0, 4]]


@pytest.mark.parametrize(("running", "hours", "covered"), [("db.t2.small", 2, 2), ("db.t2.large", 1, 0.5)])
def test_a_reserved_database_covers_other_sizes_of_its_class(running: str, hours: float, covered: float) -> None:
    owned = reservation("db.t2.medium", service="AmazonRDS", platform="mysql")

    assert apply(usage(database(running, hours)), [owned], []).covered.tolist() == [[covered]]


def test_one_large_database_is_two_medium_ones_or_one_with_a_standby() -> None:
    owned = reservation("db.r5.large", service="AmazonRDS", platform="mysql")
    with_standby = database("db.r5.medium", 1, usage_type="Multi-AZUsage:db.r5.medium")

    assert not apply(usage(database("db.r5.medium", 2)), [owned], []).left.any()
    assert not apply(usage(with_standby), [owned], []).left.any()


def test_a_reserved_database_covers_no_other_class() -> None:
    owned = reservation("db.r6i.large", service="AmazonRDS", platform="mysql")

    found = apply(
        usage(database("db.r6i.xlarge", 1), database("db.r6id.large", 1), database("db.r7g.large", 1)), [owned], []
    )

    assert found.covered.tolist() == [[0.5, 0, 0]]


def test_aurora_io_optimized_takes_thirty_percent_more() -> None:
    owned = reservation("db.r6g.large", 13, service="AmazonRDS", platform="aurora-mysql")
    optimized = database(
        "db.r6g.large", 10, usage_type="InstanceUsageIOOptimized:db.r6g.large", platform="Aurora MySQL"
    )

    found = apply(usage(optimized), [owned], [])

    assert found.covered[0] == pytest.approx([10])
    assert found.unused[0] == pytest.approx([0], abs=1e-9)


def test_a_reserved_redis_node_covers_a_valkey_node_and_a_quarter_of_the_next() -> None:
    """32 units; one cache.r7g.4xlarge of Valkey takes 25.6, and the 6.4 left are a quarter of another."""
    cache = {"service": "AmazonElastiCache", "usage_type": "NodeUsage:cache.r7g.4xlarge", "platform": "Valkey"}
    owned = reservation("cache.r7g.4xlarge", service="AmazonElastiCache", platform="redis")

    found = apply(usage(line("cache.r7g.4xlarge", 2, **cache)), [owned], [])

    assert found.covered[0] == pytest.approx([1.25])


def test_a_reserved_valkey_node_covers_no_redis_node() -> None:
    cache = {"service": "AmazonElastiCache", "usage_type": "NodeUsage:cache.r7g.large", "platform": "Redis"}
    owned = reservation("cache.r7g.large", service="AmazonElastiCache", platform="valkey")

    assert not apply(usage(line("cache.r7g.large", 1, **cache)), [owned], []).covered.any()
