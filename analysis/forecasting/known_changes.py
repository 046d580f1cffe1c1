"""What is known about the future: a commitment that ends, an approved saving, a load that comes on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.daily_series import Matrix

COLUMNS = ("key", "date", "change")

#: The key of costs that are forecast together, as facts about them name it.
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class KnownChange:
    """From `date` on, `key` costs `change` dollars a day more; a saving is negative, an end is its opposite."""

    key: str
    date: date
    change: float


Facts = Iterable[KnownChange] | pd.DataFrame


def cumulative_changes(facts: Facts | None, keys: pd.Index[Any], days: pd.DatetimeIndex) -> Matrix:
    """Days × keys: by how many dollars a day all changes up to that day have moved it.

    Raises:
        ValueError: a column is missing, a key has no costs, a day is no date or a change no finite number.
    """
    moved = np.zeros((len(days), len(keys)))
    for fact in _checked(facts):
        place = int(keys.get_indexer(pd.Index([fact.key]))[0])
        if place < 0:
            raise ValueError(f"known change of {fact.key!r}: there are no costs of that key; leave it out")
        moved[np.asarray(days >= pd.Timestamp(fact.date)), place] += fact.change
    return moved


def before_and_after(cost: Matrix, moved: Matrix) -> Matrix:
    """The history as if every change had always been: what a level is learnt from.

    Args:
        cost: days of history × keys.
        moved: `cumulative_changes` of the same days.
    """
    shift = moved[-1] - moved
    changed = np.where(cost >= 0, np.maximum(cost + shift, 0.0), cost + shift)
    return np.where(shift == 0, cost, changed)


def _checked(facts: Facts | None) -> list[KnownChange]:
    if facts is None:
        return []
    listed = _from_frame(facts) if isinstance(facts, pd.DataFrame) else list(facts)
    for fact in listed:
        if pd.isna(pd.Timestamp(fact.date)):
            raise ValueError(f"known change of {fact.key!r}: it has no date; give the first day it counts")
        if not np.isfinite(fact.change):
            raise ValueError(f"known change of {fact.key!r}: {fact.change} is no amount; give dollars a day")
    return listed


def _from_frame(facts: pd.DataFrame) -> list[KnownChange]:
    missing = [name for name in COLUMNS if name not in facts.columns]
    if missing:
        raise ValueError(f"known changes need the columns key, date and change; {missing[0]} is missing")
    columns = [facts[name] for name in COLUMNS]
    return [KnownChange(key, day, float(change)) for key, day, change in zip(*columns, strict=True)]
