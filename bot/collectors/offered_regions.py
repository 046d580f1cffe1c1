"""Which services of AWS there are in a region, as botocore's own list has them: what is not offered is not asked."""

from __future__ import annotations

import threading
from functools import cache

from botocore.loaders import create_loader

ACTIONS: tuple[str, ...] = ()

#: Places are read side by side, and the list takes a moment to read: once is enough.
_lock = threading.Lock()


def is_offered(endpoint: str, region: str) -> bool:
    """Whether to ask a service in a region; a region that the list does not have yet is asked.

    Args:
        endpoint: how the host of the service begins: `workspaces`, `api.sagemaker`.
    """
    with _lock:
        regions = _regions()
    return region in regions.get(endpoint, frozenset()) or region not in regions["ec2"]


@cache
def _regions() -> dict[str, frozenset[str]]:
    """The regions of the services that are asked about, and of one that is everywhere."""
    partitions = create_loader().load_data("endpoints")["partitions"]
    return {
        name: frozenset(region for one in partitions for region in one["services"].get(name, {}).get("endpoints", {}))
        for name in ("ec2", "workspaces", "api.sagemaker")
    }
