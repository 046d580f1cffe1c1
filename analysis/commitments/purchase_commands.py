"""The commands that buy one share of a proposal, for a person to run: one that lists what is on offer, one that buys.

The second names OFFERING_ID in place of what the first found, so that nobody buys by pasting both.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from analysis.commitments.hourly_lines import PLATFORMS
from analysis.commitments.purchase_offers import RESERVED, UPFRONT
from analysis.commitments.units import platform_key
from analysis.prices.price_list import RDS_ENGINES

ID = "OFFERING_ID"
HOURS_A_YEAR = 8760
#: RDS calls one engine otherwise in offerings than in instances.
_ENGINES = {platform_key(listed): engine for engine, listed in RDS_ENGINES.items()} | {"postgresql": "postgresql"}


def purchase_commands(share: Mapping[str, Any], hourly: float, count: float | None) -> tuple[str, ...]:
    """Two lines for a shell.

    Args:
        share: columns `WHAT` of `purchase_table`.
        hourly: dollars an hour to commit. count: instances to reserve.
    Returns:
        Nothing of a reservation whose type or count is not known.
    """
    years, payment = int(share["years"]), str(share["payment"])
    if share["kind"] != RESERVED:
        return _plan(share, years, payment, hourly)
    if not share["instance_type"] or count is None or not count >= 1:
        return ()
    one = _NODES.get(str(share["service"]))
    return () if one is None else tuple(_line(share, *parts) for parts in one(share, years, payment, int(count)))


def _plan(share: Mapping[str, Any], years: int, payment: str, hourly: float) -> tuple[str, ...]:
    filters: tuple[str, ...] = ()
    if share["kind"] == "EC2Instance":
        filters = ("--filters", f"name=region,values={share['place']}", f"name=instanceFamily,values={share['family']}")
    upfront = UPFRONT[payment] * hourly * HOURS_A_YEAR * years
    paid = ("--upfront-payment-amount", f"{upfront:.2f}") if payment == "Partial Upfront" else ()
    at = {"place": "us-east-1"}  # where the service of Savings Plans is, wherever the usage is
    return (
        _line(
            at, "savingsplans", "describe-savings-plans-offerings", "--plan-types", share["kind"], "--durations",
            str(years * HOURS_A_YEAR * 3600), "--payment-options", payment, "--currencies", "USD", *filters,
        ),
        _line(
            at, "savingsplans", "create-savings-plan", "--savings-plan-offering-id", ID, "--commitment",
            f"{hourly:.3f}", *paid,
        ),
    )  # fmt: skip


def _ec2(share: Mapping[str, Any], years: int, payment: str, count: int) -> tuple[tuple[str, ...], ...]:
    seconds = str(years * HOURS_A_YEAR * 3600)
    return (
        (
            "ec2", "describe-reserved-instances-offerings", "--instance-type", share["instance_type"],
            "--product-description", share["platform"] or PLATFORMS["RunInstances"], "--instance-tenancy", "default",
            "--offering-class", "standard", "--offering-type", payment, "--min-duration", seconds, "--max-duration",
            seconds, "--no-include-marketplace", "--filters", "Name=scope,Values=Region",
        ),
        (
            "ec2", "purchase-reserved-instances-offering", "--reserved-instances-offering-id", ID, "--instance-count",
            str(count),
        ),
    )  # fmt: skip


def _rds(share: Mapping[str, Any], years: int, payment: str, count: int) -> tuple[tuple[str, ...], ...]:
    engine = _ENGINES.get(platform_key(share["platform"]), str(share["platform"]).lower())
    return (
        (
            "rds", "describe-reserved-db-instances-offerings", "--db-instance-class", share["instance_type"],
            "--product-description", "postgresql" if engine == "postgres" else engine, "--duration", str(years),
            "--offering-type", payment, "--multi-az" if share["multi_az"] else "--no-multi-az",
        ),
        (
            "rds", "purchase-reserved-db-instances-offering", "--reserved-db-instances-offering-id", ID,
            "--db-instance-count", str(count),
        ),
    )  # fmt: skip


def _cache(share: Mapping[str, Any], years: int, payment: str, count: int) -> tuple[tuple[str, ...], ...]:
    return (
        (
            "elasticache", "describe-reserved-cache-nodes-offerings", "--cache-node-type", share["instance_type"],
            "--product-description", str(share["platform"]).lower(), "--duration", str(years), "--offering-type",
            payment,
        ),
        (
            "elasticache", "purchase-reserved-cache-nodes-offering", "--reserved-cache-nodes-offering-id", ID,
            "--cache-node-count", str(count),
        ),
    )  # fmt: skip


# A number in backticks would end the code block of the message.
def _search(share: Mapping[str, Any], years: int, payment: str, count: int) -> tuple[tuple[str, ...], ...]:
    query = (
        f"ReservedInstanceOfferings[?InstanceType=='{share['instance_type']}' && "
        f"PaymentOption=='{payment.upper().replace(' ', '_')}' && to_string(Duration)=='{years * HOURS_A_YEAR * 3600}']"
    )
    return (
        ("opensearch", "describe-reserved-instance-offerings", "--query", query),
        (
            "opensearch", "purchase-reserved-instance-offering", "--reserved-instance-offering-id", ID,
            "--reservation-name", str(share["instance_type"]).replace(".", "-"), "--instance-count", str(count),
        ),
    )  # fmt: skip


def _warehouse(share: Mapping[str, Any], years: int, payment: str, count: int) -> tuple[tuple[str, ...], ...]:
    query = (
        f"ReservedNodeOfferings[?NodeType=='{share['instance_type']}' && OfferingType=='{payment}' && "
        f"to_string(Duration)=='{years * HOURS_A_YEAR * 3600}']"
    )
    return (
        ("redshift", "describe-reserved-node-offerings", "--query", query),
        (
            "redshift", "purchase-reserved-node-offering", "--reserved-node-offering-id", ID, "--node-count",
            str(count),
        ),
    )  # fmt: skip


_NODES = {
    "AmazonEC2": _ec2,
    "AmazonRDS": _rds,
    "AmazonElastiCache": _cache,
    "AmazonES": _search,
    "AmazonRedshift": _warehouse,
}


def _line(at: Mapping[str, Any], service: str, operation: str, *words: str) -> str:
    region = ("--region", str(at["place"])) if at["place"] else ()
    return shlex.join(["aws", service, operation, *region, *map(str, words)])
