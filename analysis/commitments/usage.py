"""Usage by the hour that commitments may cover, and the commitments themselves, as arrays over hours and lines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, DatetimeIndex

Floats = NDArray[np.float64]

#: What is known of a line of usage; a row per line.
LINES: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "service": "str",  # AWS's code: AmazonEC2, AmazonRDS, AWSLambda, AmazonECS ...
    "usage_type": "str",  # as the bill has it, with the region's prefix
    "instance_type": "str",  # empty for what is no instance
    "platform": "str",  # Linux/UNIX, Windows, MySQL ...; empty where it is not known
    "units": "float64",  # normalised units of one instance; missing for what has no size
    "on_demand": "float64",  # dollars a unit of quantity without any commitment
    "zone": "str",  # availability zone; empty, or no such column, where it is not known
}

#: Kinds of Savings Plans as `DescribeSavingsPlans` names them.
PLAN_KINDS = ("Compute", "EC2Instance", "Database", "SageMaker")


@dataclass(frozen=True, slots=True)
class HourlyUsage:
    """Usage at its on-demand quantities, before any commitment.

    Attributes:
        hours: starts of hours, UTC, ascending, without repeats.
        lines: columns `LINES`.
        quantity: (hours, lines); instance hours or the unit of the line's price, never negative.
    """

    hours: DatetimeIndex
    lines: DataFrame
    quantity: Floats

    @property
    def on_demand(self) -> Floats:
        """Dollars without any commitment, (hours, lines)."""
        dollars: Floats = self.quantity * self.lines["on_demand"].to_numpy()
        return dollars


@dataclass(frozen=True, slots=True)
class Plan:
    """A Savings Plan, owned or thought of.

    Attributes:
        owner_id: its account; "" for one that no account's usage comes first for.
        family: of an EC2 Instance plan, with `region`; else "".
        hourly: the commitment, dollars an hour, upfront part included.
        rates: dollars a unit of each line's quantity under the plan, (lines,); missing where it covers nothing.
        active: hours in which the plan runs, (hours,) of bool; None for all.
    """

    id: str
    kind: str
    owner_id: str
    hourly: float
    rates: Floats
    region: str = ""
    family: str = ""
    active: NDArray[np.bool_] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Reserved instances or nodes of one purchase.

    Attributes:
        zone: of a zonal reservation, which has no size flexibility; "" for a regional one.
        hourly: dollars an hour of all of them, upfront part included.
        is_flexible: covers other sizes of its family by normalised units (regional, Linux, default tenancy; RDS
            except licence-included engines).
        multi_az: of a database with a standby; one that is flexible covers Single-AZ databases too, and the reverse.
        tenancy: "dedicated" covers dedicated instances, anything else those of default tenancy.
    """

    id: str
    owner_id: str
    service: str
    region: str
    instance_type: str
    platform: str
    count: int
    hourly: float
    is_flexible: bool
    zone: str = ""
    active: NDArray[np.bool_] | None = field(default=None)
    multi_az: bool = False
    tenancy: str = "default"
