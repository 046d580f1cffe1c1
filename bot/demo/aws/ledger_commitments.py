"""Reservations and Savings Plans: what they cost, what they cover, what of them is wasted.

As AWS books them. Reservation: covered usage costs nothing unblended, the fee falls on the first of the month (or all
of it upfront); amortised, the covered usage carries its share of the fee and the fee line only the unused rest.
Savings Plan: covered usage stands at its on-demand price and a negation takes it off again; the commitment is charged
by the hour; amortised, the covered usage carries the plan's rate and the fee line only the unused rest. Over a whole
term both views add up to the same dollars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bot.demo.aws.ledger_catalogue import COMPUTE, RDS
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats, gaussian, keys
from bot.demo.aws.organisation import DATA_PLATFORM, GLOBAL, MAIN_REGION, MANAGEMENT, PROD, SECOND_REGION
from bot.demo.aws.record_types import RecordType

SAVINGS_PLANS = "Savings Plans for AWS Compute usage"

Row = tuple[Line, Floats, Floats, Floats]


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
    owner_id=DATA_PLATFORM.id, user_id=DATA_PLATFORM.id, region=MAIN_REGION, service=COMPUTE,
    usage_type="BoxUsage:r5.xlarge", operation="RunInstances", kind="r5.xlarge", term_years=1, ends_in_days=65,
    hourly=12 * 0.159, upfront_share=0.0, utilization=0.60, noise=0.01, on_demand_rate=0.252, rate_share=0.159 / 0.252,
    count=12, teams=(("data", 1.0),),
)
DATABASE_RESERVATION = Commitment(
    id="ri-2025-orders",
    arn=f"arn:aws:rds:{MAIN_REGION}:{PROD.id}:ri:ri-2025-orders",
    owner_id=PROD.id, user_id=PROD.id, region=MAIN_REGION, service=RDS,
    usage_type="InstanceUsage:db.r5.large", operation="CreateDBInstance:0014", kind="db.r5.large", term_years=1,
    ends_in_days=165, hourly=4 * 0.164, upfront_share=1.0, utilization=0.995, noise=0.002, on_demand_rate=0.25,
    rate_share=0.164 / 0.25, count=4, teams=(("payments", 1.0),),
)
COMPUTE_PLAN = Commitment(
    id="c3d1a2b4-7e61-4f9a-8a53-0f6b1d2e9a01",
    arn=_plan_arn(MANAGEMENT.id, "c3d1a2b4-7e61-4f9a-8a53-0f6b1d2e9a01"),
    owner_id=MANAGEMENT.id, user_id=PROD.id, region=MAIN_REGION, service=COMPUTE,
    usage_type="BoxUsage:m5.xlarge", operation="RunInstances", kind="Compute", term_years=3, ends_in_days=595,
    hourly=4.2, upfront_share=0.0, utilization=0.98, noise=0.004, on_demand_rate=0.192, rate_share=0.57, count=0,
    teams=(("payments", 0.42), ("search", 0.33), ("growth", 0.15), ("", 0.10)),
)
ENDING_PLAN = Commitment(
    id="e7b9c0d1-2f34-4a6b-9c8d-7e6f5a4b3c02",
    arn=_plan_arn(PROD.id, "e7b9c0d1-2f34-4a6b-9c8d-7e6f5a4b3c02"),
    owner_id=PROD.id, user_id=PROD.id, region=SECOND_REGION, service=COMPUTE,
    usage_type="EUW1-BoxUsage:c5.2xlarge", operation="RunInstances", kind="EC2Instance", term_years=1, ends_in_days=20,
    hourly=1.6, upfront_share=0.5, utilization=0.94, noise=0.006, on_demand_rate=0.384, rate_share=0.66, count=0,
    teams=(("search", 0.7), ("platform", 0.3)),
)
COMMITMENTS = (IDLE_RESERVATION, DATABASE_RESERVATION, COMPUTE_PLAN, ENDING_PLAN)


def commitment_charges(seed: int, days: Days, anchor: int) -> Block:
    """All charges of all commitments, and the on-demand charges of what they covered once they have ended."""
    rows = [row for commitment in COMMITMENTS for row in _rows(commitment, seed, days, anchor)]
    return Block.of(rows, days.size)


def used_share(commitment: Commitment, seed: int, days: Days) -> Floats:
    """Share of the commitment that was used, day by day."""
    noise = gaussian(keys(seed, [commitment.id]), days)[0]
    share: Floats = np.clip(commitment.utilization + commitment.noise * noise, 0.0, 1.0)
    return share


def _rows(commitment: Commitment, seed: int, days: Days, anchor: int) -> Iterator[Row]:
    active = (days < anchor + commitment.ends_in_days).astype(np.float64)
    committed = commitment.hourly * 24.0 * active
    used = commitment.hourly * 24.0 * used_share(commitment, seed, days)
    hours = used / (commitment.on_demand_rate * commitment.rate_share)
    on_demand = hours * commitment.on_demand_rate
    nothing = np.zeros_like(used)
    for line, share in _user_lines(commitment):
        covered = replace(line, purchase_type=_purchase_type(commitment), commitment=commitment.arn)
        if commitment.is_reservation:
            discounted = replace(covered, record_type=RecordType.DISCOUNTED_USAGE)
            yield discounted, hours * active * share, nothing, used * active * share
        else:
            at_list = on_demand * active * share
            yield (replace(covered, record_type=RecordType.SP_COVERED_USAGE), hours * active * share, at_list,
                   used * active * share)
            yield replace(covered, record_type=RecordType.SP_NEGATION), nothing, -at_list, nothing
        yield line, hours * (1 - active) * share, on_demand * (1 - active) * share, on_demand * (1 - active) * share
    yield from _fee_rows(commitment, days, anchor, committed, committed - used * active)


def _fee_rows(commitment: Commitment, days: Days, anchor: int, committed: Floats, unused: Floats) -> Iterator[Row]:
    nothing = np.zeros_like(committed)
    recurring = committed * (1.0 - commitment.upfront_share)
    upfront = nothing.copy()
    for start in commitment.term_starts(anchor):
        upfront[days == start] = commitment.hourly * 24.0 * commitment.term_days * commitment.upfront_share
    fee = _fee_line(commitment)
    if commitment.is_reservation:
        yield fee, nothing, _booked_monthly(commitment, days, anchor), unused
        upfront_record = RecordType.FEE
    else:
        yield fee, committed / commitment.hourly, recurring, unused
        upfront_record = RecordType.SP_UPFRONT_FEE
    if commitment.upfront_share:
        yield replace(fee, record_type=upfront_record, hourly=False), nothing, upfront, nothing


def _booked_monthly(commitment: Commitment, days: Days, anchor: int) -> Floats:
    """The recurring fee of a reservation: each month's hours within a term, on the first of them."""
    booked = np.zeros(days.size)
    a_day = commitment.hourly * 24.0 * (1.0 - commitment.upfront_share)
    if not a_day:
        return booked
    for start in commitment.term_starts(anchor):
        for index, day in enumerate(days):
            if start <= day < start + commitment.term_days and (day == start or date.fromordinal(int(day)).day == 1):
                until = min(_next_month(int(day)), start + commitment.term_days)
                booked[index] += a_day * (until - day)
    return booked


