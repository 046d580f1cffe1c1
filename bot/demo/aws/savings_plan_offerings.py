"""The service `savingsplans`: DescribeSavingsPlansOfferings, which moto does not have.

Of Compute, EC2 Instance and Database plans, which the stand-in has rates of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from bot.demo.aws.answers import invalid
from bot.demo.aws.calls import Call
from bot.demo.aws.savings_plan_rates import MOST_RESULTS, Rate, offset_of, rates, token_for
from bot.demo.aws.shapes import checked

_PRODUCTS = {"Compute": ["EC2", "Fargate", "Lambda"], "EC2Instance": ["EC2"], "Database": ["RDS"]}
#: What the bill calls the service that sells a plan.
_CODES = {"Database": "DatabaseSavingsPlans"}
Found = dict[str, Any]

#: The parameters that list values → where an offering has them.
_LISTED: dict[str, Callable[[Found], str]] = {
    "offeringIds": lambda one: str(one["offeringId"]),
    "paymentOptions": lambda one: str(one["paymentOption"]),
    "planTypes": lambda one: str(one["planType"]),
    "currencies": lambda one: str(one["currency"]),
    "descriptions": lambda one: str(one["description"]),
}
_FILTERS = ("region", "instanceFamily")


def answers(call: Call) -> bool:
    """Whether a call is answered here."""
    return (call.service, call.operation) == ("savingsplans", "DescribeSavingsPlansOfferings")


def answer(operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
    """The answer to one call; what is on offer is the same for every account.

    Raises:
        AwsError: what AWS would refuse, and parameters that are not emulated.
    """
    size = params.get("maxResults") or MOST_RESULTS
    if not isinstance(size, int) or not 1 <= size <= MOST_RESULTS:
        raise invalid("maxResults must be between 0 and 1000.")
    strange = {"serviceCodes", "usageTypes", "operations"} & {name for name, value in params.items() if value}
    if strange:
        raise invalid(f"Not supported: {', '.join(sorted(strange))}.")
    found = [one for one in _every() if _fits(one, params)]
    first = offset_of(params)
    more = {"nextToken": token_for(params, first + size)} if first + size < len(found) else {}
    return checked("savingsplans", operation, {"searchResults": found[first : first + size], **more})


@cache
def _every() -> tuple[Found, ...]:
    """One for each kind of plan, term and payment, and of an EC2 Instance plan for each family and region."""
    found: dict[str, Found] = {}
    for rate in rates():
        shown = _offering(rate)
        found.setdefault(str(shown["offeringId"]), shown)
    return tuple(found.values())


def _offering(rate: Rate) -> Found:
    plan = rate.offering
    place = {name: rate.properties[name] for name in _FILTERS} if rate.plan_type == "EC2Instance" else {}
    return {
        "offeringId": plan["offeringId"],
        "productTypes": _PRODUCTS[rate.plan_type],
        "planType": plan["planType"],
        "description": plan["planDescription"],
        "paymentOption": plan["paymentOption"],
        "durationSeconds": plan["durationSeconds"],
        "currency": plan["currency"],
        "serviceCode": _CODES.get(rate.plan_type, "ComputeSavingsPlans"),
        "usageType": f"{rate.plan_type}SP:{rate.years}yr{plan['paymentOption'].replace(' ', '')}",
        "operation": "",
        "properties": [{"name": name, "value": value} for name, value in place.items()],
    }


def _fits(one: Found, params: Mapping[str, Any]) -> bool:
    listed = all(not params.get(name) or of(one) in params[name] for name, of in _LISTED.items())
    lasts = not params.get("durations") or one["durationSeconds"] in params["durations"]
    product = params.get("productType")
    return listed and lasts and product in (None, "", *one["productTypes"]) and _is_placed(one, params)


def _is_placed(one: Found, params: Mapping[str, Any]) -> bool:
    place = {item["name"]: item["value"] for item in one["properties"]}
    for condition in params.get("filters") or ():
        if condition.get("name") not in _FILTERS:
            raise invalid(f"A filter's name must be one of {', '.join(_FILTERS)}.")
        if place.get(condition["name"]) not in condition.get("values", ()):
            return False
    return True
