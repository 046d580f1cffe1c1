"""Small ways to say of every part at once which word or factor applies to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.ledger_noise import Floats

Mask = NDArray[np.bool_]


def words(choices: Mapping[str, Any], default: str | None = None) -> NDArray[np.object_]:
    """The first word whose mask is true, else the default, for each element of the masks."""
    masks = {word: np.asarray(mask, dtype=np.bool_) for word, mask in choices.items()}
    chosen = np.full(next(iter(masks.values())).size, default, dtype=object)
    for word, mask in reversed(masks.items()):
        chosen[mask] = word
    return chosen


def one_where(mask: Any) -> Floats:
    """1 where the mask is true, else NaN, which DuckDB reads as NULL."""
    return np.where(np.asarray(mask, dtype=np.bool_), 1.0, np.nan)
