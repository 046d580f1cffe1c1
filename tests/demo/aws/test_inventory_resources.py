"""The inventory as data: its size, its rates, and that a seed changes nothing a check looks at."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.demo.aws.resources import Kind, resources
from bot.demo.aws.resources_ec2 import HOSTILE_TEAM
from bot.demo.aws.resources_rates import instance_hour, volume_hour
from tests.demo.aws.inventory_factories import BY_KEY, INSTANCES, machine


def test_has_no_price_for_a_family_it_does_not_know() -> None:
    with pytest.raises(KeyError):
        instance_hour("x9z.large")


def test_no_two_resources_share_a_key() -> None:
    keys = [resource.key for resource in resources(7)]
    assert len(keys) == len(set(keys))


def test_has_the_size_of_a_believable_organisation() -> None:
    counts = Counter(resource.kind for resource in resources(7))
    data_volumes = [r for r in resources(7) if r.kind is Kind.VOLUME and not r.attributes["root"]]
    assert (counts[Kind.INSTANCE], len(data_volumes), counts[Kind.SNAPSHOT]) == (66, 40, 40)
    assert (counts[Kind.DATABASE], counts[Kind.CACHE], counts[Kind.BUCKET]) == (9, 5, 12)
    assert (counts[Kind.LOG_GROUP], counts[Kind.FUNCTION], counts[Kind.AUTO_SCALING_GROUP]) == (25, 12, 4)
    assert len({(r.account_id, r.region) for r in INSTANCES}) == 6


def test_a_seed_moves_old_launches_and_nothing_else() -> None:
    for one, other in zip(resources(7), resources(8), strict=True):
        assert (one.key, one.hourly_rate, one.profile) == (other.key, other.hourly_rate, other.profile)
        assert abs(one.created_days_ago - other.created_days_ago) <= 9
        assert one.created_days_ago == other.created_days_ago or one.created_days_ago >= 120


def test_the_same_seed_gives_the_same_inventory() -> None:
    resources.cache_clear()
    before = resources(7)
    resources.cache_clear()
    assert resources(7) == before


def test_some_resources_carry_no_tags_and_one_carries_a_hostile_one() -> None:
    assert machine("legacy-reports").tags == {"Name": "legacy-reports"}
    assert machine("load-tests").tags["team"] == HOSTILE_TEAM == "<!channel> & <script>"


def test_rates_are_public_list_prices() -> None:
    assert machine("payments-batch-1").hourly_rate == 0.768
    assert machine("wiki").hourly_rate == 0.0832
    assert machine("eu-payments-api").hourly_rate == pytest.approx(0.214)
    assert BY_KEY["ebs_volume/ledger-journal"].monthly_cost == pytest.approx(500 * 0.125 + 5000 * 0.065)
    assert BY_KEY["ebs_volume/olap-data"].monthly_cost == pytest.approx(400 * 0.08 + 6000 * 0.005 + 375 * 0.04)
    assert BY_KEY["rds_instance/crm-import"].monthly_cost == pytest.approx(0.136 * 730 + 11.5)
    assert volume_hour("gp3", 100, "eu-west-1") == pytest.approx(8.8 / 730)


def test_usage_types_carry_the_prefix_of_their_region() -> None:
    assert machine("payments-batch-1").usage_type == "BoxUsage:m5.4xlarge"
    assert machine("eu-payments-api").usage_type == "EUW1-BoxUsage:m5.xlarge"
    assert BY_KEY["ebs_volume/eu-orders-root"].usage_type == "EUW1-EBS:VolumeUsage.gp3"
