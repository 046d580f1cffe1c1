"""GetReservationPurchaseRecommendation, from the ledger's hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.demo.aws import cost_explorer_paging as paging
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_catalogue import CACHE, COMPUTE, RDS, REDSHIFT, SEARCH
from bot.demo.aws.plan_purchases import as_id
from bot.demo.aws.purchase_request import HOURS_A_MONTH, HOURS_A_YEAR, Wanted
from bot.demo.aws.reserved_purchases import Kind, Reserve, reserves


def reservation_recommendation(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetReservationPurchaseRecommendation: of one service, for the organisation or account by account."""
    found, wanted = reserves(params, view), Wanted.of(params)
    offset = paging.offset_of(params)
    following = offset + wanted.page_size
    specification = {"EC2Specification": {"OfferingClass": "STANDARD"}} if params["Service"] == COMPUTE else {}
    shown = {
        **wanted.shown,
        "ServiceSpecification": specification,
        "RecommendationDetails": [_detail(one, view) for one in found[offset:following]],
        "RecommendationSummary": _summary(found),
    }
    answer: dict[str, Any] = {
        "Metadata": {
            "RecommendationId": as_id(params["Service"], *wanted.shown.values(), f"{now:%Y-%m-%d}"),
            "GenerationTimestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "Recommendations": [shown] if found else [],
    }
    if following < len(found):
        answer["NextPageToken"] = paging.token_for(params, following)
    return answer


def _detail(one: Reserve, view: View) -> dict[str, Any]:
    wanted, count, hours = one.wanted, one.count, len(one.ran)
    a_month = HOURS_A_MONTH / hours
    on_demand = float(one.ran.sum()) * one.price
    left = on_demand - float(one.covered.sum()) * one.price
    cost = count * one.rate * hours
    upfront = count * one.rate * wanted.upfront_share * HOURS_A_YEAR * wanted.years
    covered_month = float(one.covered.sum()) * one.price * a_month
    whole_term = count * one.rate * HOURS_A_YEAR * wanted.years
    return {
        "AccountId": one.kind.account_id or view.account_id,
        "InstanceDetails": _DETAILS[one.kind.service](one.kind),
        "RecommendedNumberOfInstancesToPurchase": str(count),
        **_numbers("NumberOfInstances", one, 1.0),
        **(
            {"RecommendedNormalizedUnitsToPurchase": amount(count * one.kind.units)}
            | _numbers("NormalizedUnits", one, one.kind.units)
            if one.kind.units
            else {}
        ),
        "AverageUtilization": amount(100 * float(one.covered.sum()) / (count * hours)),
        "EstimatedBreakEvenInMonths": amount(whole_term / covered_month),
        "CurrencyCode": "USD",
        "EstimatedMonthlySavingsAmount": amount(one.saving * a_month),
        "EstimatedMonthlySavingsPercentage": amount(100 * one.saving / on_demand),
        "EstimatedMonthlyOnDemandCost": amount(on_demand * a_month),
        "EstimatedReservationCostForLookbackPeriod": amount(cost + left),
        "UpfrontCost": amount(upfront),
        "RecurringStandardMonthlyCost": amount(count * one.rate * (1 - wanted.upfront_share) * HOURS_A_MONTH),
    }


def _numbers(what: str, one: Reserve, each: float) -> dict[str, str]:
    """What ran in an hour, at least, at most and on average."""
    ran = one.ran * each
    return {
        f"Minimum{what}UsedPerHour": amount(float(ran.min())),
        f"Maximum{what}UsedPerHour": amount(float(ran.max())),
        f"Average{what}UsedPerHour": amount(float(ran.mean())),
    }


def _summary(found: Sequence[Reserve]) -> dict[str, str]:
    saving = sum(one.saving / len(one.ran) for one in found) * HOURS_A_MONTH
    spent = sum(float(one.ran.mean()) * one.price for one in found) * HOURS_A_MONTH
    return {
        "TotalEstimatedMonthlySavingsAmount": amount(saving),
        "TotalEstimatedMonthlySavingsPercentage": amount(100 * saving / spent if spent else 0.0),
        "CurrencyCode": "USD",
    }


def _common(kind: Kind) -> dict[str, Any]:
    return {"Region": kind.region, "CurrentGeneration": True, "SizeFlexEligible": kind.units > 0}


def _family(kind: Kind) -> str:
    return kind.smallest.rpartition(".")[0]


_DETAILS: dict[str, Callable[[Kind], dict[str, Any]]] = {
    COMPUTE: lambda kind: {
        "EC2InstanceDetails": {
            **_common(kind),
            "Family": _family(kind),
            "InstanceType": kind.smallest,
            "Platform": "Linux/UNIX",
            "Tenancy": "shared",
        }
    },
    RDS: lambda kind: {
        "RDSInstanceDetails": {
            **_common(kind),
            "Family": _family(kind).removeprefix("db."),
            "InstanceType": kind.smallest,
            "DatabaseEngine": kind.engine,
            "DeploymentOption": "Multi-AZ" if kind.multi_az else "Single-AZ",
            "LicenseModel": "No license required",
        }
    },
    CACHE: lambda kind: {
        "ElastiCacheInstanceDetails": {
            **_common(kind),
            "Family": _family(kind).removeprefix("cache."),
            "NodeType": kind.smallest,
            "ProductDescription": kind.engine,
        }
    },
    SEARCH: lambda kind: {
        "ESInstanceDetails": {
            **_common(kind),
            "InstanceClass": kind.smallest.split(".")[0],
            "InstanceSize": kind.smallest.split(".")[1],
        }
    },
    REDSHIFT: lambda kind: {
        "RedshiftInstanceDetails": {**_common(kind), "Family": _family(kind), "NodeType": kind.smallest}
    },
}
