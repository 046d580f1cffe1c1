"""Amounts as AWS sells them: plans by a tenth of a cent an hour, reservations by whole instances of one type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pandas import DataFrame

from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.units import deployment_factor
from analysis.commitments.usage import Floats

#: The least that AWS sells of a plan, dollars an hour.
LEAST = 0.001
#: What adding up leaves between a whole number and its sum.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Piece:
    """One instance of a reservation: its type, its dollars an hour, and whether it has a standby."""

    instance_type: str
    hourly: float
    is_multi_az: bool = False


def piece(offer: Offer, lines: DataFrame) -> Piece | None:
    """What a reservation is bought in: the smallest instance in use, which its sizes are rounded best with.

    Args:
        lines: columns `LINES`, the rows of the offer's rates.
    Returns:
        None of a plan.
    """
    if offer.kind != RESERVED or not np.isfinite(offer.rates).any():
        return None
    # The rate of a size rises with its units: the cheapest is the smallest.
    line = int(np.nanargmin(offer.rates))
    return Piece(
        str(lines["instance_type"].iloc[line]),
        float(offer.rates[line]),
        deployment_factor(str(lines["usage_type"].iloc[line])) == 2.0,
    )


def counted(hourly: float, of: Piece) -> int:
    """Whole instances that so many dollars an hour buy."""
    return int(np.floor(hourly / of.hourly + _ROUNDING))


def sold(amounts: Floats, offers: Sequence[Offer], lines: DataFrame) -> Floats:
    """Amounts rounded down to what is sold, dollars an hour, (offers,)."""
    found = np.floor(amounts / LEAST + _ROUNDING) * LEAST
    for n, offer in enumerate(offers):
        one = piece(offer, lines)
        if one is not None:
            found[n] = counted(float(amounts[n]), one) * one.hourly
    return found
