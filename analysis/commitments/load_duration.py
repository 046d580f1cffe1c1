"""The load duration curve: for what share of the hours the load is at least so high, with lines of commitment in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.commitments.usage import Floats

#: Points of a curve that a picture needs.
POINTS = 200


@dataclass(frozen=True, slots=True)
class LoadDuration:
    """A curve and two lines.

    Attributes:
        shares: of the hours, rising from 0 to 1.
        dollars: that the load reaches in that share of the hours, falling; in committed dollars an hour.
        old, new: commitment in dollars an hour, before and with what is thought of.
        hours_used: share of the hours in which the new line is used in full.
    """

    shares: Floats
    dollars: Floats
    old: float
    new: float
    hours_used: float


def load_duration(dollars: Floats, *, new: float, old: float = 0.0, points: int = POINTS) -> LoadDuration:
    """The curve of hourly loads, (hours,) in dollars at the commitment's rates.

    Args:
        dollars: the whole load that the commitment may cover, what the old one covers included.
        new: commitment in dollars an hour with what is thought of, the old one included.
    Raises:
        ValueError: no hours.
    """
    if not len(dollars):
        raise ValueError("a load duration curve needs at least an hour of load")
    shares = np.linspace(0.0, 1.0, points)
    # Of few hours no value between two of them is made up.
    falling = np.quantile(dollars, 1 - shares, method="inverted_cdf")
    return LoadDuration(shares, falling, old, new, float((dollars >= new).mean()))
