"""The service `savingsplans`: DescribeSavingsPlansOfferingRates, which moto does not have.

Of EC2's Linux hours, and for a Compute plan of Fargate and Lambda too; for a Database plan of RDS from generation 7 on.
What a plan saves is made up, see `pricing_table`; no two sizes of a family differ.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.calls import Call
from bot.demo.aws.organisation import usage_type_in
from bot.demo.aws.pricing_products import hours, prefixed
from bot.demo.aws.pricing_table import (
    DATABASE_PLAN_GENERATION,
    DATABASE_PLANS,
    DATABASES,
    PLAN_FAMILIES,
    PLAN_PRODUCT_SHARES,
    PLAN_PRODUCTS,
    PREFIXES,
    SAVINGS_PLANS,
)
from bot.demo.aws.shapes import checked, operation_model

#: Rates a page at most, which is the default.
MOST_RESULTS = 1000
_YEAR_SECONDS = 365 * 86400
#: What RDS bills an engine's hours as.
_OPERATIONS = {"PostgreSQL": "CreateDBInstance:0014", "MySQL": "CreateDBInstance:0002"}
#: The parameters that list values.
_LISTED = (
    "savingsPlanOfferingIds", "usageTypes", "savingsPlanTypes", "savingsPlanPaymentOptions", "products",
    "serviceCodes", "operations",
)  # fmt: skip


def answers(call: Call) -> bool:
    """Whether a call is answered here."""
    return (call.service, call.operation) == ("savingsplans", "DescribeSavingsPlansOfferingRates")


def answer(operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
    """The answer to one call; what is on offer is the same for every account.

    Raises:
        AwsError: what AWS would refuse.
        WrongShape: the stand-in itself is wrong.
    """
    size = params.get("maxResults", MOST_RESULTS)
    if not isinstance(size, int) or not 1 <= size <= MOST_RESULTS:
        raise invalid("maxResults must be between 1 and 1000.")
    asked = _asked(params)
    found = [rate for rate in rates() if _fits(rate, asked)]
    first = offset_of(params)
    more = {"nextToken": token_for(params, first + size)} if first + size < len(found) else {}
    return checked(
        "savingsplans", operation, {"searchResults": [rate.shown() for rate in found[first : first + size]], **more}
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour of one instance type, or a unit of another product, costs under one kind of plan.

    Attributes:
        name: instance type; empty for what is no instance.
        usage_type: as the bill spells it.
        operation: of what it is a rate for. platform: AWS's description of that: the engine of a database.
    """

    region: str
    name: str
    usage_type: str
    usd: float
    plan_type: str
    years: int
    payment: str
    product: str = "EC2"
    service: str = "AmazonEC2"
    unit: str = "Hrs"
    operation: str = ""
    platform: str = ""

    @property
    def properties(self) -> dict[str, str]:
        """What tells it apart, by AWS's name; filters ask for these too."""
        if not self.name:
            return {"region": self.region}
        shown = {
            "region": self.region,
            "instanceType": self.name,
            "instanceFamily": self.name.removeprefix("db.").partition(".")[0],
            "productDescription": self.platform,
        }
        return shown | ({"tenancy": "shared"} if self.product == "EC2" else {})

    @property
    def offering(self) -> dict[str, Any]:
        """The plan that it is a rate of."""
        family = self.name.partition(".")[0]
        return {
            "offeringId": offering_id(self.plan_type, self.years, self.payment, self.region, family),
            "planType": self.plan_type,
            "paymentOption": self.payment,
            "durationSeconds": self.years * _YEAR_SECONDS,
            "currency": "USD",
            "planDescription": _description(self.plan_type, self.years, self.payment, self.region, family),
        }

    def value(self, what: str) -> str:
        """What a parameter of the request is compared with."""
        return _VALUES[what](self) if what in _VALUES else self.properties.get(what, "")

    def shown(self) -> dict[str, Any]:
        """The rate as AWS answers it."""
        return {
            "savingsPlanOffering": self.offering,
            # A second of a function costs less than a millionth of a dollar.
            "rate": f"{self.usd:.6f}" if self.name else f"{self.usd:.12f}".rstrip("0"),
            "unit": self.unit,
            "productType": self.product,
            "serviceCode": self.service,
            "usageType": self.usage_type,
            "operation": self.value("operations"),
            "properties": [{"name": name, "value": value} for name, value in self.properties.items()],
        }


_VALUES: dict[str, Callable[[Rate], str]] = {
    "savingsPlanOfferingIds": lambda rate: str(rate.offering["offeringId"]),
    "savingsPlanTypes": lambda rate: rate.plan_type,
    "savingsPlanPaymentOptions": lambda rate: rate.payment,
    "usageTypes": lambda rate: rate.usage_type,
    "products": lambda rate: rate.product,
    "serviceCodes": lambda rate: rate.service,
    "operations": lambda rate: rate.operation,
}


