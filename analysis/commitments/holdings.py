"""What an organisation owns: Reserved Instances and nodes, and Savings Plans, whoever tells of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pandas import DataFrame

HOURS_A_MONTH = 730.0
SAVINGS_PLAN, RESERVED = "Savings Plan", "Reserved"

#: What is known of a commitment beside whose it is and where (`bot.inventory.HEAD`).
TERMS: dict[str, str] = {
    "kind": "str",  # Savings Plan or Reserved, as bills say it
    "commitment_id": "str",  # ARN where AWS has one, else its id
    "service": "str",  # AWS's code: AmazonEC2, AmazonRDS, AmazonElastiCache, AmazonES, AmazonRedshift; "" of a plan
    "type": "str",  # kind of the plan as DescribeSavingsPlans names it; instance or node type of a reservation
    "family": "str",  # of an EC2 Instance plan, or of the type; empty where there is none
    "scope_region": "str",  # the region it is bound to; empty where it applies in all
    "zone": "str",  # of a zonal reservation
    "platform": "str",  # Linux/UNIX, mysql, redis; empty where AWS does not tell
    "offering_class": "str",  # standard or convertible; empty for what has none
    "count": "float64",  # instances or nodes; missing of a plan
    "years": "float64",
    "payment": "str",  # All Upfront, Partial Upfront, No Upfront
    "upfront_usd": "float64",  # of all of it; missing where AWS does not tell
    "hourly_usd": "float64",  # of all of it, the upfront part spread over the term
    "starts_at": "datetime64[us]",  # UTC
    "ends_at": "datetime64[us]",
    "state": "str",  # active, queued, payment-pending
    "seen_at": "datetime64[us]",  # when AWS was asked, UTC
    "problem": "str",  # why this service's reservations are not known; empty where they are
}
#: States in which a commitment is owned, or will be.
OWNED = ("active", "queued", "payment-pending")


def hourly_usd(count: float, fixed_usd: float | None, running_usd: float | None, seconds: float | None) -> float | None:
    """Dollars an hour of a reservation, the upfront part spread over its term; None where a part is not told.

    Args:
        fixed_usd: paid at the start for each of `count`.
        running_usd: an hour for each, used or not.
        seconds: of the whole term.
    """
    if fixed_usd is None or running_usd is None or not seconds:
        return None
    return count * (running_usd + fixed_usd / (seconds / 3600))


def key_of(commitment_id: str) -> str:
    """What two sources agree on: the owner's account and the last part of an ARN; of a bare id the id alone."""
    parts = commitment_id.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return commitment_id
    return f"{parts[4]}/{parts[5].replace(':', '/').rpartition('/')[2]}"


def owner_of(commitment_id: str) -> str:
    """The account in an ARN; empty where it is none."""
    parts = commitment_id.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[0] == "arn" else ""


def same_commitment(one: str, other: str) -> bool:
    """Whether two ids are of one commitment: equal, or one of them is the other's last part."""
    a, b = key_of(one), key_of(other)
    bare = "/" not in a or "/" not in b
    return a == b or (bare and a.rpartition("/")[2] == b.rpartition("/")[2])


def unknown_to_api(billed: DataFrame, held: DataFrame) -> DataFrame:
    """Commitments of the bill that AWS's own lists do not have: ended lately, or in an account that may not be read.

    Args:
        billed: needs `commitment_id`. held: columns `TERMS`.
    """
    full = set(held["commitment_id"].map(key_of))
    tails = {key.rpartition("/")[2] for key in full}
    bare_held = {key for key in full if "/" not in key}

    def is_known(commitment_id: str) -> bool:
        key = key_of(commitment_id)
        tail = key.rpartition("/")[2]
        return key in full or (tail in bare_held if "/" in key else tail in tails)

    return billed[~billed["commitment_id"].map(is_known).astype(bool)]


def name_of(row: Mapping[str, object]) -> str:
    """What a person calls a commitment: `12 × r5.xlarge`, `Compute Savings Plan $4.20/h`."""
    kind, type_ = str(row["kind"]), str(row["type"])
    if kind == SAVINGS_PLAN:
        hourly = row["hourly_usd"]
        rate = f" ${hourly:.2f}/h" if isinstance(hourly, float) and math.isfinite(hourly) else ""
        words = {"EC2Instance": "EC2 Instance"}.get(type_, type_)
        return " ".join(filter(None, (words, "Savings Plan", str(row["family"])))) + rate
    count = row["count"]
    many = f"{count:.0f} × " if isinstance(count, int | float) and math.isfinite(count) else ""
    return f"{many}{type_}"
