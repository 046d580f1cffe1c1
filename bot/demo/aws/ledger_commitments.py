"""Reservations and Savings Plans: what they cost, what they cover, what of them is wasted.

As AWS books them. Reservation: covered usage costs nothing unblended, the fee falls on the first of the month (or all
of it upfront); amortised, the covered usage carries its share of the fee and the fee line only the unused rest.
Savings Plan: covered usage stands at its on-demand price and a negation takes it off again; the commitment is charged
by the hour; amortised, the covered usage carries the plan's rate and the fee line only the unused rest. Over a whole
term both views add up to the same dollars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from bot.demo.aws.commitments import COMMITMENTS, Commitment
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats, gaussian, keys
from bot.demo.aws.organisation import GLOBAL
from bot.demo.aws.record_types import RecordType

SAVINGS_PLANS = "Savings Plans for AWS Compute usage"

Row = tuple[Line, Floats, Floats, Floats]


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
            yield (
                replace(covered, record_type=RecordType.SP_COVERED_USAGE),
                hours * active * share,
                at_list,
                used * active * share,
            )
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
        yield (
            Line(
                account_id=commitment.user_id,
                region=commitment.region,
                service=commitment.service,
                usage_type=commitment.usage_type,
                operation=commitment.operation,
                unit="Hrs",
                team=team,
                env="prod" if team else "",
                hourly=True,
            ),
            share,
        )


def _fee_line(commitment: Commitment) -> Line:
    if commitment.is_reservation:
        return Line(
            account_id=commitment.owner_id,
            region=commitment.region,
            service=commitment.service,
            usage_type=f"HeavyUsage:{commitment.kind}",
            operation=commitment.operation,
            unit="Hrs",
            record_type=RecordType.RI_FEE,
            purchase_type=_purchase_type(commitment),
            commitment=commitment.arn,
        )
    family = "ComputeSP" if commitment.kind == "Compute" else f"EUW1-EC2SP:{commitment.family}"
    payment = commitment.payment_option.replace(" ", "")
    return Line(
        account_id=commitment.owner_id,
        region=GLOBAL if commitment.kind == "Compute" else commitment.region,
        service=SAVINGS_PLANS,
        usage_type=f"{family}.{commitment.term_years}yr{payment}",
        operation="",
        unit="Hrs",
        record_type=RecordType.SP_RECURRING_FEE,
        hourly=True,
        purchase_type=_purchase_type(commitment),
        commitment=commitment.arn,
    )


def _purchase_type(commitment: Commitment) -> str:
    return "Standard Reserved Instances" if commitment.is_reservation else "Savings Plans"


def _next_month(day: int) -> int:
    first = date.fromordinal(day).replace(day=1)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal()
