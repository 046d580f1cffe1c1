"""Makes moto's EC2 tell Spot prices as AWS does: the changes of a window, and the price that held at its start.

Spot costs 36 % of the price on demand in even weeks since the epoch and 40 % in odd ones, in every zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.spot_instances import SpotInstances

from bot.clock import Clock
from bot.demo.aws.resources_rates import instance_hour

_WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHARES = (0.36, 0.40)
_ZONES = "abc"
_LINUX = "Linux/UNIX"


def install(clock: Clock) -> None:
    """Patch moto's EC2 in this process."""

    def describe_spot_price_history(response: Any) -> ActionResult:
        types: list[str] = response._get_param("InstanceTypes", [])
        products: list[str] = response._get_param("ProductDescriptions", [])
        start, end = (_moment(response._get_param(name)) or clock.now() for name in ("StartTime", "EndTime"))
        told = types if not products or _LINUX in products else []
        found = [change for name in told for change in _changes(name, response.region, start, min(end, clock.now()))]
        return ActionResult({"SpotPriceHistory": found, "NextToken": ""})

    setattr(SpotInstances, "describe_spot_price_history", describe_spot_price_history)  # noqa: B010 - mypy knows it


def _changes(instance_type: str, region: str, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The changes of price from the one that held at `start` on, the newest first."""
    try:
        on_demand = instance_hour(instance_type, region)
    except KeyError:
        return
    first, last = ((moment - _EPOCH) // _WEEK for moment in (start, end))
    for week in range(last, first - 1, -1):
        for letter in _ZONES:
            yield {
                "AvailabilityZone": f"{region}{letter}",
                "InstanceType": instance_type,
                "ProductDescription": _LINUX,
                "SpotPrice": f"{on_demand * _SHARES[week % 2]:.6f}",
                "Timestamp": _EPOCH + week * _WEEK,
            }


def _moment(told: Any) -> datetime | None:
    if told is None:
        return None
    moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
