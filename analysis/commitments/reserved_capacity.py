"""What DynamoDB's reserved capacity costs, and how much of it would have saved: a hundred units at a time.

Reserved capacity is bought for reads or writes of one region, partly upfront, and covers provisioned units of tables of
the Standard class: no replicated writes, no on-demand requests. AWS's Price List API is not asked for it: prices are
shipped with their date, and count only where the on-demand price beside them is still the bill's own.
Sources: AWS, DynamoDB developer guide, "Reserved capacity"; prices: AWS Labs, amazon-dynamodb-tools, reco 1.1.4.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

HOURS_A_YEAR = 8760
#: Units of one purchase.
BLOCK = 100
#: When AWS Labs last changed the prices, and who says so.
PRICE_DATE = date(2024, 11, 20)
PRICE_SOURCE = "AWS Labs, amazon-dynamodb-tools, reserved capacity"
#: Share by which the bill's own price of a unit may differ from the one beside the reserved price.
MOST_APART = 0.02

_FILE = Path(__file__).parents[1] / "data" / "dynamodb_reserved.csv"


@dataclass(frozen=True, slots=True)
class CapacityRate:
    """Dollars of one unit (reads or writes) in a region and a term.

    Attributes:
        on_demand: an hour, provisioned without a reservation.
        upfront: on the day it is bought. hourly: an hour of the term beside it.
    """

    years: int
    on_demand: float
    upfront: float
    hourly: float

    @property
    def reserved(self) -> float:
        """An hour of the term, upfront part included."""
        return self.hourly + self.upfront / (HOURS_A_YEAR * self.years)

    def is_of(self, billed: float) -> bool:
        """Whether a bill that charges so much an hour for a unit pays the price that this one is compared with."""
        return bool(abs(billed / self.on_demand - 1) <= MOST_APART)


@cache
def capacity_rates() -> dict[tuple[str, str, int], CapacityRate]:
    """By region, `read` or `write`, and years; a region or term that is not listed has none."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["region"], row["unit"], int(row["years"])): CapacityRate(
                int(row["years"]),
                float(row["on_demand_usd"]),
                float(row["upfront_usd"]) / BLOCK,
                float(row["hourly_usd"]) / BLOCK,
            )
            for row in csv.DictReader(file)
        }


@dataclass(frozen=True, slots=True)
class Reserve:
    """A purchase and what it would have saved.

    Attributes:
        units: whole blocks. used: mean share of them that usage took, 0 to 1.
        saving: dollars a month, upfront part spread over the term.
    """

    units: int
    used: float
    saving: float


def reserve(units_by_day: Sequence[float], rate: CapacityRate, *, floor: float) -> Reserve:
    """As many whole blocks as the usage of its quiet days fills, and what they would have saved on all days.

    Args:
        units_by_day: mean units an hour on demand of each day.
        floor: share of days (0 to 1) that may have used less.
    """
    days = np.asarray(units_by_day, dtype="float64")
    units = int(np.quantile(days, floor) // BLOCK) * BLOCK
    if not units:
        return Reserve(0, 0.0, 0.0)
    taken = float(np.minimum(days, units).mean())
    return Reserve(units, taken / units, (taken * rate.on_demand - units * rate.reserved) * HOURS_A_YEAR / 12)
