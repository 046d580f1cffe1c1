"""What the invoice adds on the first of the month: tax and support on the month's charges, credits; and one refund."""

from __future__ import annotations

from datetime import date

import numpy as np

from bot.demo.aws.ledger_catalogue import EC2_OTHER
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats
from bot.demo.aws.organisation import (
    ACCOUNTS,
    DATA_PLATFORM,
    GLOBAL,
    MAIN_REGION,
    MANAGEMENT,
    NO_REGION,
)
from bot.demo.aws.record_types import USAGE_LIKE, RecordType

TAX_RATE = 0.08
SUPPORT_SERVICE = "AWS Support (Business)"
# Business support: share of the month's usage per step, and the least.
SUPPORT_STEPS = ((10_000.0, 0.10), (80_000.0, 0.07), (250_000.0, 0.05), (float("inf"), 0.03))
SUPPORT_MINIMUM = 100.0
CREDIT_MONTHLY = 400.0
CREDIT_MONTHS = 6
REFUND = 86.4
REFUND_DAYS_AGO = 37


def fixed_entries(days: Days, anchor: int) -> Block:
    """Credits of the last months and the one refund."""
    credit = Line(
        account_id=MANAGEMENT.id,
        region=NO_REGION,
        service="Amazon Elastic Compute Cloud - Compute",
        usage_type="NoUsageType",
        operation="",
        unit="",
        record_type=RecordType.CREDIT,
    )
    refund = Line(
        account_id=DATA_PLATFORM.id,
        region=MAIN_REGION,
        service=EC2_OTHER,
        usage_type="DataTransfer-Regional-Bytes",
        operation="InterZone-In",
        unit="GB",
        record_type=RecordType.REFUND,
        team="data",
        env="prod",
    )
    credits = np.array([-CREDIT_MONTHLY if _has_credit(int(day), anchor) else 0.0 for day in days])
    refunds = np.where(days == anchor - REFUND_DAYS_AGO, -REFUND, 0.0)
    nothing = np.zeros(days.size)
    return Block.of([(credit, nothing, credits, credits), (refund, nothing, refunds, refunds)], days.size)


def tax_and_support(block: Block, days: Days) -> Block:
    """Tax and the support fee of each month so far, from the charges known so far; both stand on its first day."""
    month_of = np.array([date.fromordinal(int(day)).replace(day=1).toordinal() for day in days])
    nothing = np.zeros(days.size)
    support = _support_fees(block, days, month_of)
    rows = [(_support_line(), nothing, support, support)]
    for account in ACCOUNTS:
        own = np.array([line.account_id == account.id for line in block.lines])
        taxable = np.maximum(block.unblended[own].sum(axis=0), 0.0)
        if account is MANAGEMENT:
            taxable = taxable + support
        tax = TAX_RATE * _by_month(taxable, days, month_of)
        rows.append((_tax_line(account.id), nothing, tax, tax))
    return Block.of(rows, days.size)


def _support_fees(block: Block, days: Days, month_of: Days) -> Floats:
    usage = np.array([line.record_type in USAGE_LIKE for line in block.lines])
    months = _by_month(block.unblended[usage].sum(axis=0), days, month_of)
    return np.array([_support_fee(float(amount)) if amount else 0.0 for amount in months])


def _support_fee(monthly_usage: float) -> float:
    fee, below = 0.0, 0.0
    for limit, share in SUPPORT_STEPS:
        fee += max(0.0, min(monthly_usage, limit) - below) * share
        below = limit
    return max(SUPPORT_MINIMUM, fee)


def _by_month(daily: Floats, days: Days, month_of: Days) -> Floats:
    """The sum of each month on its first day, 0 on the others; a month that began before the ledger has none."""
    booked = np.zeros(days.size)
    for index in np.flatnonzero(month_of == days):
        booked[index] = daily[month_of == days[index]].sum()
    return booked


def _has_credit(day: int, anchor: int) -> bool:
    on, start = date.fromordinal(day), date.fromordinal(anchor)
    months_ago = (start.year - on.year) * 12 + start.month - on.month
    return on.day == 1 and 0 <= months_ago < CREDIT_MONTHS


def _support_line() -> Line:
    return Line(
        account_id=MANAGEMENT.id,
        region=GLOBAL,
        service=SUPPORT_SERVICE,
        usage_type="Dollar",
        operation="",
        unit="Dollar",
        record_type=RecordType.SUPPORT,
    )


def _tax_line(account_id: str) -> Line:
    return Line(
        account_id=account_id,
        region=NO_REGION,
        service="Tax",
        usage_type="NoUsageType",
        operation="",
        unit="",
        record_type=RecordType.TAX,
    )
