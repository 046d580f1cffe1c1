"""The middles of up to six costs of one weekday, for many keys and days at once.

numpy sorts each column by itself; comparing whole rows with each other (a sorting network) is several times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Values

#: Same weekdays looked back on. Six smooth noise well and still forget an old habit within a month.
WEEKS = 6

#: Rows that are put in order one after another: the shortest network for six.
_COMPARED = ((0, 5), (1, 3), (2, 4), (1, 2), (3, 4), (0, 3), (2, 5), (0, 1), (2, 3), (4, 5), (1, 2), (3, 4))


@dataclass(frozen=True, slots=True)
class Ordered:
    """`rows` rise from the lowest, infinite where fewer than six are known; `known` counts them."""

    rows: list[Values]
    known: NDArray[np.int8]

    @classmethod
    def of(cls, weeks: Values) -> Ordered:
        """Weeks × …, NaN where a cost is not known."""
        unknown = np.isnan(weeks)
        # Few enough to be counted in a byte, which is several times as fast.
        known = np.int8(len(weeks)) - np.add.reduce(unknown, axis=0, dtype=np.int8)
        rows = list(np.where(unknown, np.inf, weeks))
        rows += [np.full(weeks.shape[1:], np.inf)] * (WEEKS - len(rows))
        for low, high in _COMPARED:
            lower = np.minimum(rows[low], rows[high])
            np.maximum(rows[low], rows[high], out=rows[high])
            rows[low] = lower
        return cls(rows, known)

    @property
    def low_middle(self) -> Values:
        """The third of six, the second of five and four, the lowest of fewer; NaN below two."""
        low = np.where(self.known >= 6, self.rows[2], np.where(self.known >= 4, self.rows[1], self.rows[0]))
        return np.where(self.known >= 2, low, np.nan)

    @property
    def high_middle(self) -> Values:
        """The same from above."""
        high = np.where(self.known >= 5, self.rows[3], np.where(self.known >= 3, self.rows[2], self.rows[1]))
        return np.where(self.known >= 2, high, np.nan)
