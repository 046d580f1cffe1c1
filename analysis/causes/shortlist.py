"""The fewest lines that say most of a change, and the level of detail at which they are fewest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame

#: Share of a change that the lines shown first must explain.
SHARE = 0.8
#: Lines that a person reads.
MOST = 5
#: A total that is smaller than this share of what moved in it is flat: rises and falls hide each other.
FLAT = 0.1
#: A level at which less than this share of the movement is left has summed rises and falls away.
CANCELLED = 0.5
#: A line against the change is worth showing from this share of it on.
AGAINST = 0.2

#: Levels of detail, the finest first; the kind of charge belongs to each.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("account", "region", "service", "usage_type", "tag"),
    ("account", "region", "service", "usage_type"),
    ("account", "service", "usage_type"),
    ("service", "usage_type"),
    ("account", "service"),
    ("service",),
    ("account",),
)
#: Levels that show moves between accounts and services, however small the lines are that they are made of.
_COARSE = (("account", "service"), ("service",), ("account",))


def swing(lines: DataFrame) -> float:
    """How much moved, up and down, between accounts and services.

    Args:
        lines: columns of all levels, category and change.
    """
    return max((_gross(_changes(lines, level)) for level in _COARSE), default=0.0)


def is_flat(total: float, moved: float) -> bool:
    """Whether a change is nothing beside what moved up and down in it."""
    return abs(total) < FLAT * moved


def level_of(lines: DataFrame, total: float, levels: Sequence[tuple[str, ...]] = LEVELS) -> tuple[str, ...]:
    """The finest level at which at most `MOST` lines explain `SHARE` of the change; else the one with the fewest.

    A level at which rises and falls have summed each other away explains nothing and is left out; so is one that only
    says the service or the account where all is in one.
    """
    moved = swing(lines)
    fewest: tuple[int, tuple[str, ...]] | None = None
    for level in levels:
        changes = _changes(lines, level)
        is_one = level in _COARSE and np.count_nonzero(changes) < 2
        if is_one or _gross(changes) < CANCELLED * moved:
            continue
        count = len(leading(changes, total, moved))
        if count <= MOST:
            return level
        if fewest is None or count < fewest[0]:
            fewest = count, level
    return fewest[1] if fewest else levels[0]


def leading(changes: NDArray[np.float64], total: float, moved: float) -> list[int]:
    """The shortest set of lines that explains `SHARE` of a change, the largest first.

    Of a change they are those that moved with it; of a flat total, those that moved most, whichever way.

    Args:
        changes: each line's change.
        total: what they add up to, or should.
        moved: as `swing` gives it.
    """
    flat = is_flat(total, moved)
    size = np.abs(changes) if flat else np.sign(total) * changes
    wanted = SHARE * (_gross(changes) if flat else abs(total))
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > 0]
    if not len(order) or wanted <= 0:
        return []
    enough = int(np.searchsorted(np.cumsum(size[order]), wanted * (1 - 1e-12)))
    return [int(at) for at in order[: enough + 1]]


def against(changes: NDArray[np.float64], total: float, moved: float) -> list[int]:
    """Lines that moved against a change and are not small beside it, the largest first; none of a flat total."""
    if is_flat(total, moved):
        return []
    size = -np.sign(total) * changes
    order = np.argsort(-size, kind="stable")
    return [int(at) for at in order if size[at] >= AGAINST * abs(total) and size[at] > 0][:MOST]


def _changes(lines: DataFrame, level: Sequence[str]) -> NDArray[np.float64]:
    return lines.groupby([*level, "category"], sort=True)["change"].sum().to_numpy(dtype=float)


def _gross(changes: NDArray[np.float64]) -> float:
    return float(np.abs(changes).sum())
