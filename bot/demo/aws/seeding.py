"""Creates the inventory in moto, in this process: EC2 first, as everything waits for it."""

from __future__ import annotations

from moto.moto_api._internal import mock_random

from bot.clock import Clock
from bot.demo.aws import autoscaling, enabled_regions, instance_types, seeding_ec2, spot_prices
from bot.demo.aws.resources_times import ids_of

_seeded_with: list[int] = []


def seed(clock: Clock, seed: int) -> None:
    """The whole inventory; call once, on empty backends.

    Args:
        clock: its date at this moment is day 0 of everything's age.
        seed: the same one gives the same ids.
    """
    seed_ec2(clock, seed)
    seed_rest(clock, seed)


def seed_ec2(clock: Clock, seed: int) -> None:
    """Instances, volumes, snapshots, images and groups; enough for right-sizing."""
    enabled_regions.install()
    instance_types.install(clock, seed)
    autoscaling.install(clock, seed)
    spot_prices.install(clock)
    mock_random.seed(seed)
    seeding_ec2.seed_ec2(seed, clock.today())
    autoscaling.seed_policies(seed)
    _seeded_with[:] = [seed]


def seed_rest(clock: Clock, seed: int) -> None:
    """Network, databases, caches, buckets, log groups, functions and tables; needs `seed_ec2` before it."""
    # Half a dozen more services of moto take about a second to import.
    from bot.demo.aws import bucket_objects, bucket_requests, seeding_data, seeding_network, seeding_tables

    bucket_requests.install()
    bucket_objects.install(clock.today())

    seeding_network.seed_network(seed, clock.today())
    seeding_data.seed_data(seed, clock.today())
    seeding_tables.seed_tables(seed, clock.today())


def resource_ids() -> dict[str, str]:
    """What AWS calls each seeded resource (an id, or its name), by its key; empty before the seeding."""
    return dict(ids_of(_seeded_with[0])) if _seeded_with else {}
