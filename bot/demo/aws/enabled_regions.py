"""Makes moto's DescribeRegions list the organisation's regions only, as an organisation that closes the others sees it.

moto would list all of them, and whoever looks everywhere would wait for a hundred empty default networks.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions

from bot.demo.aws.organisation import REGIONS


def install() -> None:
    """Patch moto's EC2 in this process."""
    setattr(AvailabilityZonesAndRegions, _METHOD, _describe_regions)


_METHOD = "describe_regions"


def _describe_regions(response: Any) -> ActionResult:
    response.error_on_dryrun()
    every = {region.name: region for region in response.ec2_backend.regions}
    names = response._get_param("RegionNames", []) or sorted(every)
    unknown = [name for name in names if name not in every]
    if unknown:
        raise EC2ClientError("InvalidParameterValue", f"Invalid region name: {', '.join(unknown)}")
    show_all = response._get_param("AllRegions", False)
    shown = [
        {
            "RegionName": name,
            "Endpoint": every[name].endpoint,
            "OptInStatus": "opt-in-not-required" if name in REGIONS else "not-opted-in",
        }
        for name in names
        if show_all or name in REGIONS
    ]
    return ActionResult({"Regions": shown})
