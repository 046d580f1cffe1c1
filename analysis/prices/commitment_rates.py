"""What an hour costs with a commitment: reserved terms of AWS's price list, and rates of Savings Plans on offer.

For the checks of commitments; nothing else is priced by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from analysis.prices.price_list import HOURS, Question, matching, usd_of
from analysis.prices.units import unit_key

HOURS_A_YEAR = 8760
#: Columns of reserved terms, one row per product and term on offer.
RESERVED_RATES: dict[str, str] = {
    "region": "str",
    "item": "str",  # as in the price list: ec2.linux.m5.large.hour
    "years": "int64",  # 1 or 3
    "offering_class": "str",  # standard or convertible
    "payment": "str",  # No Upfront, Partial Upfront, All Upfront
    "upfront_usd": "float64",
    "recurring_usd": "float64",  # an hour
    "hourly_usd": "float64",  # the upfront part spread over the term included
}
#: Columns of Savings Plan rates, one row per usage type and plan on offer.
SAVINGS_PLAN_RATES: dict[str, str] = {
    "plan_type": "str",  # Compute, EC2Instance, SageMaker, Database
    "years": "int64",
    "payment": "str",
    "region": "str",
    "usage_type": "str",  # as the bill has it, with the region's prefix
    "operation": "str",
    "instance_type": "str",  # empty for what is no instance
    "product_description": "str",  # Linux/UNIX
    "tenancy": "str",
    "usd": "float64",  # a unit
    "unit": "str",  # Hrs; as the plan's rates have it
}

_YEARS = re.compile(r"^([13])\s*yr$")
_PAYMENTS = frozenset({"No Upfront", "Partial Upfront", "All Upfront"})
_PLAN_YEARS = {365 * 86400: 1, 3 * 365 * 86400: 3}


def reserved_rates(question: Question, price_list: Iterable[str]) -> DataFrame:
    """The reserved terms in an answer, with the columns `RESERVED_RATES`.

    An item that more than one product is of has none, and neither has a term that cannot be read.

    Args:
        price_list: all pages' texts of a question about every type or class.
    """
    rows = []
    for wanted, products in matching(question, price_list).items():
        if len(products) == 1:
            for term in products[0].get("terms", {}).get("Reserved", {}).values():
                row = _reserved(term)
                if row is not None:
                    rows.append({"region": question.region, "item": wanted.item, **row})
    return _typed(rows, RESERVED_RATES)


def savings_plan_rates(results: Iterable[Mapping[str, Any]]) -> DataFrame:
    """The rates in `searchResults` of DescribeSavingsPlansOfferingRates, with the columns `SAVINGS_PLAN_RATES`.

    Rates in another currency than dollars, or of nothing, are left out, and so is what two plans of one kind price
    differently.
    """
    table = _typed([row for result in results if (row := _plan_rate(result)) is not None], SAVINGS_PLAN_RATES)
    key = [name for name in SAVINGS_PLAN_RATES if name not in ("usd", "unit")]
    alike = table.drop_duplicates()
    return alike[~alike.duplicated(key, keep=False)].reset_index(drop=True)


def _reserved(term: Mapping[str, Any]) -> dict[str, object] | None:
    about = term.get("termAttributes", {})
    years = _YEARS.match(about.get("LeaseContractLength", ""))
    payment, dimensions = about.get("PurchaseOption", ""), list(term.get("priceDimensions", {}).values())
    if years is None or payment not in _PAYMENTS:
        return None
    try:
        upfront = [usd_of(one) for one in dimensions if one.get("unit") == "Quantity"]
        recurring = [usd_of(one) for one in dimensions if unit_key(str(one.get("unit", ""))) == unit_key(HOURS)]
    except ValueError:
        return None
    known = len(upfront) <= 1 and len(recurring) <= 1 and len(upfront) + len(recurring) == len(dimensions)
    hourly = sum(recurring) + sum(upfront) / (HOURS_A_YEAR * int(years[1]))
    if not known or hourly <= 0 or min([*upfront, *recurring]) < 0:
        return None
    return {
        "years": int(years[1]),
        "offering_class": about.get("OfferingClass", ""),
        "payment": payment,
        "upfront_usd": sum(upfront),
        "recurring_usd": sum(recurring),
        "hourly_usd": hourly,
    }


def _plan_rate(result: Mapping[str, Any]) -> dict[str, object] | None:
    plan = result.get("savingsPlanOffering", {})
    about = {one.get("name"): one.get("value", "") for one in result.get("properties", ())}
    years = _PLAN_YEARS.get(int(plan.get("durationSeconds", 0)))
    try:
        usd = float(result["rate"])
    except (KeyError, TypeError, ValueError):
        return None
    if years is None or plan.get("currency") != "USD" or not usd > 0:
        return None
    return {
        "plan_type": plan.get("planType", ""),
        "years": years,
        "payment": plan.get("paymentOption", ""),
        "region": about.get("region", ""),
        "usage_type": result.get("usageType", ""),
        "operation": result.get("operation", ""),
        "instance_type": about.get("instanceType", ""),
        "product_description": about.get("productDescription", ""),
        "tenancy": about.get("tenancy", ""),
        "usd": usd,
        "unit": result.get("unit", ""),
    }


def _typed(rows: list[dict[str, object]], columns: Mapping[str, str]) -> DataFrame:
    return DataFrame.from_records(rows, columns=list(columns)).astype(dict(columns))
