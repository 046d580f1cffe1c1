"""What keys used to cost on the days that follow, by their last four weeks: to know a key again after a change.

Plainer than a baseline: it serves keys that are not walked together, and days whose history must not be learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.daily_series import Mask, Matrix, Row

#: Weeks looked back on, and the days after them that are told.
WEEKS, DAYS = 4, 3

#: How far the newest week may be from the four.
MAX_LEVEL = 1.5


@dataclass(frozen=True, slots=True)
class UsualDays:
    """`cost` is days × keys in dollars, `mean` dollars a day; `sigma` the robust spread of a day as a share.

    `known` keys have a cost on every day of the four weeks and a real one on most of them; others say nothing.
    """

    cost: Matrix
    mean: Row
    sigma: Row
    known: Mask


def usual_days(before: Matrix) -> UsualDays:
    """What the `DAYS` days after `before` used to cost.

    Args:
        before: the last `7 * WEEKS` days × keys, NaN where a day is not known.
    """
    weeks = before.reshape(WEEKS, 7, -1)
    known = ~np.isnan(weeks).any(axis=(0, 1)) & ((weeks > 0.01).mean(axis=(0, 1)) >= 0.5)
    weeks = np.where(known, weeks, 1.0)
    middle = np.median(weeks, axis=0)
    total = middle.sum(axis=0)
    known &= total > 0.01
    level = weeks.sum(axis=1) / np.where(total > 0.01, total, 1.0)
    expected = middle * level[:, None]
    unit = np.maximum(np.abs(expected), 0.25 * middle.mean(axis=0))
    sigma = 1.4826 * np.median((np.abs(weeks - expected) / np.maximum(unit, 0.01)).reshape(7 * WEEKS, -1), axis=0)
    newest = np.clip(level[-1], 1 / MAX_LEVEL, MAX_LEVEL)
    return UsualDays(middle[:DAYS] * newest, middle.mean(axis=0), sigma, known)
