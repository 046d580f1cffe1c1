"""How likely a sum ends above an amount, read from the bands of its forecast."""

from __future__ import annotations

import math

import numpy as np

#: Quantiles of the normal distribution at the ends of the bands: 95, 80, the middle, 80, 95 %.
EDGES = (-1.959964, -1.281552, 0.0, 1.281552, 1.959964)
#: Bands this narrow, in dollars, are no bands: the sum is known.
KNOWN = 0.005


def chance_above(amount: float, bands: tuple[float, float, float, float, float]) -> float:
    """The chance that the sum ends above `amount`, 0 to 1.

    Between the ends of the bands the distance is counted in normal quantiles, each side by itself as the bands may
    lean; beyond them it goes on as from the middle to the outer end.

    Args:
        bands: low95, low80, mean, high80, high95 in dollars, in this order.
    """
    low95, _, mean, _, high95 = bands
    if high95 - low95 <= KNOWN:
        return 1.0 if mean > amount else 0.0
    if amount >= high95:
        z = _beyond(amount - mean, high95 - mean)
    elif amount <= low95:
        z = -_beyond(mean - amount, mean - low95)
    else:
        z = float(np.interp(amount, bands, EDGES))
    return 0.5 * math.erfc(z / math.sqrt(2))


def _beyond(distance: float, outer: float) -> float:
    """A distance from the mean in normal quantiles; a side without any width is certain."""
    return EDGES[-1] * distance / outer if outer > 0 else math.inf
