"""Where a saving changes the usage by the hour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pandas import DataFrame

from analysis.commitments.after_discount_lines import Change, Saving, changes
from analysis.commitments.after_discount_usage import (
    Moved,
    cache_hours,
    counted,
    database_hours,
    fewer_gb_seconds,
    gb_seconds_on_arm,
    group_hours,
    instance_hours,
    node_hours,
    standby_hours,
    task_hours,
)
from analysis.commitments.usage import HourlyUsage
from tests.analysis.commitments.simulation_factories import OTHER, OWNER, VIRGINIA, database, line, usage

HOURS = 48
INSTANCE: dict[str, Any] = {
    "instance_type": "m5.xlarge",
    "platform": "Linux/UNIX",
    "tenancy": "default",
    "spot": False,
    "hourly_usd": 0.192,
}
DATABASE: dict[str, Any] = {
    "instance_class": "db.m5.large",
    "engine": "postgres",
    "multi_az": True,
    "cluster_id": "",
    "hour_usd": 0.356,
}


def change(used: HourlyUsage, *moved: Moved) -> tuple[DataFrame, Change]:
    whole, (found,) = changes(used, [Saving(OWNER, VIRGINIA, moved)])
    assert found is not None
    return whole.lines, found


def none(used: HourlyUsage, *moved: Moved) -> bool:
    return changes(used, [Saving(OWNER, VIRGINIA, moved)])[1] == [None]


def named(lines: DataFrame, found: Change) -> dict[tuple[str, str], float]:
    """What each line has more an hour, in the first one."""
    return {
        (lines.loc[at, "account_id"], lines.loc[at, "usage_type"]): round(float(more[0]), 9)
        for at, more in found.lines.items()
    }


def test_usage_that_the_hours_do_not_show_is_not_known() -> None:
    own = instance_hours()(INSTANCE)

    assert none(usage(line("m5.large", 1), hours=HOURS), *own)
    assert none(usage(line("m5.xlarge", 1, account_id=OTHER), hours=HOURS), *own)
    assert none(usage(line("m5.xlarge", 1, region="eu-west-1"), hours=HOURS), *own)
    assert none(usage(line("m5.xlarge", 1, platform="Windows"), hours=HOURS), *own)
    assert none(usage(line("m5.xlarge", 1, usage_type="DedicatedUsage:m5.xlarge"), hours=HOURS), *own)
    assert none(usage(line("m5.xlarge", 1), hours=HOURS // 4), *own)


def test_a_price_that_the_check_does_not_know_is_no_figure() -> None:
    assert none(usage(line("m5.xlarge", 1), hours=HOURS), *instance_hours()(INSTANCE | {"hourly_usd": float("nan")}))


def test_a_spot_instance_moves_nothing() -> None:
    assert instance_hours()(INSTANCE | {"spot": True}) == ()


def test_an_idle_instance_takes_an_hour_away_in_every_hour() -> None:
    lines, found = change(usage(line("m5.xlarge", 3, 0.192), hours=HOURS), *instance_hours()(INSTANCE))

    assert named(lines, found) == {(OWNER, "BoxUsage:m5.xlarge"): -1.0}
    assert found.monthly == pytest.approx(730 / HOURS)
    assert found.on_demand == pytest.approx(HOURS * 0.192)
    assert found.discount == pytest.approx(0.0)


def test_a_smaller_type_that_runs_already_gets_an_hour_more() -> None:
    row = INSTANCE | {"target": "m5.large", "target_hourly_usd": 0.096}
    used = usage(line("m5.xlarge", 1, 0.192), line("m5.large", 2, 0.096), hours=HOURS)

    lines, found = change(used, *instance_hours("target", "target_hourly_usd")(row))

    assert named(lines, found) == {(OWNER, "BoxUsage:m5.xlarge"): -1.0, (OWNER, "BoxUsage:m5.large"): 1.0}
    assert len(lines) == 2
    assert found.on_demand == pytest.approx(HOURS * 0.096)


def test_a_type_that_nobody_ran_gets_a_line_at_the_proportion_of_the_check() -> None:
    row = INSTANCE | {"target": "m5.large", "target_hourly_usd": 0.06, "hourly_usd": 0.12}
    used = usage(line("m5.xlarge", 1, 0.2, usage_type="EUW1-BoxUsage:m5.xlarge"), hours=HOURS)

    lines, found = change(used, *instance_hours("target", "target_hourly_usd")(row))

    assert named(lines, found) == {(OWNER, "EUW1-BoxUsage:m5.xlarge"): -1.0, (OWNER, "EUW1-BoxUsage:m5.large"): 1.0}
    assert lines.loc[1, ["on_demand", "units", "platform"]].tolist() == [pytest.approx(0.1), 4.0, "Linux/UNIX"]
    # Counted at 60 % of what it costs on demand.
    assert found.discount == pytest.approx(730 * 0.06 * (1 / 0.6 - 1))


def test_a_type_that_another_account_runs_has_its_price() -> None:
    row = INSTANCE | {"target": "m5.large", "target_hourly_usd": 0.06}
    used = usage(line("m5.xlarge", 1, 0.2), line("m5.large", 1, 0.097, account_id=OTHER), hours=HOURS)

    lines, found = change(used, *instance_hours("target", "target_hourly_usd")(row))

    assert set(named(lines, found)) == {(OWNER, "BoxUsage:m5.xlarge"), (OWNER, "BoxUsage:m5.large")}
    assert lines["on_demand"].tolist() == [0.2, 0.097, 0.097]


def test_what_ran_half_of_the_hours_counts_as_if_it_ran_in_all() -> None:
    half = np.repeat([[1.0], [0.0]], HOURS // 2, axis=0)

    _, found = change(usage(line("m5.xlarge", 1, 0.192), quantity=half), *instance_hours()(INSTANCE))

    assert found.lines[0].sum() == -HOURS / 2
    assert found.monthly == pytest.approx(2 * 730 / HOURS)


def test_a_schedule_changes_its_own_hours_only() -> None:
    # The hours begin on a Thursday; the slots off are those of Thursday night.
    slots = "".join("1" if 72 <= slot < 78 or 96 <= slot < 120 else "0" for slot in range(168))

    _, found = change(
        usage(line("m5.xlarge", 1, 0.2), hours=HOURS), *instance_hours(slots="off")(INSTANCE | {"off": slots})
    )

    assert found.lines[0].tolist() == [-1.0] * 6 + [0.0] * 18 + [-1.0] * 24
    assert found.on_demand == pytest.approx(30 * 0.2)
    assert counted(instance_hours(slots="off")(INSTANCE | {"off": slots})) == pytest.approx(730 * 0.192 * 30 / 168)


def test_a_database_is_found_by_engine_and_standby() -> None:
    used = usage(
        database("db.m5.large", 5),
        database("db.m5.large", 1, platform="PostgreSQL"),
        database("db.m5.large", 1, platform="PostgreSQL", usage_type="Multi-AZUsage:db.m5.large"),
        hours=HOURS,
    )

    (both, single), cluster = standby_hours(DATABASE), database_hours()(DATABASE | {"cluster_id": "one"})
    _, found = change(used, both, single)

    assert list(found.lines) == [2, 1]
    assert counted((both, single)) == pytest.approx(730 * 0.178)
    assert cluster[0].usage == "Multi-AZClusterUsage:"
    assert database_hours()(DATABASE | {"engine": "aurora-mysql"})[0].usage == "InstanceUsage:"
    assert database_hours()(DATABASE | {"engine": "oracle-se2"})[0].platform == ""


def test_valkey_in_the_place_of_redis_takes_fewer_units() -> None:
    row = {"all_nodes": 3.0, "node_type": "cache.m5.large", "engine": "redis", "hour_usd": 0.156, "valkey_usd": 0.1248}
    own = line(
        "cache.m5.large", 3, 0.156, service="AmazonElastiCache", usage_type="NodeUsage:cache.m5.large", platform="Redis"
    )

    unknown = change(
        usage(own | {"platform": ""}, hours=HOURS), *cache_hours(then_price="valkey_usd", engine="valkey")(row)
    )
    lines, found = change(usage(own, hours=HOURS), *cache_hours(then_price="valkey_usd", engine="valkey")(row))

    assert [float(more[0]) for more in found.lines.values()] == [-3.0, 3.0]
    assert lines.loc[1, ["platform", "units"]].tolist() == ["Valkey", pytest.approx(3.2)]
    assert lines.loc[1, "on_demand"] == pytest.approx(0.1248)
    assert unknown[1].on_demand == found.on_demand == pytest.approx(HOURS * 3 * 0.0312)


def test_a_group_of_several_types_gives_up_as_many_of_each() -> None:
    row = {"types": "c5.xlarge, m5.xlarge", "monthly_savings": 730 * 0.36, "hourly_usd": 0.18}
    used = usage(line("c5.xlarge", 4, 0.17), line("m5.xlarge", 4, 0.19), hours=HOURS)

    lines, found = change(used, *group_hours(row))

    assert named(lines, found) == {(OWNER, "BoxUsage:c5.xlarge"): -1.0, (OWNER, "BoxUsage:m5.xlarge"): -1.0}


def test_functions_and_tasks_move_what_they_are_billed_by() -> None:
    function = {
        "gb_seconds": 730.0,
        "target_mib": 256.0,
        "memory_mib": 1024.0,
        "architecture": "arm64",
        "usd": 2e-5,
        "arm_usd": 1e-5,
    }
    task = {
        "vcpu": 2.0,
        "new_vcpu": 1.0,
        "memory_gib": 4.0,
        "new_memory_gib": 4.0,
        "tasks": 3.0,
        "vcpu_usd": 0.04,
        "gb_usd": 0.004,
    }
    seconds = {"service": "AWSLambda", "platform": ""}
    used = usage(
        line("", 10, 2e-5, usage_type="Lambda-GB-Second", **seconds),
        line("", 10, 1e-5, usage_type="Lambda-GB-Second-ARM", **seconds),
        line("", 9, 0.04, service="AmazonECS", usage_type="Fargate-vCPU-Hours:perCPU", platform=""),
        hours=HOURS,
    )

    assert [round(float(more[0]), 9) for more in change(used, *fewer_gb_seconds(function))[1].lines.values()] == [-0.75]
    assert named(*change(used, *gb_seconds_on_arm(function))) == {
        (OWNER, "Lambda-GB-Second"): -1.0,
        (OWNER, "Lambda-GB-Second-ARM"): 1.0,
    }
    assert named(*change(used, *task_hours(task))) == {(OWNER, "Fargate-vCPU-Hours:perCPU"): -3.0}
    assert counted(task_hours(task)) == pytest.approx(3 * 0.04 * 730)
    assert node_hours({"nodes": 2.0, "hour_usd": 1.0, "node_type": "ra3.xlplus"})[0].quantity == 2.0
