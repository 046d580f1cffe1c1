"""Reservations, before any Savings Plan: zonal before regional, the owner's account before the organisation.

A flexible reservation covers the smallest size first, by normalised units. AWS does not say which of several
reservations of one kind comes first: here the one whose id does, which moves dollars between them but none in total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.commitments.apply_matching import Matching, units
from analysis.commitments.apply_spreading import Indices, Remaining, Share, cover
from analysis.commitments.usage import Floats, Reservation


def apply_reservations(
    remaining: Remaining, matching: Matching, reservations: Sequence[Reservation], *, shared: bool
) -> list[Share]:
    """Cover what is left by reservations.

    Returns:
        One for each reservation, in their order; its budget is in normalised units or in hours, as `capacity` is.
    """
    hours = remaining.quantity.shape[1]
    shares = [
        Share.fresh(capacity(matching, one) * running(one.active, hours), len(matching.units)) for one in reservations
    ]
    for index, lines, weight in reservation_steps(matching, reservations, shared=shared):
        if shares[index].budget.any():
            cover(remaining, shares[index], lines, weight)
    return shares


def reservation_steps(
    matching: Matching, reservations: Sequence[Reservation], *, shared: bool
) -> Iterator[tuple[int, Indices, float]]:
    """In AWS's order: a reservation's place, lines that it covers together, what a unit takes of its capacity."""
    fits = [matching.lines(one) for one in reservations]
    for index, own in _passes(matching, reservations, shared=shared):
        one, lines, weights = reservations[index], fits[index], matching.weights(reservations[index])
        if own:
            lines = lines & (matching.accounts == one.owner_id) & (one.owner_id != "")
        for weight in np.unique(weights[lines]):  # the smallest size first
            yield index, np.flatnonzero(lines & (weights == weight)), float(weight)


def capacity(matching: Matching, reservation: Reservation) -> float:
    """What it covers in an hour: normalised units if it is flexible, else hours of its own type."""
    return reservation.count * (units(reservation) if matching.is_flexible(reservation) else 1.0)


def running(active: NDArray[np.bool_] | None, hours: int) -> Floats:
    """1 in hours in which a commitment runs, else 0."""
    return np.ones(hours) if active is None else active.astype(np.float64)


def _passes(matching: Matching, reservations: Sequence[Reservation], *, shared: bool) -> list[tuple[int, bool]]:
    """Each step as a reservation and whether it covers its owner's usage alone.

    An exact reservation comes before a flexible one: they differ in platform, so that it only matters to lines whose
    platform is not known.
    """
    order = sorted(
        range(len(reservations)), key=lambda at: (matching.is_flexible(reservations[at]), reservations[at].id)
    )
    zonal = [at for at in order if reservations[at].zone]
    regional = [at for at in order if not reservations[at].zone]
    whose = (True, False) if shared else (True,)
    return [(at, own) for group in (zonal, regional) for own in whose for at in group]
