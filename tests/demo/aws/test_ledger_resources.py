"""Each resource is billed for the hours it ran at its own rate."""

from __future__ import annotations

import numpy as np
import pytest

from bot.demo.aws.ledger_resources import (
    FADE_DAYS,
    billed_parts,
    hours_before,
    hours_run,
    line_of,
    resource_charges,
    unit_price,
)
from bot.demo.aws.resources import HOURS_A_MONTH, resources
from bot.demo.aws.resources_model import Kind, Resource
from tests.demo.aws.ledger_factories import NOW, TODAY, ledger

DAYS = np.arange(TODAY.toordinal() - 100, TODAY.toordinal() + 1, dtype=np.int64)


def resource(created_days_ago: int = 50, stopped_days_ago: int | None = None, hourly_rate: float = 0.192) -> Resource:
    return Resource(
        kind=Kind.INSTANCE,
        key="ec2_instance/x",
        account_id="111122223333",
        region="us-east-1",
        zone="us-east-1a",
        type="m5.xlarge",
        team="search",
        env="prod",
        created_days_ago=created_days_ago,
        stopped_days_ago=stopped_days_ago,
        profile="",
        attributes={},
        service="Amazon Elastic Compute Cloud - Compute",
        usage_type="BoxUsage:m5.xlarge",
        hourly_rate=hourly_rate,
    )


def test_a_stopped_resource_costs_nothing_after_its_stop() -> None:
    hours = hours_run(resource(stopped_days_ago=12), DAYS, NOW)

    assert not hours[-12:].any()
    assert hours[-13] > 0


def test_a_resource_without_a_rate_has_no_line() -> None:
    assert resource_charges([resource(hourly_rate=0.0)], DAYS, NOW).lines == ()


def test_a_resource_runs_from_the_hour_it_was_created() -> None:
    hours = hours_run(resource(), DAYS, NOW)

    assert hours[-52:-49].tolist() == [0.0, 14.0, 24.0]
    assert hours[-1] == 24.0


def test_a_promised_month_is_730_hours_at_the_ledgers_rate() -> None:
    one = resource(created_days_ago=1000)
    block = resource_charges([one], DAYS, NOW)

    assert block.unblended.sum() / block.quantity.sum() * HOURS_A_MONTH == pytest.approx(one.monthly_cost)
    assert block.amortized == pytest.approx(block.unblended)


def test_a_launch_and_a_slow_stop_leave_the_bill_calm() -> None:
    launched = hours_run(resource(), DAYS, NOW) + hours_before(resource(), DAYS, NOW)
    fading = hours_run(resource(90, 20), DAYS, NOW)

    assert launched == pytest.approx(24.0)
    assert np.abs(np.diff(fading[-60:])).max() < 1.5 * 24.0 / FADE_DAYS


def test_every_resource_of_the_inventory_is_in_the_bill() -> None:
    days = ledger().days_until(TODAY)
    block = resource_charges(resources(7), days, NOW)
    running = sum(one.hourly_rate * 24 for one in resources(7) if one.stopped_days_ago is None)

    assert block.unblended[:, -1].sum() == pytest.approx(running)
    assert {line.account_id for line in block.lines} >= {"111122223333", "444455556666", "222233334444"}


def test_a_database_pays_the_list_for_its_hours_and_apart_for_its_storage() -> None:
    own = [one for one in billed_parts(resources(7)) if one.name in ("crm-import", "payments")]

    assert {(line_of(one).usage_type, line_of(one).unit): unit_price(one) for one in own} == {
        ("InstanceUsage:db.t3.large", "Hrs"): pytest.approx(0.136),
        ("RDS:GP3-Storage", "GB-Mo"): 0.115,
        ("Multi-AZUsage:db.m5.xlarge", "Hrs"): pytest.approx(0.712),
        ("RDS:Multi-AZ-GP3-Storage", "GB-Mo"): 0.23,
    }
    assert {one.name: one.monthly_cost for one in own if one.usage_type.startswith("RDS:")} == {
        "crm-import": pytest.approx(11.5),
        "payments": pytest.approx(115.0),
    }
