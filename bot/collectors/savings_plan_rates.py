"""The table `savings_plan_rates`: what usage would cost under the Savings Plans that AWS has on offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame

from analysis.prices.commitment_rates import SAVINGS_PLAN_RATES, savings_plan_rates
from bot.aws import Aws, reading

ACTIONS = ("savingsplans:DescribeSavingsPlansOfferingRates",)
COLUMNS = SAVINGS_PLAN_RATES

#: Usage types of one request, and rates a page at most.
_MOST_USAGE_TYPES, _MOST_RESULTS = 100, 1000


def fetch(
    aws: Aws,
    usage_types: Sequence[str],
    *,
    plan_types: Sequence[str] = ("Compute", "EC2Instance"),
    description: str = "Linux/UNIX",
    tenancy: str = "shared",
    product: str = "EC2",
    service_code: str = "AmazonEC2",
) -> list[dict[str, Any]]:
    """The rates on offer for some usage types of a service, as the bill spells them: `EUW1-BoxUsage:m5.large`.

    Args:
        description: the platform; "" for all. tenancy: "" for what has none.
    Raises:
        SourceUnavailable: AWS gave no answer.
    """
    asked: dict[str, Any] = {
        "savingsPlanTypes": list(plan_types),
        "products": [product],
        "serviceCodes": [service_code],
        "filters": [
            {"name": name, "values": [value]}
            for name, value in (("productDescription", description), ("tenancy", tenancy))
            if value
        ],
        "maxResults": _MOST_RESULTS,
    }
    found: list[dict[str, Any]] = []
    with reading(ACTIONS[0]):
        client = aws.client("savingsplans")
        for start in range(0, len(usage_types), _MOST_USAGE_TYPES):
            some = {"usageTypes": list(usage_types[start : start + _MOST_USAGE_TYPES])}
            token: dict[str, str] = {}
            while True:
                page = client.describe_savings_plans_offering_rates(**asked, **some, **token)
                found += page.get("searchResults", ())
                if not page.get("nextToken"):
                    break
                token = {"nextToken": page["nextToken"]}
    return found


def parse(results: Sequence[dict[str, Any]]) -> DataFrame:
    """The rates as a table with `COLUMNS`."""
    return savings_plan_rates(results)
