"""What does not change from row to row: account, product, price, owner, resource and commitment of each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from bot.demo.aws.commitments import COMMITMENTS_BY_ARN, Commitment
from bot.demo.aws.cost_explorer_dimensions import instance_type
from bot.demo.aws.export_charges import Charges, Part
from bot.demo.aws.export_products import PRODUCTS
from bot.demo.aws.ledger_lines import Line
from bot.demo.aws.ledger_resources import unit_price
from bot.demo.aws.organisation import ACCOUNTS_BY_ID, GLOBAL, NO_REGION, PAYER
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.resources_model import Kind
from bot.demo.aws.resources_rates import instance_hour
from bot.demo.aws.resources_times import digest

ISSUER = "Amazon Web Services, Inc."
#: AWS's term code of on-demand offers, and its rate code of their only price.
_ON_DEMAND_OFFER, _ONLY_PRICE = "JRTCKXETXF", "6YS6EN2CT7"

LOCATIONS: Mapping[str, str] = {
    "us-east-1": "US East (N. Virginia)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "EU (Ireland)",
    GLOBAL: "Global",
}
_RESOURCE_TYPES: Mapping[Kind, str] = {
    Kind.INSTANCE: "Instance",
    Kind.VOLUME: "Volume",
    Kind.SNAPSHOT: "Snapshot",
    Kind.NAT_GATEWAY: "NAT Gateway",
    Kind.ELASTIC_IP: "Elastic IP",
    Kind.LOAD_BALANCER: "Load Balancer",
    Kind.DATABASE: "DB Instance",
    Kind.CACHE: "Cache Cluster",
    Kind.BUCKET: "Bucket",
    Kind.LOG_GROUP: "Log Group",
    Kind.FUNCTION: "Function",
}
PRICED = frozenset({RecordType.USAGE, RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE})


def parts(charges: Charges) -> DataFrame:
    """One row per part of `charges`, in order.

    Columns: ids and names as text (None where there are none), `rate` (list dollars per unit; NaN where the charge has
    no unit), `paid_rate` (before discounts and commitments), `net_share`; of the commitment that applies `hourly`,
    `upfront`, `count` and the first moment of its present term, `turn`.
    """
    paid = _paid(charges)
    rows = [_row(part, paid[part.row], charges.statement.anchor) for part in charges.parts]
    return DataFrame(rows)


def as_enums(frame: DataFrame) -> DataFrame:
    """Text as categories: DuckDB then writes each value once a file instead of once a row."""
    text = [name for name in frame.columns if frame[name].dtype in ("object", "str")]
    return frame.astype(dict.fromkeys(text, "category"))


def _row(part: Part, paid: float, anchor: int) -> dict[str, Any]:
    line, product = part.line, PRODUCTS[part.service]
    price = _price(part, paid)
    sku = _sku(line) if line.record_type in PRICED else None
    return {
        "account_id": line.account_id,
        "account_name": ACCOUNTS_BY_ID[line.account_id].name,
        "region": None if line.region == NO_REGION else line.region,
        "location": LOCATIONS.get(line.region),
        "product_code": product.code,
        "product_name": product.name,
        "category": product.category,
        "subcategory": product.subcategory,
        "record_type": str(line.record_type),
        "usage_type": None if line.usage_type == "NoUsageType" else line.usage_type,
        "operation": line.operation or None,
        "unit": line.unit or None,
        "team": line.team or None,
        "env": line.env or None,
        "instance_type": None if instance_type(line) == "NoInstanceType" else instance_type(line),
        "spot": "SpotUsage" in line.usage_type,
        "rate": price,
        "paid_rate": paid,
        "net_share": line.net_share,
        "sku": sku,
        "price_id": sku and f"{sku}.{_ON_DEMAND_OFFER}.{_ONLY_PRICE}",
        "description": _description(line, price),
        "line_key": digest(repr((part.row, part.service, part.behind and part.behind.resource_id))),
        **_resource(part),
        **_commitment(line, anchor),
    }


def _resource(part: Part) -> dict[str, Any]:
    if part.behind is None or part.behind.resource is None:
        return {"resource_id": None, "resource_name": None, "resource_type": None, "zone": None}
    resource = part.behind.resource
    return {
        "resource_id": part.behind.resource_id,
        "resource_name": resource.name,
        "resource_type": _RESOURCE_TYPES[resource.kind],
        "zone": resource.zone,
    }


def _commitment(line: Line, anchor: int) -> dict[str, Any]:
    commitment = COMMITMENTS_BY_ARN.get(line.commitment)
    if commitment is None:
        return {
            "commitment": None,
            "reservation": False,
            "offering": None,
            "family": None,
            "payment": None,
            "term": None,
            "hourly": np.nan,
            "upfront": np.nan,
            "count": np.nan,
            "plan_rate": np.nan,
            "before_start": None,
            "before_end": None,
            "term_start": None,
            "term_end": None,
            "turn": pd.NaT,
        }
    starts = commitment.term_starts(anchor)
    return {
        "commitment": commitment.arn,
        "reservation": commitment.is_reservation,
        "offering": _offering(commitment),
        "family": commitment.family or None,
        "payment": commitment.payment_option,
        "term": f"{commitment.term_years}yr",
        "hourly": commitment.hourly,
        "upfront": commitment.upfront_share,
        "count": float(commitment.count),
        "plan_rate": commitment.on_demand_rate * commitment.rate_share,
        "before_start": _moment(starts[0]),
        "before_end": _moment(starts[1]),
        "term_start": _moment(starts[1]),
        "term_end": _moment(starts[1] + commitment.term_days),
        "turn": pd.Timestamp(date.fromordinal(starts[1])),
    }


def _offering(commitment: Commitment) -> str:
    return "standard" if commitment.is_reservation else f"{commitment.kind}SavingsPlans"


def _moment(day: int) -> str:
    return f"{date.fromordinal(day)}T00:00:00.000Z"


def _paid(charges: Charges) -> Sequence[float]:
    """Dollars per unit of each line; the same on every day."""
    quantity = charges.statement.values["UsageQuantity"].sum(axis=1)
    cost = charges.statement.values["UnblendedCost"].sum(axis=1)
    average = np.divide(cost, quantity, out=np.full_like(cost, np.nan), where=quantity > 0)
    return [round(float(price), 10) for price in average]


def _price(part: Part, paid: float) -> float:
    """List dollars per unit; NaN where the charge has no unit."""
    line = part.line
    if line.record_type not in PRICED:
        return float("nan")
    if line.record_type is RecordType.DISCOUNTED_USAGE:
        return COMMITMENTS_BY_ARN[line.commitment].on_demand_rate
    if "SpotUsage" in line.usage_type:
        return instance_hour(instance_type(line), line.region)
    resource = part.behind and part.behind.resource
    return round(unit_price(resource), 10) if resource and not resource.commitment else paid


@cache
def _sku(line: Line) -> str:
    return digest(f"{line.service}/{line.usage_type}/{line.operation}").upper()


def _description(line: Line, price: float) -> str:
    if line.record_type in PRICED:
        return f"${price:.10f} per {line.unit} of {line.usage_type} in {LOCATIONS[line.region]}"
    words = {
        RecordType.TAX: "Tax for product charges",
        RecordType.CREDIT: "Promotional credit",
        RecordType.REFUND: f"Refund of {line.usage_type}",
        RecordType.SUPPORT: "AWS Support (Business): monthly fee",
        RecordType.PRIVATE_RATE_DISCOUNT: f"Private rate discount on {line.usage_type}",
        RecordType.SP_NEGATION: f"SavingsPlanNegation used by {line.commitment}",
        RecordType.SP_RECURRING_FEE: "Savings Plan recurring fee",
        RecordType.SP_UPFRONT_FEE: "Savings Plan upfront fee",
        RecordType.RI_FEE: f"Reserved instance fee of {line.usage_type.partition(':')[2]}",
        RecordType.FEE: f"Upfront fee of {line.usage_type.partition(':')[2]}",
    }
    return words[line.record_type]


def payer() -> tuple[str, str]:
    """Id and name of the account that pays."""
    return PAYER.id, PAYER.name
