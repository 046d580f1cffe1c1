"""Purchases spread over quarters, so that no quarter sees more than a set share of the commitment end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Share of all commitment, owned and new, that may end in one quarter.
SHARE = 0.25
#: Below this the rest is bought at once: dollars an hour, the least that AWS sells of a plan.
_LEAST = 0.001


@dataclass(frozen=True, slots=True)
class Rung:
    """One purchase: in which quarter from now (0 is now), of how many dollars an hour."""

    quarter: int
    hourly: float


def ladder(hourly: float, *, years: int, owned_ends: Sequence[float] = (), share: float = SHARE) -> list[Rung]:
    """The purchases that come to `hourly`, the first as large and as early as the share allows.

    A rung ends `4 * years` quarters after it is bought. Rungs after the first are intentions: each is worked out anew
    when its quarter comes. Where every quarter of the term is full, what is left is spread over all of them alike.

    Args:
        hourly: dollars an hour to buy in the end.
        owned_ends: dollars an hour of what is owned that end in each quarter from now.
        share: at most this share of owned and new together may end in a quarter.
    Raises:
        ValueError: a share that is not above 0 and at most 1, or a negative amount.
    """
    if not 0 < share <= 1 or hourly < 0:
        raise ValueError(f"share {share} must be above 0 and at most 1, and hourly {hourly} at least 0")
    quarters = 4 * years
    ending = np.zeros(quarters)
    owned = np.asarray(owned_ends, dtype=float)
    later = owned[quarters : 2 * quarters]
    ending[: len(later)] = later
    room = np.maximum(share * (hourly + owned.sum()) - ending, 0.0)
    before = np.concatenate([[0.0], np.cumsum(room)[:-1]])
    bought = np.clip(hourly - before, 0.0, room)
    bought += max(hourly - bought.sum(), 0.0) / quarters
    kept = np.where(bought >= _LEAST, bought, 0.0)
    if kept.any():
        kept[np.flatnonzero(kept)[-1]] += bought.sum() - kept.sum()
    return [Rung(int(quarter), float(kept[quarter])) for quarter in np.flatnonzero(kept)]


def largest_end(rungs: Sequence[Rung], *, years: int, owned_ends: Sequence[float] = ()) -> float:
    """The largest share of all commitment that ends in one quarter from the first rung's end on; 0 of none."""
    quarters = 4 * years
    owned = np.asarray(owned_ends, dtype=float)
    ends = np.zeros(max(2 * quarters, len(owned)))
    ends[: len(owned)] = owned
    for rung in rungs:
        ends[rung.quarter + quarters] += rung.hourly
    total = ends.sum()
    return float(ends[quarters:].max() / total) if total > 0 else 0.0
