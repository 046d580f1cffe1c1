"""What may be reserved of EC2, RDS, ElastiCache, Redshift and OpenSearch, at made-up shares of on demand.

Standard reservations of a region, of Linux and of the engines that the price list has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.demo.aws.calls import Call
from bot.demo.aws.ledger_catalogue import ITEMS, REDSHIFT, SEARCH
from bot.demo.aws.plan_purchases import as_id
from bot.demo.aws.pricing_products import hours
from bot.demo.aws.pricing_table import CACHES, DATABASES, PREFIXES, RESERVED
from bot.demo.aws.purchase_request import HOURS_A_YEAR, UPFRONT_SHARES
from bot.demo.aws.shapes import checked

YEAR_SECONDS = 365 * 86400
_ENGINES = {"PostgreSQL": "postgresql", "MySQL": "mysql"}
_NODE_ENGINES = {"redis": 1.0, "memcached": 1.0, "valkey": 0.8}


@dataclass(frozen=True, slots=True)
class Offering:
    """One offering of one service; `price` is dollars an hour on demand."""

    service: str
    region: str
    type: str
    price: float
    years: int
    payment: str
    engine: str = ""
    multi_az: bool = False

    @property
    def id(self) -> str:
        term = (str(self.years), self.payment, str(self.multi_az))
        return as_id("offering", self.service, self.region, self.type, self.engine, *term)

    @property
    def rate(self) -> float:
        """Dollars an hour, upfront part included."""
        return round(self.price * RESERVED[self.years, self.payment], 10)

    @property
    def fixed(self) -> float:
        return round(self.rate * UPFRONT_SHARES[self.payment] * HOURS_A_YEAR * self.years, 2)

    @property
    def recurring(self) -> float:
        return round(self.rate * (1.0 - UPFRONT_SHARES[self.payment]), 10)

    @property
    def common(self) -> dict[str, Any]:
        """What all services but EC2 call alike."""
        charge = {"RecurringChargeAmount": self.recurring, "RecurringChargeFrequency": "Hourly"}
        return {
            "Duration": self.years * YEAR_SECONDS,
            "FixedPrice": self.fixed,
            "UsagePrice": 0.0,
            "RecurringCharges": [charge] if self.recurring else [],
        }


@cache
def offerings(service: str, region: str) -> tuple[Offering, ...]:
    """By boto3's name of the service, type by type; none where nothing is priced."""
    return tuple(_offerings(service, region)) if region in PREFIXES else ()


def _offerings(service: str, region: str) -> Iterator[Offering]:
    for name, engine, multi_az, price in _priced(service, region):
        for years, payment in RESERVED:
            yield Offering(service, region, name, price, years, payment, engine, multi_az)


def _priced(service: str, region: str) -> Iterator[tuple[str, str, bool, float]]:
    """Type, engine, whether it stands by in another zone, and dollars an hour on demand."""
    if service == "ec2":
        for name, price in hours(region).items():
            yield name, "Linux/UNIX", False, price
    if service == "rds":
        for (name, engine), price in DATABASES.items():
            for multi_az in (False, True):
                yield name, _ENGINES[engine], multi_az, price * (1 + multi_az)
    if service == "elasticache":
        for name, price in CACHES.items():
            for engine, share in _NODE_ENGINES.items():
                yield name, engine, False, price * share
    named = {"redshift": REDSHIFT, "opensearch": SEARCH}.get(service)
    for item in ITEMS:
        kind, _, name = item.usage_type.partition(":")
        if item.service == named and kind in ("Node", "ESInstance"):
            yield name, "", False, item.unit_price


def answers(call: Call) -> bool:
    """Whether a call is answered here, as JSON; other services' are moto's, see `reserved_listings`."""
    return (call.service, call.operation) == ("es", "DescribeReservedInstanceOfferings")


def answer(call: Call) -> dict[str, Any]:
    """OpenSearch's offerings, all on one page."""
    shown = [
        {
            "ReservedInstanceOfferingId": one.id,
            "InstanceType": one.type,
            "CurrencyCode": "USD",
            "PaymentOption": one.payment.upper().replace(" ", "_"),
            **one.common,
        }
        for one in offerings("opensearch", call.region)
    ]
    return checked("opensearch", call.operation, {"ReservedInstanceOfferings": shown})