@cache
def rates_of(plan_type: str, years: int, payment: str) -> dict[str, Rate]:
    """Usage type as the bill spells it → its rate under one kind of plan."""
    return {
        rate.usage_type: rate
        for rate in rates()
        if (rate.plan_type, rate.years, rate.payment) == (plan_type, years, payment)
    }


@cache
def rates() -> tuple[Rate, ...]:
    """All that are on offer."""
    of_machines = (
        rate
        for region in PREFIXES
        for plan_type, shares in SAVINGS_PLANS.items()
        for (years, payment), share in shares.items()
        for rate in _of_one_plan(region, plan_type, years, payment, share)
    )
    of_databases = (
        rate
        for region in PREFIXES
        for (years, payment), share in DATABASE_PLANS.items()
        for rate in _of_databases(region, years, payment, share)
    )
    return (*of_machines, *of_databases)


def _of_one_plan(region: str, plan_type: str, years: int, payment: str, share: float) -> Iterator[Rate]:
    more = PLAN_FAMILIES.get(plan_type, {})
    for name, usd in hours(region).items():
        rate = round(usd * (share + more.get(name.partition(".")[0], 0.0)), 10)
        for usage_type in _spellings(region, f"BoxUsage:{name}"):
            yield Rate(
                region,
                name,
                usage_type,
                rate,
                plan_type,
                years,
                payment,
                operation="RunInstances",
                platform="Linux/UNIX",
            )
    if plan_type == "Compute":
        for product, service, usage, unit, usd in PLAN_PRODUCTS:
            rate = usd * PLAN_PRODUCT_SHARES[product][years]
            for usage_type in _spellings(region, usage, "new" if product == "Fargate" else "ec2"):
                yield Rate(region, "", usage_type, rate, plan_type, years, payment, product, service, unit)


def _of_databases(region: str, years: int, payment: str, share: float) -> Iterator[Rate]:
    """Of each class that a Database plan covers, with and without a standby."""
    for (name, engine), usd in DATABASES.items():
        if generation(name) < DATABASE_PLAN_GENERATION:
            continue
        for usage, times in (("InstanceUsage", 1), ("Multi-AZUsage", 2)):
            for usage_type in _spellings(region, f"{usage}:{name}"):
                yield Rate(
                    region,
                    name,
                    usage_type,
                    round(usd * times * share, 10),
                    "Database",
                    years,
                    payment,
                    "RDS",
                    "AmazonRDS",
                    operation=_OPERATIONS[engine],
                    platform=engine,
                )


def generation(name: str) -> int:
    """7 of `db.r7g.large`; 0 where a type tells none."""
    found = re.match(r"(?:db\.)?[a-z]+(\d+)", name)
    return int(found[1]) if found else 0


def _spellings(region: str, usage_type: str, kind: str = "ec2") -> list[str]:
    """As AWS's price list has a usage type, and as the demo's bill does."""
    listed = prefixed(usage_type, region, kind)
    return [listed] if kind == "new" else list(dict.fromkeys((listed, usage_type_in(region, usage_type))))


def offering_id(plan_type: str, years: int, payment: str, region: str, family: str) -> str:
    """Only an EC2 Instance plan is of a family and region."""
    digest = hashlib.sha256(_description(plan_type, years, payment, region, family).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _description(plan_type: str, years: int, payment: str, region: str, family: str) -> str:
    where = f"{family} {region} " if plan_type == "EC2Instance" else ""
    return f"{years} year {payment} {where}{plan_type} Savings Plan"


def _fits(rate: Rate, asked: Mapping[str, Any]) -> bool:
    return all(rate.value(name) in values for name, values in asked.items())


def _asked(params: Mapping[str, Any]) -> dict[str, Any]:
    """The values that each part of a rate may have."""
    listed = {name: params[name] for name in _LISTED if params.get(name)}
    return listed | {one["name"]: one.get("values", ()) for one in _filters(params)}


def _filters(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = params.get("filters") or []
    shape = operation_model("savingsplans", "DescribeSavingsPlansOfferingRates").input_shape
    known = shape.members["filters"].member.members["name"].enum
    if any(one.get("name") not in known for one in found):
        raise invalid(f"A filter's name must be one of {', '.join(known)}.")
    return found


def offset_of(params: Mapping[str, Any]) -> int:
    """Where the page starts that a request asks for.

    Raises:
        AwsError: the token was never given, or for another request.
    """
    token = params.get("nextToken")
    if not token:
        return 0
    try:
        stored = json.loads(base64.urlsafe_b64decode(token))
        offset, of = int(stored["offset"]), stored["request"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise AwsError("ValidationException", "nextToken is not valid.") from None
    if of != _fingerprint(params):
        raise AwsError("ValidationException", "nextToken was given for another request.")
    return offset


def token_for(params: Mapping[str, Any], offset: int) -> str:
    """The token of the page that starts at `offset`."""
    stored = json.dumps({"offset": offset, "request": _fingerprint(params)})
    return base64.urlsafe_b64encode(stored.encode()).decode()


def _fingerprint(params: Mapping[str, Any]) -> str:
    same = {name: value for name, value in params.items() if name not in ("nextToken", "maxResults")}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:24]
