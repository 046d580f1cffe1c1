"""What the checks must say of idle resources that a commitment pays, and what is left of it; see `planted`.

Three commitments, three answers: storage is left of what a reservation covers, nothing of what a plan of one family
covers, and all of it where other usage takes the plan up. Dollars are 730 hours at what the organisation pays.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.aws.planted_database import Row
from bot.demo.aws.resources_model import Kind

# A table reads by rows.
# fmt: off
COVERED: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "rds.idle_instance", Kind.DATABASE, (
            ("orders-archive", "saves", 211.72, "db.r6g.large", "deleted",
             "0 connections in 14 days: 119.72 of a reservation, and 92.00 of storage"),
        ),
    ),
    (
        "ec2.idle_instance", Kind.INSTANCE, (
            ("eu-reindexer", "saves", 235.1184, "running, c5n.2xlarge", "stopped",
             "CPU at 1 %: 730 × 0.32208 of a plan"),
            ("quote-cache", "saves", 70.64064, "running, m6a.xlarge", "stopped",
             "CPU at 1 %: 730 × 0.096768 of a plan"),
        ),
    ),
    (
        "ec2.rightsizing", Kind.INSTANCE, (
            ("eu-reindexer", "insufficient", None, "c5n.2xlarge", None, "no CloudWatch agent: its memory may be full"),
            ("quote-cache", "insufficient", None, "m6a.xlarge", None, "no CloudWatch agent: its memory may be full"),
        ),
    ),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class AfterCommitments:
    """What a saving shows once its commitment is paid.

    Attributes:
        before, left: dollars a month, without a look at commitments and with one; `left` 0 of a notice.
        says: of the commitment, in the saving's own words.
    """

    name: str
    before: float
    left: float
    is_notice: bool
    says: str


# fmt: off
#: Of a clock that starts on 20 November 2026 with seed 7, with the hours of an export of November.
AFTER: tuple[AfterCommitments, ...] = (
    AfterCommitments(
        "orders-archive", 211.72, 92.00, False,
        "At your own rates $211.72 a month; after your commitments $92.00: the reservation of 4 × db.r6g.large covers "
        "it; nothing of what it frees is taken up by other usage, the rest is paid for nothing until May 4, 2027; from "
        "then on it is saved too.",
    ),
    AfterCommitments(
        "eu-reindexer", 235.1184, 0.0, True,
        "At your own rates $235.12 a month; after your commitments $0.00: the EC2 Instance Savings Plan c5n $1.60/h "
        "covers it; nothing of what it frees is taken up by other usage, the rest is paid for nothing until Dec 10, "
        "2026; from then on it is saved too.",
    ),
    AfterCommitments(
        "quote-cache", 70.64064, 70.64064, False,
        "At your own rates $70.64 a month, and as much after your commitments: the Compute Savings Plan $4.20/h covers "
        "it, and all that it frees is taken up by other usage.",
    ),
)
# fmt: on
