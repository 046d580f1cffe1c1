"""Reservations and Savings Plans are booked as AWS books them, and both views of a term are the same dollars."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bot.demo.aws.commitments import (
    COMMITMENTS,
    COMPUTE_PLAN,
    DATABASE_RESERVATION,
    ENDING_PLAN,
    IDLE_RESERVATION,
    Commitment,
)
from bot.demo.aws.ledger import blended
from bot.demo.aws.ledger_commitments import commitment_charges
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.organisation import MAIN_REGION
from bot.demo.aws.record_types import RecordType
from tests.demo.aws.ledger_factories import TODAY, daily, days_ago, statement

ANCHOR = TODAY.toordinal()
RESERVATIONS = [one for one in COMMITMENTS if one.is_reservation]
PLANS = [one for one in COMMITMENTS if not one.is_reservation]


def charges(first: int, days: int) -> Block:
    return commitment_charges(7, np.arange(first, first + days, dtype=np.int64), ANCHOR)


def of(block: Block, commitment: Commitment, *records: RecordType) -> np.ndarray:
    return np.array(
        [line.commitment == commitment.arn and (not records or line.record_type in records) for line in block.lines]
    )


@pytest.mark.parametrize("commitment", COMMITMENTS, ids=lambda one: one.id[:8])
def test_unblended_and_amortized_are_the_same_dollars_over_a_whole_term(commitment: Commitment) -> None:
    start = commitment.term_starts(ANCHOR)[1]
    block = charges(start, commitment.term_days)
    own = of(block, commitment)

    assert block.unblended[own].sum() == pytest.approx(block.amortized[own].sum(), abs=0.01)
    assert block.amortized[own].sum() == pytest.approx(commitment.hourly * 24 * commitment.term_days, abs=0.01)


@pytest.mark.parametrize("commitment", COMMITMENTS, ids=lambda one: one.id[:8])
def test_amortized_cost_of_every_day_is_the_commitment(commitment: Commitment) -> None:
    block = charges(ANCHOR - 90, 80)

    assert block.amortized[of(block, commitment)].sum(axis=0) == pytest.approx(commitment.hourly * 24)


@pytest.mark.parametrize("plan", PLANS, ids=lambda one: one.id[:8])
def test_the_negation_takes_covered_usage_off_again_for_every_owner(plan: Commitment) -> None:
    block = charges(ANCHOR - 90, 80)
    covered = block.unblended[of(block, plan, RecordType.SP_COVERED_USAGE)]
    negated = block.unblended[of(block, plan, RecordType.SP_NEGATION)]

    assert (covered > 0).all()
    assert covered + negated == pytest.approx(0)
    assert not block.amortized[of(block, plan, RecordType.SP_NEGATION)].any()
    assert not block.quantity[of(block, plan, RecordType.SP_NEGATION)].any()


@pytest.mark.parametrize("reservation", RESERVATIONS, ids=lambda one: one.id[:8])
def test_reserved_usage_costs_nothing_unblended_and_its_share_of_the_fee_amortized(reservation: Commitment) -> None:
    block = charges(ANCHOR - 90, 80)
    used = of(block, reservation, RecordType.DISCOUNTED_USAGE)
    fee = of(block, reservation, RecordType.RI_FEE)

    assert not block.unblended[used].any()
    share = block.amortized[used].sum() / (block.amortized[used].sum() + block.amortized[fee].sum())
    assert share == pytest.approx(reservation.utilization, abs=0.005)


def test_the_monthly_fee_falls_on_the_first_and_covers_the_month() -> None:
    first = date(2026, 9, 1).toordinal()
    block = charges(first, 61)
    fee = block.unblended[of(block, IDLE_RESERVATION, RecordType.RI_FEE)].sum(axis=0)

    assert np.flatnonzero(fee).tolist() == [0, 30]
    assert fee[[0, 30]] == pytest.approx([IDLE_RESERVATION.hourly * 24 * 30, IDLE_RESERVATION.hourly * 24 * 31])


def test_an_upfront_fee_falls_on_one_day_and_never_counts_as_usage() -> None:
    found = statement()
    upfront = daily(found, record_type=RecordType.FEE)
    plan_upfront = daily(found, record_type=RecordType.SP_UPFRONT_FEE)

    assert [found.column(days_ago(200))] == np.flatnonzero(upfront).tolist()
    assert upfront.sum() == pytest.approx(DATABASE_RESERVATION.hourly * 8760)
    assert plan_upfront.sum() == pytest.approx(ENDING_PLAN.hourly * 8760 / 2)
    assert not daily(found, "AmortizedCost", record_type=RecordType.FEE).any()


def test_one_reservation_is_badly_used_and_one_plan_well() -> None:
    found = statement()

    def used(commitment: Commitment, record: RecordType) -> float:
        return float(daily(found, "AmortizedCost", commitment=commitment.arn, record_type=record)[-40:-10].sum())

    assert used(IDLE_RESERVATION, RecordType.DISCOUNTED_USAGE) == pytest.approx(
        0.60 * IDLE_RESERVATION.hourly * 24 * 30, rel=0.02
    )
    assert used(COMPUTE_PLAN, RecordType.SP_COVERED_USAGE) == pytest.approx(COMPUTE_PLAN.hourly * 24 * 30)


def test_what_the_ending_plan_covers_is_on_demand_from_its_end_in_twenty_days_on() -> None:
    block = charges(ANCHOR + 18, 4)
    covered = block.unblended[of(block, ENDING_PLAN, RecordType.SP_COVERED_USAGE)].sum(axis=0)
    same = np.array(
        [line.usage_type == ENDING_PLAN.usage_type and line.record_type is RecordType.USAGE for line in block.lines]
    )
    on_demand = block.unblended[same].sum(axis=0)

    assert (covered > 0).tolist() == [True, True, False, False]
    assert (on_demand > 0).tolist() == [False, False, True, True]
    assert on_demand[2] == pytest.approx(covered[1], rel=0.05)


def test_blended_rates_move_money_between_accounts_but_not_the_total() -> None:
    def hours(account_id: str, record: RecordType) -> Line:
        return Line(account_id, MAIN_REGION, IDLE_RESERVATION.service, IDLE_RESERVATION.usage_type, "", "Hrs", record)

    reserved, on_demand = hours("1", RecordType.DISCOUNTED_USAGE), hours("2", RecordType.USAGE)
    quantity, nothing = np.full(2, 24.0), np.zeros(2)
    block = Block.of([(reserved, 3 * quantity, nothing, nothing), (on_demand, quantity, quantity, quantity)], 2)

    assert blended(block).tolist() == [[18.0, 18.0], [6.0, 6.0]]
