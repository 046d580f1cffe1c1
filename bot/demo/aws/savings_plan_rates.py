"""The service `savingsplans`: DescribeSavingsPlansOfferingRates, which moto does not have; of EC2's hours only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.calls import Call
from bot.demo.aws.pricing_products import hours, prefixed
from bot.demo.aws.pricing_table import PREFIXES, SAVINGS_PLANS
from bot.demo.aws.shapes import checked, operation_model

#: Rates a page at most, which is the default.
MOST_RESULTS = 1000
_YEAR_SECONDS = 365 * 86400
#: The parameters that list values, and the properties of a rate.
_LISTED = (
    "usageTypes", "savingsPlanTypes", "savingsPlanPaymentOptions", "products", "serviceCodes", "operations",
)  # fmt: skip
_PROPERTIES = ("region", "instanceType", "instanceFamily", "productDescription", "tenancy")
#: What all rates here have in common.
_SAME = {
    "products": "EC2",
    "serviceCodes": "AmazonEC2",
    "operations": "RunInstances",
    "productDescription": "Linux/UNIX",
    "tenancy": "shared",
    "productId": "",
}


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
    found = [rate for rate in _rates() if _fits(rate, asked)]
    first = _offset(params)
    more = {"nextToken": _token(params, first + size)} if first + size < len(found) else {}
    return checked(
        "savingsplans", operation, {"searchResults": [rate.shown() for rate in found[first : first + size]], **more}
    )


@dataclass(frozen=True, slots=True)
class _Rate:
    """One type's hour under one kind of plan."""

    region: str
    name: str
    usd: float
    plan_type: str
    years: int
    payment: str

    def value(self, what: str) -> str:
        """What a parameter of the request is compared with."""
        return _OWN[what](self) if what in _OWN else _SAME[what]

    def shown(self) -> dict[str, Any]:
        """The rate as AWS answers it."""
        return {
            "savingsPlanOffering": _offering(self.plan_type, self.years, self.payment, self.region, self.name),
            "rate": f"{self.usd:.6f}",
            "unit": "Hrs",
            "productType": _SAME["products"],
            "serviceCode": _SAME["serviceCodes"],
            "usageType": self.value("usageTypes"),
            "operation": _SAME["operations"],
            "properties": [{"name": name, "value": self.value(name)} for name in _PROPERTIES],
        }


#: What a rate has of its own, by the request's name for it.
_OWN: dict[str, Callable[[_Rate], str]] = {
    "savingsPlanTypes": lambda rate: rate.plan_type,
    "savingsPlanPaymentOptions": lambda rate: rate.payment,
    "usageTypes": lambda rate: prefixed(f"BoxUsage:{rate.name}", rate.region, "ec2"),
    "region": lambda rate: rate.region,
    "instanceType": lambda rate: rate.name,
    "instanceFamily": lambda rate: rate.name.partition(".")[0],
}


@cache
def _rates() -> tuple[_Rate, ...]:
    return tuple(
        _Rate(region, name, usd * share, plan_type, years, payment)
        for region in PREFIXES
        for name, usd in hours(region).items()
        for plan_type, shares in SAVINGS_PLANS.items()
        for (years, payment), share in shares.items()
    )


def _offering(plan_type: str, years: int, payment: str, region: str, name: str) -> dict[str, Any]:
    """A Compute plan is of no family and no region."""
    where = "" if plan_type == "Compute" else f"{name.partition('.')[0]} {region} "
    described = f"{years} year {payment} {where}{plan_type} Savings Plan"
    digest = hashlib.sha256(described.encode()).hexdigest()
    return {
        "offeringId": "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])),
        "planType": plan_type,
        "paymentOption": payment,
        "durationSeconds": years * _YEAR_SECONDS,
        "currency": "USD",
        "planDescription": described,
    }


def _fits(rate: _Rate, asked: Mapping[str, Any]) -> bool:
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


def _offset(params: Mapping[str, Any]) -> int:
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


def _token(params: Mapping[str, Any], offset: int) -> str:
    stored = json.dumps({"offset": offset, "request": _fingerprint(params)})
    return base64.urlsafe_b64encode(stored.encode()).decode()


def _fingerprint(params: Mapping[str, Any]) -> str:
    same = {name: value for name, value in params.items() if name not in ("nextToken", "maxResults")}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:24]
