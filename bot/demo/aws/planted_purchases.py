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
#: Of the databases that a Database plan covers, `db.r7g` with MySQL: dollars a month that a plan of one year without
#: upfront payment saves, and reservations on the same terms; dollars an hour on demand. By twenty scenarios of
#: costbot's, and by AWS's method on 30 days.
DATABASES: dict[str, float] = {"plan": 179.9061, "reservations": 245.6654, "on demand": 1.3675}
ESTIMATED: dict[str, float] = {"plan": 199.0403, "reservations": 367.5076, "on demand": 1.3675}
#: What a dollar an hour of such a plan would bring, by all scenarios.
WHAT_IF = (
    "$1.00 an hour more for a Database Savings Plan (1 year, No Upfront) would save $153 a month; eight in ten "
    "outcomes lie between $99.22 and $183. By AWS's method, the best of the last 30 days as if they came again, it "
    "would be $1.09 an hour."
)
