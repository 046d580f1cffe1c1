"""The reservations and Savings Plans the organisation holds: one badly used, one well, one about to end.

They are placed so that AWS's order of application uses them as the ledger says. Nothing else runs in the families of
the reservations and of the plan that is about to end, so what they leave unused nobody could have used. The Compute
plan saves more on the family that it covers than on any other (`pricing_table.PLAN_FAMILIES`), takes all of it, and
belongs to an account that runs nothing a plan covers; so does no usage of the owner's come first.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.aws.ledger_catalogue import COMPUTE, RDS
from bot.demo.aws.organisation import DATA_PLATFORM, MAIN_REGION, MANAGEMENT, PROD, SECOND_REGION


@dataclass(frozen=True, slots=True)
class Commitment:
    """A reservation or a Savings Plan.

    Attributes:
        ends_in_days: days after the clock's start on which its term ends; the term before it was the same.
        hourly: dollars an hour of the whole commitment, upfront part included.
        upfront_share: part of it paid on the first day of the term.
        utilization: share that is used on average; `noise` moves it from day to day.
        on_demand_rate: dollars an hour of what it covers, without it.
        count: reserved instances; 0 for a Savings Plan.
        rate_share: what a covered hour costs, as a share of on demand.
        teams: who uses it; shares add up to 1.
    """

    id: str
    arn: str
    owner_id: str
    user_id: str
    region: str
    service: str
    usage_type: str
    operation: str
    kind: str
    term_years: int
    ends_in_days: int
    hourly: float
    upfront_share: float
    utilization: float
    noise: float
    on_demand_rate: float
    rate_share: float
    count: int
    teams: tuple[tuple[str, float], ...]

    @property
    def is_reservation(self) -> bool:
        return self.count > 0

    @property
    def family(self) -> str:
        """Of an EC2 Instance plan; empty for all others."""
        return self.usage_type.partition(":")[2].partition(".")[0] if self.kind == "EC2Instance" else ""

    @property
    def term_days(self) -> int:
        return 365 * self.term_years

    @property
    def payment_option(self) -> str:
        return {0.0: "No Upfront", 1.0: "All Upfront"}.get(self.upfront_share, "Partial Upfront")

    def term_starts(self, anchor: int) -> tuple[int, int]:
        """First days (ordinals) of the term before this one and of this one."""
        start = anchor + self.ends_in_days - self.term_days
        return start - self.term_days, start


def _plan_arn(owner_id: str, tail: str) -> str:
    return f"arn:aws:savingsplans::{owner_id}:savingsplan/{tail}"


IDLE_RESERVATION = Commitment(
    id="5a1d0f0e-1c22-4d7e-9b57-52d9c2c0a001",
    arn=f"arn:aws:ec2:{MAIN_REGION}:{DATA_PLATFORM.id}:reserved-instances/5a1d0f0e-1c22-4d7e-9b57-52d9c2c0a001",
    owner_id=DATA_PLATFORM.id,
    user_id=DATA_PLATFORM.id,
    region=MAIN_REGION,
    service=COMPUTE,
    usage_type="BoxUsage:r7i.xlarge",
    operation="RunInstances",
    kind="r7i.xlarge",
    term_years=1,
    ends_in_days=65,
    hourly=12 * 0.159,
    upfront_share=0.0,
    utilization=0.60,
    noise=0.01,
    on_demand_rate=0.2646,
    rate_share=0.159 / 0.2646,
    count=12,
    teams=(("data", 1.0),),
)
DATABASE_RESERVATION = Commitment(
    id="ri-2025-orders",
    arn=f"arn:aws:rds:{MAIN_REGION}:{PROD.id}:ri:ri-2025-orders",
    owner_id=PROD.id,
    user_id=PROD.id,
    region=MAIN_REGION,
    service=RDS,
    usage_type="InstanceUsage:db.r6g.large",
    operation="CreateDBInstance:0014",
    kind="db.r6g.large",
    term_years=1,
    ends_in_days=165,
    hourly=4 * 0.164,
    upfront_share=1.0,
    utilization=0.995,
    noise=0.002,
    on_demand_rate=0.225,
    rate_share=0.164 / 0.225,
    count=4,
    teams=(("payments", 1.0),),
)
COMPUTE_PLAN = Commitment(
    id="c3d1a2b4-7e61-4f9a-8a53-0f6b1d2e9a01",
    arn=_plan_arn(MANAGEMENT.id, "c3d1a2b4-7e61-4f9a-8a53-0f6b1d2e9a01"),
    owner_id=MANAGEMENT.id,
    user_id=PROD.id,
    region=MAIN_REGION,
    service=COMPUTE,
    usage_type="BoxUsage:m6a.xlarge",
    operation="RunInstances",
    kind="Compute",
    term_years=3,
    ends_in_days=595,
    hourly=4.2,
    upfront_share=0.0,
    utilization=1.0,
    noise=0.0,
    on_demand_rate=0.1728,
    rate_share=0.56,
    count=0,
    teams=(("payments", 0.42), ("search", 0.33), ("growth", 0.15), ("", 0.10)),
)
ENDING_PLAN = Commitment(
    id="e7b9c0d1-2f34-4a6b-9c8d-7e6f5a4b3c02",
    arn=_plan_arn(PROD.id, "e7b9c0d1-2f34-4a6b-9c8d-7e6f5a4b3c02"),
    owner_id=PROD.id,
    user_id=PROD.id,
    region=SECOND_REGION,
    service=COMPUTE,
    usage_type="EUW1-BoxUsage:c5n.2xlarge",
    operation="RunInstances",
    kind="EC2Instance",
    term_years=1,
    ends_in_days=20,
    hourly=1.6,
    upfront_share=0.5,
    utilization=0.94,
    noise=0.006,
    on_demand_rate=0.488,
    rate_share=0.66,
    count=0,
    teams=(("search", 0.7), ("platform", 0.3)),
)
COMMITMENTS = (IDLE_RESERVATION, DATABASE_RESERVATION, COMPUTE_PLAN, ENDING_PLAN)
COMMITMENTS_BY_ARN = {commitment.arn: commitment for commitment in COMMITMENTS}
