"""What AWS proposes: the commitment that would have saved most over the last days, as if they came again.

Source: AWS, "Understanding your recommendations" of Savings Plans: look-back of 7, 30 or 60 days, hour by hour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.commitments.objective import Step, best_amount
from analysis.commitments.purchase_mix import Limits, best_mix
from analysis.commitments.scenarios import Scenarios
from analysis.commitments.usage import Floats

LOOK_BACK_DAYS = 30


def best_over_look_back(spend: Floats, order: Sequence[Step], offers: int, *, days: int = LOOK_BACK_DAYS) -> Floats:
    """The amounts of all offers together, dollars an hour, (offers,); more than AWS does, which looks at each alone.

    Args:
        spend: on-demand dollars of the past, (groups, hours).
    """
    recent = spend[:, -days * 24 :]
    hours = recent.shape[1]
    known = Scenarios(recent[:, None, :], np.ones(hours), np.zeros(hours, dtype=np.int64))
    return best_mix(known, order, offers, Limits(None))


def alone_over_look_back(spend: Floats, step: Step, *, days: int = LOOK_BACK_DAYS) -> float:
    """The amount of one offer, as AWS proposes it."""
    recent = spend[step.groups, -days * 24 :]
    return best_amount(recent * step.ratios[:, None], 1 / step.ratios, np.ones(recent.shape[1]))
