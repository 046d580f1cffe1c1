"""Randomness without state: a number depends only on (seed, name, day), never on what was drawn before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def keys(seed: int, names: Sequence[str]) -> NDArray[np.uint64]:
    """One 64-bit key per name."""
    digests = (hashlib.blake2b(f"{seed}\x1f{name}".encode(), digest_size=8).digest() for name in names)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)


def uniform(key: NDArray[np.uint64], days: Days, stream: int = 0) -> Floats:
    """Numbers in (0, 1), a row per key and a column per day (its ordinal)."""
    offset = days.astype(np.uint64) + np.uint64(stream) * np.uint64(1 << 32)
    with np.errstate(over="ignore"):
        mixed = _mix(key[:, None] + _GOLDEN * offset[None, :])
    drawn: Floats = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / float(1 << 53)
    return drawn


def gaussian(key: NDArray[np.uint64], days: Days) -> Floats:
    """Standard normal numbers (Box-Muller), cut at three standard deviations."""
    radius = np.sqrt(-2.0 * np.log(uniform(key, days, 1)))
    drawn: Floats = np.clip(radius * np.cos(2.0 * np.pi * uniform(key, days, 2)), -3.0, 3.0)
    return drawn


def wobble(key: NDArray[np.uint64], days: Days) -> Floats:
    """A slow curve around 0 within about ±1: three waves of 24 to 70 days."""
    waves = np.zeros((key.size, days.size))
    nowhere = np.zeros(1, dtype=np.int64)
    for wave in range(3):
        period = 24.0 + 46.0 * uniform(key, nowhere, 10 + wave)
        phase = uniform(key, nowhere, 20 + wave)
        waves += np.sin(2.0 * np.pi * (days[None, :] / period + phase))
    return waves / 3.0


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
