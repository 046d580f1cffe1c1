"""Charges and rules for tests of allocation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pandas import DataFrame

from analysis.allocation import Allocation, Dimension, Match, Rules, Shared, Split

PROD, DATA, SANDBOX = "111122223333", "777788889999", "222233334444"
EC2, S3 = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service"


def charge(cost: float, team: str = "", **changed: Any) -> dict[str, Any]:
    """A usage row of a billing export."""
    known = {
        "service_name": EC2,
        "account": PROD,
        "usage_type": "BoxUsage:m5.large",
        "charge_category": "Usage",
        "tag:team": team,
        "cost": cost,
    }
    return known | changed


def charges(*rows: Mapping[str, Any]) -> DataFrame:
    return DataFrame(list(rows), columns=list(charge(0.0)) if not rows else None)


def owner(account: str, **owners: str) -> dict[str, dict[Dimension, str]]:
    """The file's entry of an account."""
    return {account: {Dimension(name): value for name, value in owners.items()}}


def shared(split: str = "even", *, name: str = "pool", among: tuple[str, ...] = (), **match: Any) -> Shared:
    """A shared cost; by default of network usage."""
    shares = match.pop("shares", {})
    return Shared(
        name,
        Match(**(match or {"usage": ("NatGateway",)})),
        Split(split),
        among,
        {team: Fraction(percent, 100) for team, percent in shares.items()},
    )


def dollars(found: Allocation) -> dict[str, float]:
    """Each owner's total."""
    return {share.owner: share.cents / 100 for share in found.shares}


def rules(**changed: Any) -> Rules:
    return Rules(**changed)
