"""Which services of AWS there are in a region, as botocore knows them: what is not offered is not asked."""

from __future__ import annotations

from functools import cache

import botocore.session

ACTIONS: tuple[str, ...] = ()


def is_offered(service: str, region: str) -> bool:
    """Whether to ask a service in a region; a region that botocore does not know yet is asked."""
    return region in _regions(service) or region not in _regions("ec2")


@cache
def _regions(service: str) -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_available_regions(service))
