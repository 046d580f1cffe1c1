"""What the checks must say of the organisation's commitments, as literals; see `planted` for the rest.

Of a clock that starts on 20 November 2026 with seed 7: how far a commitment is used differs from day to day, so dollars
of the last days do too. As Cost Explorer tells them, whose newest two days are left out.
"""

from __future__ import annotations

from bot.demo.aws.planted_database import Row
from bot.demo.aws.resources_model import Kind

# A table reads by rows.
# fmt: off
COMMITMENTS: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "commitments.reservation_utilization", Kind.COMMITMENT, (
            ("12 × r7i.xlarge", "saves", 552.66, "12 × r7i.xlarge, 60 % utilized", "all hours used, or sold",
             "40 % of 12 hours at $0.159 stand unused in every hour"),
            ("4 × db.r6g.large", "fine", None, "4 × db.r6g.large", None, "99.5 % utilized"),
        ),
    ),
    (
        "commitments.reservation_ending", Kind.COMMITMENT, (
            ("12 × r7i.xlarge", "fine", None, "12 × r7i.xlarge", None, "ends in 65 days"),
            ("4 × db.r6g.large", "fine", None, "4 × db.r6g.large", None, "ends in 165 days"),
        ),
    ),
    (
        "commitments.plan_utilization", Kind.COMMITMENT, (
            ("Compute Savings Plan", "fine", None, "Compute Savings Plan", None, "100 % utilized"),
        ),
    ),
    (
        "commitments.plan_ending", Kind.COMMITMENT, (
            ("Compute Savings Plan $4.20/h", "fine", None, "Compute Savings Plan", None, "ends in 595 days"),
        ),
    ),
)

#: What is to be looked at and saves nothing by itself: check, name, dollars a month, and what the reason must say.
NOTICES: tuple[tuple[str, str, float, str], ...] = (
    ("commitments.plan_ending", "EC2 Instance Savings Plan c5n $1.60/h", 1168.0,
     "Ends in 20 days, on Dec 10, 2026: the bill rises by $499.93 a month"),
    ("commitments.plan_utilization", "EC2 Instance Savings Plan", 67.16,
     "Utilization 94.2 % in 7 days: $67.16 a month is paid for nothing"),
    ("commitments.coverage_gap", "what Savings Plans could cover", 27172.12,
     "Coverage 21 % of what never stops: $27,172.12 a month of it runs on demand"),
)
# fmt: on
