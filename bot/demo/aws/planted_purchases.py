"""What the checks on purchases must say of the organisation's loads, as literals; see `planted` for the rest.

Of a clock that starts on 20 November 2026 with seed 7, with the hours of an export of August to November.
"""

from __future__ import annotations

from typing import NamedTuple


class Load(NamedTuple):
    """A part of the usage on demand: dollars an hour, and what AWS's method would have bought for it."""

    name: str
    verdict: str
    recent: float
    before: float
    aws_hourly: float
    promised: float
    at_recent: float


# A table reads by rows.
# fmt: off
LOADS: tuple[Load, ...] = (
    # Falls by a third in the second week before the start: nothing is bought for it.
    Load("EC2 c5 in eu-west-1", "conflict", 0.78, 1.05, 0.58, 197.17, 142.25),
)
#: What stands as it did.
STEADY: tuple[str, ...] = (
    "EC2 m5 in us-east-1", "EC2 r5 in us-east-1", "EC2 c5 in us-east-1", "RDS db.r5 in us-east-1",
    "RDS db.m5 in us-east-1",
)
# fmt: on
