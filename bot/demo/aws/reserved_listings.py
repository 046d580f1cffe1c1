"""DescribeReserved…Offerings of EC2, RDS, ElastiCache and Redshift: moto's cost what chance says, or are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.aws.reserved_offerings import YEAR_SECONDS, Offering, offerings
from bot.demo.aws.shapes import checked

#: Offerings a page, unless fewer or more are asked for.
_PAGE_SIZE = 100


def install() -> None:
    """Makes moto's EC2, RDS, ElastiCache and Redshift list these, in this process."""
    from moto.ec2.responses.reserved_instances import ReservedInstances
    from moto.elasticache.responses import ElastiCacheResponse
    from moto.rds.responses import RDSResponse
    from moto.redshift.responses import RedshiftResponse

    for owner, name, listing in (
        (ReservedInstances, "describe_reserved_instances_offerings", _EC2),
        (RDSResponse, "describe_reserved_db_instances_offerings", _RDS),
        (ElastiCacheResponse, "describe_reserved_cache_nodes_offerings", _ELASTICACHE),
        (RedshiftResponse, "describe_reserved_node_offerings", _REDSHIFT),
    ):
        setattr(owner, name, _method(listing))


@dataclass(frozen=True, slots=True)
class _Listing:
    """How a service lists its offerings.

    Attributes:
        asked: parameter → whether an offering has the value that is asked for, which comes as text.
        token, size: its names of a page's token and size.
    """

    service: str
    operation: str
    key: str
    shown: Callable[[Offering], dict[str, Any]]
    asked: Mapping[str, Callable[[Offering, str], bool]]
    token: str = "Marker"
    size: str = "MaxRecords"


def _method(listing: _Listing) -> Callable[[Any], Any]:
    def answer(response: Any) -> Any:
        from moto.core.responses import ActionResult

        return ActionResult(checked(listing.service, listing.operation, _page(listing, response)))

    return answer


def _page(listing: _Listing, response: Any) -> dict[str, Any]:
    """One page of a listing; AWS's filters by name are not emulated.

    Raises:
        ServiceException: a filter, or a token that was never given.
    """
    from moto.core.exceptions import ServiceException

    class Refused(ServiceException):
        """Not moto's own: it looks for a service by the module that an exception is of."""

    if response._get_param("Filters") or response._get_param("Filter.1.Name"):
        raise Refused("InvalidParameterValue", "Only parameters, not filters, are supported.")
    wanted = {name: response._get_param(name) for name in listing.asked}
    found = [
        one
        for one in offerings(listing.service, response.region)
        if all(value is None or listing.asked[name](one, str(value)) for name, value in wanted.items())
    ]
    token = str(response._get_param(listing.token) or "0")
    if not token.isdigit() or int(token) > len(found):
        raise Refused("InvalidParameterValue", f"{listing.token} is not valid.")
    start, size = int(token), int(response._get_param(listing.size) or _PAGE_SIZE)
    more = {listing.token: str(start + size)} if start + size < len(found) else {}
    return {listing.key: [listing.shown(one) for one in found[start : start + size]], **more}


def _of_ec2(one: Offering) -> dict[str, Any]:
    return {
        "ReservedInstancesOfferingId": one.id,
        "InstanceType": one.type,
        "ProductDescription": one.engine,
        "InstanceTenancy": "default",
        "Scope": "Region",
        "OfferingClass": "standard",
        "OfferingType": one.payment,
        "CurrencyCode": "USD",
        "Marketplace": False,
        "PricingDetails": [],
        "Duration": one.years * YEAR_SECONDS,
        "FixedPrice": one.fixed,
        "UsagePrice": 0.0,
        "RecurringCharges": [{"Amount": one.recurring, "Frequency": "Hourly"}] if one.recurring else [],
    }


def _duration(one: Offering, value: str) -> bool:
    """Asked for in years or in seconds."""
    return value in (str(one.years), str(one.years * YEAR_SECONDS))


_TERM: dict[str, Callable[[Offering, str], bool]] = {
    "Duration": _duration,
    "OfferingType": lambda one, value: one.payment == value,
}
_EC2 = _Listing(
    "ec2",
    "DescribeReservedInstancesOfferings",
    "ReservedInstancesOfferings",
    _of_ec2,
    {
        "InstanceType": lambda one, value: one.type == value,
        "ProductDescription": lambda one, value: one.engine == value,
        "OfferingClass": lambda _, value: value == "standard",
        "InstanceTenancy": lambda _, value: value == "default",
        "OfferingType": lambda one, value: one.payment == value,
        "MinDuration": lambda one, value: one.years * YEAR_SECONDS >= int(value),
        "MaxDuration": lambda one, value: one.years * YEAR_SECONDS <= int(value),
    },
    "NextToken",
    "MaxResults",
)
_RDS = _Listing(
    "rds",
    "DescribeReservedDBInstancesOfferings",
    "ReservedDBInstancesOfferings",
    lambda one: {
        "ReservedDBInstancesOfferingId": one.id,
        "DBInstanceClass": one.type,
        "ProductDescription": one.engine,
        "MultiAZ": one.multi_az,
        "OfferingType": one.payment,
        "CurrencyCode": "USD",
        **one.common,
    },
    {
        **_TERM,
        "DBInstanceClass": lambda one, value: one.type == value,
        "ProductDescription": lambda one, value: one.engine == value,
        "MultiAZ": lambda one, value: str(one.multi_az).lower() == value.lower(),
    },
)
_ELASTICACHE = _Listing(
    "elasticache",
    "DescribeReservedCacheNodesOfferings",
    "ReservedCacheNodesOfferings",
    lambda one: {
        "ReservedCacheNodesOfferingId": one.id,
        "CacheNodeType": one.type,
        "ProductDescription": one.engine,
        "OfferingType": one.payment,
        **one.common,
    },
    {
        **_TERM,
        "CacheNodeType": lambda one, value: one.type == value,
        "ProductDescription": lambda one, value: one.engine == value,
    },
)
_REDSHIFT = _Listing(
    "redshift",
    "DescribeReservedNodeOfferings",
    "ReservedNodeOfferings",
    lambda one: {
        "ReservedNodeOfferingId": one.id,
        "NodeType": one.type,
        "OfferingType": one.payment,
        "CurrencyCode": "USD",
        "ReservedNodeOfferingType": "Regular",
        **one.common,
    },
    {},
)