def _user_lines(commitment: Commitment) -> Iterator[tuple[Line, float]]:
    for team, share in commitment.teams:
        yield Line(
            account_id=commitment.user_id, region=commitment.region, service=commitment.service,
            usage_type=commitment.usage_type, operation=commitment.operation, unit="Hrs", team=team,
            env="prod" if team else "", hourly=True,
        ), share


def _fee_line(commitment: Commitment) -> Line:
    if commitment.is_reservation:
        return Line(
            account_id=commitment.owner_id, region=commitment.region, service=commitment.service,
            usage_type=f"HeavyUsage:{commitment.kind}", operation=commitment.operation, unit="Hrs",
            record_type=RecordType.RI_FEE, purchase_type=_purchase_type(commitment), commitment=commitment.arn,
        )
    family = "ComputeSP" if commitment.kind == "Compute" else "EUW1-EC2SP:c5"
    payment = commitment.payment_option.replace(" ", "")
    return Line(
        account_id=commitment.owner_id, region=GLOBAL if commitment.kind == "Compute" else commitment.region,
        service=SAVINGS_PLANS, usage_type=f"{family}.{commitment.term_years}yr{payment}", operation="",
        unit="Hrs", record_type=RecordType.SP_RECURRING_FEE, hourly=True, purchase_type=_purchase_type(commitment),
        commitment=commitment.arn,
    )


def _purchase_type(commitment: Commitment) -> str:
    return "Standard Reserved Instances" if commitment.is_reservation else "Savings Plans"


def _next_month(day: int) -> int:
    first = date.fromordinal(day).replace(day=1)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal()
