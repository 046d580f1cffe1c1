"""What is worth anybody's time: dollars and per cent must both pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.daily_series import Row


@dataclass(frozen=True, slots=True)
class Materiality:
    """The least that matters, per day.

    `min_impact` dollars and `min_pct` (0.20 is 20 %) from expectation; a new key matters from `min_new` dollars a day.
    """

    min_impact: float = 10.0
    min_pct: float = 0.20

    @property
    def min_new(self) -> float:
        """One and a half times the impact that matters elsewhere: a new key has no expectation to be held against."""
        return 1.5 * self.min_impact

    def gate(self, expected: Row) -> Row:
        """Dollars from `expected` that pass both."""
        return np.maximum(self.min_impact, self.min_pct * np.abs(expected))
