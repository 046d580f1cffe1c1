"""Creates the inventory in moto, in this process: EC2 first, as everything waits for it."""

from __future__ import annotations

from moto.moto_api._internal import mock_random

from bot.clock import Clock
from bot.demo.aws import enabled_regions, instance_types, seeding_ec2
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
    mock_random.seed(seed)
    seeding_ec2.seed_ec2(seed, clock.today())
    _seeded_with[:] = [seed]


def seed_rest(clock: Clock, seed: int) -> None:
    """Network, databases, caches, buckets, log groups and functions; needs `seed_ec2` before it."""
    # Half a dozen more services of moto take about a second to import.
    from bot.demo.aws import bucket_requests, seeding_data, seeding_network

    bucket_requests.install()

    seeding_network.seed_network(seed, clock.today())
    seeding_data.seed_data(seed, clock.today())


def resource_ids() -> dict[str, str]:
    """What AWS calls each seeded resource (an id, or its name), by its key; empty before the seeding."""
    return dict(ids_of(_seeded_with[0])) if _seeded_with else {}
